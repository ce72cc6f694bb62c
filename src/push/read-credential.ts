import { type Bytes, fromUtf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { keyMatches } from "../pki/signature.ts";

/**
 * A certificate with its private key that an administrator uploads: PEM text with both in any order, or a PKCS#12 file.
 * The callers check what the certificate is for.
 */
export type GivenCredential =
  | { form: "pem"; text: string; password: string | undefined }
  | { form: "pkcs12"; file: Bytes; password: string };

export type CredentialRefusal = {
  reason: "unreadable" | "wrong-password" | "mismatch";
  field: "certificate" | "private_key" | "pkcs12" | "password";
  detail: string;
};

export type CredentialParts = { certificate: Certificate; others: Certificate[]; pkcs8: Bytes };

/** The key of a certificate that was uploaded without one, if the server has it. */
export type KeptKey = (certificate: Certificate) => Promise<Bytes | undefined>;

export const readCredential = (
  given: GivenCredential,
  keptKey: KeptKey = async () => undefined,
): Promise<Result<CredentialParts, CredentialRefusal>> =>
  given.form === "pem" ? readText(given, keptKey) : readFile(given);

async function readText(
  { text, password }: { text: string; password: string | undefined },
  keptKey: KeptKey,
): Promise<Result<CredentialParts, CredentialRefusal>> {
  const blocks = readPem(text);
  const certificates: Certificate[] = [];
  for (const { label, der } of blocks) {
    if (label !== "CERTIFICATE") continue;
    const parsed = parseCertificate(der);
    if (!parsed.ok) return bad("unreadable", "certificate", parsed.refusal.detail);
    certificates.push(parsed.value);
  }
  if (certificates.length === 0)
    return bad("unreadable", "certificate", "no CERTIFICATE block in PEM was found");
  const { isPrivateKey, readPrivateKey } = await import("../pki/heavy/private-key.ts");
  const keys = blocks.filter(isPrivateKey);
  const [block] = keys;
  if (block === undefined) return withKeptKey(certificates, keptKey);
  if (keys.length > 1)
    return bad("unreadable", "private_key", `${keys.length} private keys were given; give exactly one`);
  const key = await readPrivateKey(block, password);
  if (!key.ok) return refuse(keyRefusal(key.refusal, "private_key"));
  for (const certificate of certificates)
    if (await keyMatches(key.value, certificate.spki)) return ok(parts(certificate, certificates, key.value));
  return bad("mismatch", "private_key", "it is not the key of this certificate; send the key of its request");
}

async function withKeptKey(
  certificates: Certificate[],
  keptKey: KeptKey,
): Promise<Result<CredentialParts, CredentialRefusal>> {
  for (const certificate of certificates) {
    const pkcs8 = await keptKey(certificate);
    if (pkcs8 !== undefined) return ok(parts(certificate, certificates, pkcs8));
  }
  return bad(
    "unreadable",
    "private_key",
    "no PRIVATE KEY block in PEM was found, and the server has no request for this certificate: send the key of its request with it",
  );
}

const parts = (certificate: Certificate, all: Certificate[], pkcs8: Bytes): CredentialParts => ({
  certificate,
  others: all.filter((other) => other !== certificate),
  pkcs8,
});

async function readFile({
  file,
  password,
}: {
  file: Bytes;
  password: string;
}): Promise<Result<CredentialParts, CredentialRefusal>> {
  const { readPkcs12 } = await import("../pki/heavy/pkcs12.ts");
  const read = await readPkcs12(file, password);
  if (!read.ok) return refuse(keyRefusal(read.refusal, "pkcs12"));
  const { credential, otherCertificates: others } = read.value;
  return ok({ ...credential, others });
}

function keyRefusal(
  refusal: { reason: string; detail?: string },
  field: "private_key" | "pkcs12",
): CredentialRefusal {
  switch (refusal.reason) {
    case "no-password":
      return { reason: "wrong-password", field: "password", detail: "is missing: the key is encrypted" };
    case "wrong-password":
      return { reason: "wrong-password", field: "password", detail: "does not open the key" };
    case "no-certificate-for-key":
      return { reason: "mismatch", field, detail: "its key does not belong to any of its certificates" };
    case "key-count":
      return { reason: "unreadable", field, detail: "it must have exactly one private key" };
    default:
      return { reason: "unreadable", field, detail: refusal.detail ?? refusal.reason };
  }
}

/** The certificates above a certificate, nearest first, including the root if it is given. */
export function chainAbove(certificate: Certificate, others: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  let below = certificate;
  for (;;) {
    const above = others.find(
      (other) => !chain.includes(other) && Buffer.compare(other.subject, below.issuer) === 0,
    );
    if (above === undefined) return chain;
    chain.push(above);
    below = above;
  }
}

export const isSelfIssued = ({ subject, issuer }: Certificate): boolean =>
  Buffer.compare(subject, issuer) === 0;

export function textOf(bytes: Bytes): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

const bad = (
  reason: CredentialRefusal["reason"],
  field: CredentialRefusal["field"],
  detail: string,
): { ok: false; refusal: CredentialRefusal } => refuse({ reason, field, detail });
