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
 * The vendor: an organisation with an "MDM CSR" certificate from Apple, which may sign requests for push certificates.
 *
 * The surprise: Apple's portal needs the complete chain with the root, and says only "signature verification failed" if a
 * part is missing or has expired. So that is checked here.
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
    return wrong("unfit", "Apple accepts only signatures of RSA keys");
  const top = chain.at(-1) ?? certificate;
  if (!isSelfIssued(top) || chain.length < 2)
    return wrong("chain", `its chain ends at ${top.subjectText} (issued by another); ${whereToGet}`);
  const ended = chain.find(({ notAfter }) => notAfter <= now);
  if (ended !== undefined)
    return wrong("expired", `${ended.subjectText} expired on ${new Date(ended.notAfter).toISOString()}`);
  for (const [index, above] of chain.slice(1).entries())
    if (!(await isIssuedBy(chain[index] as Certificate, above)))
      return wrong("chain", `${above.subjectText} did not sign the certificate below it; ${whereToGet}`);
  return ok({ chain, pkcs8 });
}

// Only signatures are checked: Apple marks its own extensions as critical, and Apple itself checks this chain.
async function isIssuedBy(certificate: Certificate, above: Certificate): Promise<boolean> {
  const { viewCertificate } = await import("../pki/libraries/view-certificate.ts");
  const [view, viewAbove] = await Promise.all([certificate, above].map(({ der }) => viewCertificate(der)));
  if (!view?.ok || !viewAbove?.ok) return false;
  return view.value.isIssuedBy(viewAbove.value, { allowSha1: true });
}
