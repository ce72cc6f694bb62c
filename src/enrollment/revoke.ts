import { type CertificateRow, markRevoked } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import { forgetRevocationLists } from "./revocation-list.ts";
import { forgetVerdict } from "./vouch.ts";

/**
 * Takes an identity back. The directory first, so that nobody vouches anew; then its device's object, so that the next
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
  const row = await markRevoked(openDb(env.DB), fingerprint, reason, now);
  forgetVerdict(fingerprint);
  forgetRevocationLists();
  if (row?.deviceId) await env.DEVICE.getByName(row.deviceId).identityRevoked(fingerprint);
  return row;
}
