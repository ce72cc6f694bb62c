import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Certificate, Credential, KeyUsage } from "../certificate.ts";
import { type ChainRefusal, checkValidity, findChain } from "../chain.ts";
import type { MalformedRefusal } from "../der.ts";
import { keyShape } from "../keys.ts";
import { parseCertificate } from "../parse-certificate.ts";
import { type PemBlock, readPem } from "../pem.ts";
import { keyMatches } from "../signature.ts";
import { isPrivateKey, type PrivateKeyRefusal, readPrivateKey } from "./private-key.ts";

// An administrator's own authority: its certificate, its chain and its key as PEM, and whether devices would accept it.
// One surprise: an authority may lawfully lack digitalSignature and keyEncipherment, and is refused all the same,
// because macOS ends a SCEP exchange with it in an error that names nothing.

export type AuthorityImport = { credential: Credential; chain: Certificate[] };

export type AuthorityRefusal =
  | MalformedRefusal
  | PrivateKeyRefusal
  | { reason: "keyCount"; count: number }
  | { reason: "noCertificateForKey"; certificates: number }
  | { reason: "notRsa"; detail: string }
  | { reason: "weakKey"; bits: number }
  | { reason: "notAnAuthority"; subject: string }
  | { reason: "missingKeyUsage"; missing: KeyUsage[] }
  | { reason: "notYetValid"; notBefore: number }
  | { reason: "expired"; notAfter: number }
  | { reason: "brokenChain"; cause: ChainRefusal };

const requiredUsages: readonly KeyUsage[] = ["digitalSignature", "keyEncipherment", "keyCertSign", "cRLSign"];

/** `pem` holds certificates and one key, in any order; the password is for an encrypted key. */
export async function importAuthority(
  pem: string,
  password: string | undefined,
  now: number,
): Promise<Result<AuthorityImport, AuthorityRefusal>> {
  const blocks = readPem(pem);
  const certificates = readCertificates(blocks);
  if (!certificates.ok) return certificates;
  const keys = blocks.filter(isPrivateKey);
  const [block] = keys;
  if (!block || keys.length > 1) return refuse({ reason: "keyCount", count: keys.length });
  const key = readPrivateKey(block, password);
  if (!key.ok) return key;
  const certificate = await ownerOf(key.value, certificates.value);
  if (!certificate) return refuse({ reason: "noCertificateForKey", certificates: certificates.value.length });
  const others = certificates.value.filter((other) => other !== certificate);
  return checkAuthority({ certificate, pkcs8: key.value }, others, now);
}

function readCertificates(blocks: readonly PemBlock[]): Result<Certificate[], MalformedRefusal> {
  const certificates: Certificate[] = [];
  for (const { label, der } of blocks) {
    if (label !== "CERTIFICATE") continue;
    const parsed = parseCertificate(der);
    if (!parsed.ok) return parsed;
    certificates.push(parsed.value);
  }
  return ok(certificates);
}

async function ownerOf(pkcs8: Bytes, certificates: readonly Certificate[]): Promise<Certificate | undefined> {
  for (const certificate of certificates) if (await keyMatches(pkcs8, certificate.spki)) return certificate;
  return undefined;
}

/** The same for a key and certificates that came in a PKCS#12 file; that they match is known. */
export async function checkAuthority(
  credential: Credential,
  others: readonly Certificate[],
  now: number,
): Promise<Result<AuthorityImport, AuthorityRefusal>> {
  const { certificate } = credential;
  const shape = keyShape(certificate.spki);
  if (!shape.ok || shape.value.kind !== "rsa")
    return refuse({ reason: "notRsa", detail: shape.ok ? shape.value.kind : shape.refusal.detail });
  if (shape.value.bits < 2048) return refuse({ reason: "weakKey", bits: shape.value.bits });
  if (!certificate.isCa) return refuse({ reason: "notAnAuthority", subject: certificate.subjectText });
  const missing = requiredUsages.filter((usage) => !certificate.keyUsage?.has(usage));
  if (missing.length > 0) return refuse({ reason: "missingKeyUsage", missing });
  const validity = checkValidity(certificate, now);
  if (!validity.ok) return validity;
  return withChain(credential, others);
}

/** The certificates above it, nearest first. A chain that ends early is taken as it is; one that does not hold is not. */
async function withChain(
  credential: Credential,
  others: readonly Certificate[],
): Promise<Result<AuthorityImport, AuthorityRefusal>> {
  const chain: Certificate[] = [];
  let below = credential.certificate;
  while (Buffer.compare(below.issuer, below.subject) !== 0) {
    const anchors = others.filter((other) => !chain.includes(other));
    const found = await findChain(below, { anchors, allowSha1: true, purpose: "any" });
    if (!found.ok) {
      if (found.refusal.reason === "unknownIssuer") break;
      return refuse({ reason: "brokenChain", cause: found.refusal });
    }
    below = found.value.path[1] as Certificate;
    chain.push(below);
  }
  return ok({ credential, chain });
}
