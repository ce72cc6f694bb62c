import { type CertificateRow, markRevoked } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import { condemnsRenewals, harmlessReason } from "./condemns.ts";
import { forgetRevocationLists } from "./revocation-list.ts";

/**
 * Takes an identity back, and with cause all that it was renewed by. The directory first, so that nobody vouches anew; then its device's object, so that the next
 * request is refused whatever is cached. If the object cannot be told the call fails, and can be repeated.
 *
 * undefined: there is no such certificate.
 */
export async function revokeCertificate(
  env: Env,
  fingerprint: string,
  reason: string,
  now: number,
): Promise<CertificateRow | undefined> {
  const revocation = { reason, harmless: harmlessReason, line: condemnsRenewals(reason) };
  const row = await markRevoked(openDb(env.DB), fingerprint, revocation, now);
  forgetRevocationLists();
  if (row?.deviceId) await env.DEVICE.getByName(row.deviceId).identityRevoked(fingerprint, reason);
  return row;
}
