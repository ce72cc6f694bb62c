import type { Vendor } from "../apns/certificate-request.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { privateKeyShape } from "../pki/keys.ts";
import {
  type CredentialRefusal,
  chainAbove,
  type GivenCredential,
  isSelfIssued,
  readCredential,
} from "./read-credential.ts";

/**
 * The vendor: whoever has an "MDM CSR" certificate of Apple's, and so may sign requests for push certificates.
 *
 * The surprise: Apple's portal wants the whole chain, root and all, and says only "signature verification failed" when a
 * part of it is missing or has expired. So that is looked at here.
 */
export type VendorRefusal = {
  reason: CredentialRefusal["reason"] | "chain" | "expired" | "unfit";
  field: CredentialRefusal["field"];
  detail: string;
};

const whereToGet =
  "add Apple's intermediate (https://www.apple.com/certificateauthority/AppleWWDRCAG3.cer) and root (https://www.apple.com/appleca/AppleIncRootCertificate.cer) as PEM";

export async function readVendor(
  given: GivenCredential,
  now: number,
): Promise<Result<Vendor, VendorRefusal>> {
  const parts = await readCredential(given);
  if (!parts.ok) return parts;
  const { certificate, others, pkcs8 } = parts.value;
  const chain = [certificate, ...chainAbove(certificate, others)];
  const wrong = (reason: VendorRefusal["reason"], detail: string) =>
    refuse({ reason, field: "certificate" as const, detail });

  const shape = privateKeyShape(pkcs8);
  if (!shape.ok || shape.value.kind !== "rsa")
    return wrong("unfit", "Apple takes signatures of RSA keys alone");
  const top = chain.at(-1) ?? certificate;
  if (!isSelfIssued(top) || chain.length < 2)
    return wrong("chain", `its chain ends at ${top.subjectText} (issued by another); ${whereToGet}`);
  const ended = chain.find(({ notAfter }) => notAfter <= now);
  if (ended !== undefined)
    return wrong("expired", `${ended.subjectText} expired on ${new Date(ended.notAfter).toISOString()}`);
  for (const [index, above] of chain.slice(1).entries())
    if (!(await isIssuedBy(chain[index] as Certificate, above)))
      return wrong("chain", `${above.subjectText} is not who signed the certificate below it; ${whereToGet}`);
  return ok({ chain, pkcs8 });
}

// No rule of X.509 beyond the signature: Apple marks extensions of its own as critical, and Apple judges this chain.
async function isIssuedBy(certificate: Certificate, above: Certificate): Promise<boolean> {
  const { viewCertificate } = await import("../pki/libraries/view-certificate.ts");
  const [view, viewAbove] = await Promise.all([certificate, above].map(({ der }) => viewCertificate(der)));
  if (!view?.ok || !viewAbove?.ok) return false;
  return view.value.isIssuedBy(viewAbove.value, { allowSha1: true });
}
