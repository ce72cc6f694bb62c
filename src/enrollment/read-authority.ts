import { type Bytes, toBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { NewAuthorityRow } from "../db/authorities.ts";
import type { Certificate, KeyUsage } from "../pki/certificate.ts";
import type { MalformedRefusal } from "../pki/der/malformed.ts";
import type { PrivateKeyRefusal } from "../pki/heavy/private-key.ts";
import type { CertificateView } from "../pki/libraries/view-certificate.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { keyMatches } from "../pki/signature.ts";

/**
 * An authority that an administrator uploads: PEM text, checked against the requirements of Apple devices and SCEP.
 *
 * One surprise: the authority itself needs digitalSignature and keyEncipherment. It signs SCEP answers, and clients
 * encrypt to it. macOS refuses one without these key usages, long after the import seemed to succeed.
 */
export type AuthorityText = {
  certificate: string;
  privateKey?: string | undefined;
  privateKeyPassword?: string | undefined;
  chain?: string | undefined;
};

/** `pkcs8` is undefined for an authority that is only trusted. */
export type ReadAuthority = {
  row: Omit<NewAuthorityRow, "sealedKey" | "createdAt">;
  pkcs8: Bytes | undefined;
};

export type AuthorityRefusal = {
  reason: "unreadable" | "unfit" | "mismatch";
  field: "certificate" | "private_key" | "chain";
  detail: string;
};

const issuerUsages: readonly KeyUsage[] = ["digitalSignature", "keyEncipherment", "keyCertSign", "cRLSign"];
const smallestRsaBits = 2048;
const largestRsaBits = 4096;

export async function readAuthority(
  text: AuthorityText,
  now: number,
): Promise<Result<ReadAuthority, AuthorityRefusal>> {
  const certificates = readCertificates(`${text.certificate}\n${text.chain ?? ""}`);
  if (!certificates.ok) return certificates;
  const [certificate, ...chain] = certificates.value;
  if (!certificate) return bad("unreadable", "certificate", "no CERTIFICATE block in PEM was found");
  const pkcs8 =
    text.privateKey === undefined ? undefined : await readKey(text.privateKey, text.privateKeyPassword);
  if (pkcs8 && !pkcs8.ok) return pkcs8;
  const seen = await viewOf(certificate);
  if (!seen.ok) return bad("unreadable", "certificate", seen.refusal.detail);
  const view = seen.value;
  const unfit =
    unfitAuthority(certificate, view, now) ??
    (pkcs8 && (unfitIssuer(view) ?? (await mismatch(certificate, pkcs8.value)))) ??
    (await brokenChain(certificate, chain));
  if (unfit) return refuse(unfit);
  return ok({
    row: {
      id: authorityId(view.fingerprint),
      fingerprint: view.fingerprint,
      certificate: toBase64(certificate.der),
      chain: chain.map(({ der }) => toBase64(der)),
      subject: certificate.subjectText,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
    },
    pkcs8: pkcs8?.value,
  });
}

async function viewOf({ der }: Certificate): Promise<Result<CertificateView, MalformedRefusal>> {
  const { viewCertificate } = await import("../pki/libraries/view-certificate.ts");
  return viewCertificate(der);
}

const authorityId = (name: string): string => name.slice(0, 16);

function readCertificates(text: string): Result<Certificate[], AuthorityRefusal> {
  const certificates: Certificate[] = [];
  for (const { label, der } of readPem(text)) {
    if (label !== "CERTIFICATE") continue;
    const parsed = parseCertificate(der);
    if (!parsed.ok) {
      const field = certificates.length === 0 ? "certificate" : "chain";
      return bad("unreadable", field, `certificate ${certificates.length + 1}: ${parsed.refusal.detail}`);
    }
    certificates.push(parsed.value);
  }
  return ok(certificates);
}

/** In any format from openssl or a former MDM. Reading those needs code that only administrators use. */
async function readKey(text: string, password: string | undefined): Promise<Result<Bytes, AuthorityRefusal>> {
  const block = readPem(text).find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (!block) return bad("unreadable", "private_key", "no PRIVATE KEY block in PEM was found");
  const { readPrivateKey } = await import("../pki/heavy/private-key.ts");
  const read = await readPrivateKey(block, password);
  return read.ok
    ? read
    : bad("unreadable", "private_key", keyTrouble[read.refusal.reason] ?? read.refusal.reason);
}

const keyTrouble: Partial<Record<PrivateKeyRefusal["reason"], string>> = {
  "no-password": "the key is encrypted; send private_key_password as well",
  "wrong-password": "private_key_password does not decrypt the key",
};

function unfitAuthority(
  { notAfter }: Certificate,
  { isAuthority, usages }: CertificateView,
  now: number,
): AuthorityRefusal | undefined {
  if (!isAuthority) return unfit("it is not an authority: basicConstraints does not have cA");
  if (usages && !usages.has("keyCertSign")) return unfit("its key usage lacks keyCertSign");
  if (notAfter <= now) return unfit(`it expired on ${new Date(notAfter).toISOString()}`);
  return undefined;
}

function unfitIssuer({ key, usages }: CertificateView): AuthorityRefusal | undefined {
  if (key.kind !== "rsa") return unfit("its key is not RSA, which SCEP needs to encrypt to it");
  if (key.bits < smallestRsaBits || key.bits > largestRsaBits)
    return unfit(`its RSA key has ${key.bits} bits, not ${smallestRsaBits} to ${largestRsaBits}`);
  const lacking = issuerUsages.filter((usage) => !usages?.has(usage));
  return lacking.length > 0 ? unfit(`its key usage lacks ${lacking.join(", ")}`) : undefined;
}

const unfit = (detail: string): AuthorityRefusal => ({ reason: "unfit", field: "certificate", detail });

async function mismatch({ spki }: Certificate, pkcs8: Bytes): Promise<AuthorityRefusal | undefined> {
  if (await keyMatches(pkcs8, spki)) return undefined;
  return { reason: "mismatch", field: "private_key", detail: "it is not the key of this certificate" };
}

async function brokenChain(
  certificate: Certificate,
  chain: readonly Certificate[],
): Promise<AuthorityRefusal | undefined> {
  let below = certificate;
  for (const above of chain) {
    const [view, viewAbove] = await Promise.all([viewOf(below), viewOf(above)]);
    if (!view.ok || !viewAbove.ok || !(await view.value.isIssuedBy(viewAbove.value)))
      return {
        reason: "mismatch",
        field: "chain",
        detail: `${above.subjectText} did not issue ${below.subjectText}; order the chain from the authority up`,
      };
    below = above;
  }
  return undefined;
}

const bad = (
  reason: AuthorityRefusal["reason"],
  field: AuthorityRefusal["field"],
  detail: string,
): { ok: false; refusal: AuthorityRefusal } => refuse({ reason, field, detail });
