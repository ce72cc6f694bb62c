import { serviceConfigCall, userCall } from "../apps-and-books/calls.ts";
import { invitationLink } from "../apps-and-books/limits.ts";
import type { NewContentUser } from "../apps-and-books/user.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { ContentLocationRow } from "../db/content-locations.ts";
import { type ContentUserRow, findUser, putUser, retireUser } from "../db/content-users.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { clientOf } from "./location.ts";
import type { LocationRefusal } from "./manage-locations.ts";
import { openLocation } from "./object.ts";

/** People of a location: what Apple should know of them is written down, and the location's object tells Apple. */
export const changeUser = (
  env: Env,
  row: ContentLocationRow,
  user: NewContentUser,
  now: number,
): Promise<Result<ContentUserRow, LocationRefusal>> =>
  write(env, row, user.clientUserId, putUser(openDb(env.DB), row.name, user, now));

export const removeUser = (
  env: Env,
  row: ContentLocationRow,
  { clientUserId }: ContentUserRow,
  now: number,
): Promise<Result<ContentUserRow, LocationRefusal>> =>
  write(env, row, clientUserId, retireUser(openDb(env.DB), row.name, clientUserId, now));

async function write(
  env: Env,
  row: ContentLocationRow,
  clientUserId: string,
  change: Statement,
): Promise<Result<ContentUserRow, LocationRefusal>> {
  if (row.rival)
    return refuse({
      reason: "managed-elsewhere",
      detail: `${row.name} is managed by ${row.rival.name} (${row.rival.metadata}) now, so nothing is written: take it over first`,
      by: row.rival,
    });
  const db = openDb(env.DB);
  await applyTogether(db, [change]);
  await openLocation(env, row.name).wake(true);
  const written = await findUser(db, row.name, clientUserId);
  if (!written) throw new Error(`the user ${clientUserId} of ${row.name} was removed while it was written`);
  return ok(written);
}

/** The link by which a user accepts: Apple is asked each time, for it is a secret of the user's. undefined: there is none. */
export async function invitationOf(
  env: Env,
  row: ContentLocationRow,
  clientUserId: string,
): Promise<Result<string | undefined, LocationRefusal>> {
  const client = await clientOf(env, row);
  const found = await client.call(userCall(clientUserId));
  if (!found.ok) return refuse({ reason: "not-proven", apple: found.refusal });
  const code = found.value.user?.inviteCode;
  if (code === undefined) return ok(undefined);
  const service = await client.call(serviceConfigCall());
  if (!service.ok) return refuse({ reason: "not-proven", apple: service.refusal });
  const { invitationUrl } = service.value;
  return ok(invitationUrl && invitationLink(invitationUrl, code));
}
