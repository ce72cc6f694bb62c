import type { AdeProfile } from "../ade/profile.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { findDefinition, lastVersion, putProfile } from "../db/ade-profiles.ts";
import { openDb } from "../db/open.ts";
import { openServer } from "./object.ts";

/**
 * The name of the profile that Apple knows by a UUID. One that another tool defined is read from Apple and kept here
 * under a name made of its UUID, so that rules can give it and its versions are counted.
 */
export async function adoptProfile(
  env: Env,
  account: string,
  profileUuid: string,
  by: string,
  now: number,
): Promise<Result<string, { detail: string }>> {
  const db = openDb(env.DB);
  const known = await findDefinition(db, account, profileUuid);
  if (known) return ok(known.name);
  const told = await openServer(env, account).profileAtApple(profileUuid);
  if (!told.ok) return refuse({ detail: told.refusal.detail });
  const { profile_uuid: _, ...value } = told.value;
  const { profile_name, url } = value;
  if (profile_name === undefined || url === undefined)
    return refuse({ detail: `Apple tells neither name nor URL of the profile ${profileUuid}` });
  const name = `defined-${profileUuid.toLowerCase()}`;
  const version = (await lastVersion(db, name)) + 1;
  const row = {
    name,
    version,
    value: { ...value, profile_name, url } as AdeProfile,
    createdAt: now,
    createdBy: by,
  };
  await putProfile(db, row, [{ account, profileUuid, name, version, definedAt: now }]);
  return ok(name);
}
