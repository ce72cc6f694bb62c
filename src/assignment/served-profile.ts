import type { Bytes } from "../base/bytes.ts";
import { findDeclarations } from "../db/declarations.ts";
import { openDb } from "../db/open.ts";
import { findProfile } from "../db/profiles.ts";
import { findVariableFacts } from "../db/variable-facts.ts";
import { type Payload, wrappedProfile } from "../declarations/server-filled.ts";
import { deliverProfile } from "./deliver-profile.ts";
import { profileDigest } from "./profile-digest.ts";
import { renderProfile } from "./render-profile.ts";

/** A declaration of one channel of a device. */
export type DeclaredFor = { userId: string; identifier: string };

/**
 * The profile that one of these declarations wraps, as its channel gets it, if it still is the one of that digest. When
 * the library has another one by now, the device is about to be told of another declaration.
 */
export async function findServedProfile(
  env: Env,
  deviceId: string,
  declared: readonly DeclaredFor[],
  digest: string,
  now: number,
): Promise<Bytes | undefined> {
  const db = openDb(env.DB);
  const rows = await findDeclarations(
    db,
    declared.map(({ identifier }) => identifier),
  );
  for (const { userId, identifier } of declared) {
    const row = rows.find((one) => one.identifier === identifier);
    const wrapped = row && wrappedProfile(row.type, row.payload as Payload);
    const profile = wrapped === undefined ? undefined : await findProfile(db, wrapped);
    const facts = profile && (await findVariableFacts(db, deviceId, userId));
    if (!profile || !facts) continue;
    const present = await profileDigest(profile, facts);
    if (!present.ok || present.value !== digest) continue;
    const rendered = await renderProfile(env, profile, facts);
    const delivered = rendered.ok ? await deliverProfile(env, rendered.value, {}, now) : undefined;
    if (delivered?.ok) return delivered.value;
  }
  return undefined;
}
