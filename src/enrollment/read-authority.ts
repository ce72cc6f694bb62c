import { type Bytes, toBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { NewAuthorityRow } from "../db/authorities.ts";
import type { Certificate, KeyUsage } from "../pki/certificate.ts";
import type { PrivateKeyRefusal } from "../pki/heavy/private-key.ts";
import { keyShape, privateKeyShape } from "../pki/keys.ts";
import { fingerprint, parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { verifySignature } from "../pki/signature.ts";

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
  const unfit =
    unfitAuthority(certificate, now) ??
    (pkcs8 && (unfitIssuer(certificate) ?? mismatch(certificate, pkcs8.value))) ??
    (await brokenChain(certificate, chain));
  if (unfit) return refuse(unfit);
  const name = await fingerprint(certificate.der);
  return ok({
    row: {
      id: authorityId(name),
      fingerprint: name,
      certificate: toBase64(certificate.der),
      chain: chain.map(({ der }) => toBase64(der)),
      subject: certificate.subjectText,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
    },
    pkcs8: pkcs8?.value,
  });
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
  const read = readPrivateKey(block, password);
  return read.ok
    ? read
    : bad("unreadable", "private_key", keyTrouble[read.refusal.reason] ?? read.refusal.reason);
}

const keyTrouble: Partial<Record<PrivateKeyRefusal["reason"], string>> = {
  "no-password": "the key is encrypted; send private_key_password as well",
  "wrong-password": "private_key_password does not decrypt the key",
};

function unfitAuthority(certificate: Certificate, now: number): AuthorityRefusal | undefined {
  const unfit = (detail: string): AuthorityRefusal => ({ reason: "unfit", field: "certificate", detail });
  if (!certificate.isCa) return unfit("it is not an authority: basicConstraints does not have cA");
  if (certificate.keyUsage && !certificate.keyUsage.has("keyCertSign"))
    return unfit("its key usage lacks keyCertSign");
  if (certificate.notAfter <= now)
    return unfit(`it expired on ${new Date(certificate.notAfter).toISOString()}`);
  return undefined;
}

function unfitIssuer(certificate: Certificate): AuthorityRefusal | undefined {
  const unfit = (detail: string): AuthorityRefusal => ({ reason: "unfit", field: "certificate", detail });
  const shape = keyShape(certificate.spki);
  if (!shape.ok) return unfit(shape.refusal.detail);
  if (shape.value.kind !== "rsa") return unfit("its key is not RSA, which SCEP needs to encrypt to it");
  if (shape.value.bits < smallestRsaBits || shape.value.bits > largestRsaBits)
    return unfit(`its RSA key has ${shape.value.bits} bits, not ${smallestRsaBits} to ${largestRsaBits}`);
  const lacking = issuerUsages.filter((usage) => !certificate.keyUsage?.has(usage));
  return lacking.length > 0 ? unfit(`its key usage lacks ${lacking.join(", ")}`) : undefined;
}

function mismatch(certificate: Certificate, pkcs8: Bytes): AuthorityRefusal | undefined {
  const wrong = (reason: "unreadable" | "mismatch", detail: string): AuthorityRefusal => ({
    reason,
    field: "private_key",
    detail,
  });
  const [ours, theirs] = [privateKeyShape(pkcs8), keyShape(certificate.spki)];
  if (!ours.ok) return wrong("unreadable", ours.refusal.detail);
  const belongs =
    ours.value.kind === "rsa" &&
    theirs.ok &&
    theirs.value.kind === "rsa" &&
    Buffer.compare(ours.value.modulus, theirs.value.modulus) === 0;
  return belongs ? undefined : wrong("mismatch", "it is not the key of this certificate");
}

async function brokenChain(
  certificate: Certificate,
  chain: readonly Certificate[],
): Promise<AuthorityRefusal | undefined> {
  let below = certificate;
  for (const above of chain) {
    const { signatureAlgorithm: algorithm, signatureParameters: parameters, signature, tbs: data } = below;
    const signed = await verifySignature({
      algorithm: { algorithm, parameters },
      spki: above.spki,
      signature,
      data,
    });
    if (Buffer.compare(below.issuer, above.subject) !== 0 || !signed.ok)
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
