import { findCertificate } from "../../db/certificates.ts";
import { openDb } from "../../db/open.ts";
import { revokeCertificate } from "../revoke.ts";

/** False: it is already revoked, or not known. */
export async function revokeOnce(
  env: Env,
  fingerprint: string,
  reason: string,
  now: number,
): Promise<boolean> {
  const row = await findCertificate(openDb(env.DB), fingerprint);
  if (!row || row.revokedAt !== null) return false;
  await revokeCertificate(env, fingerprint, reason, now);
  return true;
}
