import { deviceChanged } from "../db/assignment-changes.ts";
import { type CertificateRow, markRevoked } from "../db/certificates.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { condemnsRenewals, harmlessReason } from "./condemns.ts";
import { forgetRevocationLists } from "./revocation-list.ts";

/**
 * Revokes an identity, and for cause also all its renewals. First in the directory, so that it is not accepted again; then
 * in its device's object, so that the next request is refused in spite of caches. If the object does not answer, the call
 * fails and can be repeated.
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
  // Its device should get another one, if it still has the asset.
  if (row?.use && row.deviceId)
    await applyTogether(openDb(env.DB), [deviceChanged(openDb(env.DB), row.deviceId, { now })]);
  else if (row?.deviceId) await env.DEVICE.getByName(row.deviceId).identityRevoked(fingerprint, reason);
  return row;
}
