import { defineProfileCall } from "../ade/calls.ts";
import type { AdeClient } from "../ade/client.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import { ok, type Result } from "../base/result.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import { addDefinition, definedProfiles, findProfile } from "../db/ade-profiles.ts";
import { openDb } from "../db/open.ts";

/** The UUID of a profile's present version in an account; Apple is told of it where it does not know it yet. */
export async function defineWhereNeeded(
  env: Env,
  { name: account }: AdeAccountRow,
  client: AdeClient,
  profile: string,
  now: number,
): Promise<Result<string | undefined, AdeRefusal>> {
  const db = openDb(env.DB);
  const known = (await definedProfiles(db, account)).get(profile);
  if (known !== undefined) return ok(known);
  const row = await findProfile(db, profile);
  if (!row) return ok(undefined);
  const defined = await client.call(defineProfileCall(row.value));
  if (!defined.ok) return defined;
  const { profile_uuid: profileUuid } = defined.value;
  await addDefinition(db, { account, profileUuid, name: profile, version: row.version, definedAt: now });
  return ok(profileUuid);
}
