import { toBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import {
  deleteSigningCertificate,
  putSigningCertificate,
  type SigningCertificateRow,
} from "../db/signing-certificates.ts";
import type { Certificate, Credential } from "../pki/certificate.ts";
import type { CertificateView } from "../pki/libraries/view-certificate.ts";
import { sealText } from "../pki/seal.ts";
import { signingKeyContext } from "../pki/seal-contexts.ts";
import { forgetProfileSigner } from "./sign-profile.ts";

/**
 * Certificates that sign profiles. With one that devices already trust, a profile that people install by hand shows as
 * "Verified". Without one, the issuing authority signs.
 */
export type SigningUpload = Credential & { chain: readonly Certificate[] };

export type SigningRefusal = { reason: "unfit" | "expired" | "not-yet-valid"; detail: string };

const smallestRsaBits = 2048;

export async function addSigningCertificate(
  env: Env,
  { certificate, chain, pkcs8 }: SigningUpload,
  now: number,
): Promise<Result<{ row: SigningCertificateRow; added: boolean }, SigningRefusal>> {
  const { viewCertificate } = await import("../pki/libraries/view-certificate.ts");
  const view = await viewCertificate(certificate.der);
  if (!view.ok) return refuse({ reason: "unfit", detail: view.refusal.detail });
  const unfit = unfitness(certificate, view.value, now);
  if (unfit) return refuse(unfit);
  const name = view.value.fingerprint;
  const id = name.slice(0, 16);
  const row: SigningCertificateRow = {
    id,
    fingerprint: name,
    certificate: toBase64(certificate.der),
    chain: chain.map(({ der }) => toBase64(der)),
    subject: certificate.subjectText,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    sealedKey: await sealText(await sealingKeys(env), signingKeyContext(id), pkcs8),
    uploadedAt: now,
    warned: "nothing",
  };
  const added = await putSigningCertificate(openDb(env.DB), row);
  forgetProfileSigner();
  return ok({ row, added });
}

export async function removeSigningCertificate(env: Env, id: string): Promise<boolean> {
  const gone = await deleteSigningCertificate(openDb(env.DB), id);
  forgetProfileSigner();
  return gone;
}

function unfitness(
  { notBefore, notAfter }: Certificate,
  { usages, key }: CertificateView,
  now: number,
): SigningRefusal | undefined {
  if (notAfter <= now)
    return { reason: "expired", detail: `it expired on ${new Date(notAfter).toISOString()}` };
  if (notBefore > now)
    return { reason: "not-yet-valid", detail: `it is valid from ${new Date(notBefore).toISOString()}` };
  if (usages && !usages.has("digitalSignature"))
    return { reason: "unfit", detail: "its key usage lacks digitalSignature" };
  if (key.kind === "other") return { reason: "unfit", detail: `its key is of the kind ${key.name}` };
  if (key.kind === "rsa" && key.bits < smallestRsaBits)
    return { reason: "unfit", detail: `its RSA key has ${key.bits} bits, less than ${smallestRsaBits}` };
  return undefined;
}
