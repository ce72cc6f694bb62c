import { ok, type Result, refuse } from "../base/result.ts";
import { type InvitationRow, useInvitation } from "../db/invitations.ts";
import { openDb } from "../db/open.ts";
import { type Ended, readInvitation } from "./invitations.ts";

/** An invitation's code in place of a sign-in: each use of it is one sign-in of the person it names. */
export async function redeemCode(
  env: Env,
  code: string,
  now: number,
): Promise<Result<InvitationRow, { reason: Ended }>> {
  const db = openDb(env.DB);
  const read = await readInvitation(db, code, now);
  if (!read.ok) return read;
  const used = await useInvitation(db, read.value.id, now);
  return used === undefined ? refuse({ reason: "used-up" }) : ok(used);
}
