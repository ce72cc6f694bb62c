import { fromBase64 } from "../base/bytes.ts";
import { makeMarker, opensMarker } from "../pki/marker.ts";
import { masterKeys } from "../pki/master.ts";
import { idsOf, keyIdOf, type SealingKeys, type SealKeys, trusted } from "../pki/seal.ts";
import {
  keepMasterKey,
  listMasterKeys,
  type MasterKeyRow,
  noteMasterKey,
  sealedAuthorityKeys,
} from "./master-keys.ts";
import { type Db, openDb } from "./open.ts";

/**
 * The keys for sealing, and the proof that they are the right ones: D1 has a marker for each master key that values are
 * sealed with, and all markers must open.
 *
 * A wrong key has the right form and can seal like the right one. But the values would be lost when the right key comes
 * back, and the stored values cannot be opened with the wrong one.
 *
 * The answer is valid for the whole isolate, because its keys never change: one read of D1 for each isolate.
 */
type KeyBindings = Pick<Env, "DB" | "MASTER_KEY"> & { MASTER_KEY_PREVIOUS?: string };

let confirmed: SealKeys | undefined;
let refused: { keys: SealKeys; fault: WrongMasterKey; until: number } | undefined;

/** A wrong key stays wrong for a while: not every request of a device needs to ask D1. */
const refusedForMs = 10_000;

/** Throws WrongMasterKey. `held`: the keys of an object, which keeps those from its start. */
export async function sealingKeys(env: KeyBindings, held = masterKeys(env)): Promise<SealingKeys> {
  const keys = await held;
  if (confirmed === keys) return trusted(keys);
  if (refused?.keys === keys && refused.until > Date.now()) throw refused.fault;
  const noted = await mustHoldAll(env, keys);
  if (!isAmong(noted, keys.current.id)) await note(env, keys, keys.current.id);
  confirmed = keys;
  return trusted(keys);
}

/** Ids of the needed master keys that we do not have, according to D1 now. */
export async function missingMasterKeys(env: KeyBindings, held = masterKeys(env)): Promise<string[]> {
  const db = openDb(env.DB);
  return missingOf(db, await held, await listMasterKeys(db));
}

async function missingOf(db: Db, keys: SealKeys, noted: readonly MasterKeyRow[]): Promise<string[]> {
  if (noted.length > 0) {
    const opens = await Promise.all(noted.map(({ marker }) => opensMarker(keys, marker)));
    return noted.filter((_, at) => !opens[at]).map(({ keyId }) => keyId);
  }
  // A deployment from before markers existed.
  const used = (await sealedAuthorityKeys(db)).map((sealed) =>
    keyIdOf(fromBase64(sealed) ?? new Uint8Array(5)),
  );
  return [...new Set(used)].filter((id) => !idsOf(keys).includes(id));
}

/** Throws WrongMasterKey, and ignores earlier answers. */
export async function mustHoldMasterKeys(env: KeyBindings, held = masterKeys(env)): Promise<void> {
  await mustHoldAll(env, await held);
}

/** Values will be sealed with this key from now on. */
export async function noteKeyInUse(env: KeyBindings, keyId: string): Promise<void> {
  if (!isAmong(await listMasterKeys(openDb(env.DB)), keyId)) await note(env, await masterKeys(env), keyId);
}

/** No value is sealed with another key any more. */
export const onlyKeyInUse = (env: KeyBindings, keyId: string): Promise<void> =>
  keepMasterKey(openDb(env.DB), keyId);

async function note(env: KeyBindings, keys: SealKeys, keyId: string): Promise<void> {
  const row = { keyId, marker: await makeMarker(keys, keyId), since: Date.now() };
  await noteMasterKey(openDb(env.DB), row, idsOf(keys));
  // Another deployment may have recorded its own key in between.
  await mustHoldAll(env, keys);
}

/** The keys that are recorded, all of which we have. */
async function mustHoldAll(env: KeyBindings, keys: SealKeys): Promise<readonly MasterKeyRow[]> {
  const db = openDb(env.DB);
  const noted = await listMasterKeys(db);
  const missing = await missingOf(db, keys, noted);
  if (missing.length === 0) return noted;
  const fault = new WrongMasterKey(missing, idsOf(keys));
  refused = { keys, fault, until: Date.now() + refusedForMs };
  throw fault;
}

const isAmong = (noted: readonly MasterKeyRow[], id: string): boolean =>
  noted.some(({ keyId }) => keyId === id);

const says = "MASTER_KEY does not open what is sealed here";

export class WrongMasterKey extends Error {
  override name = "WrongMasterKey";

  constructor(missing: readonly string[], held: readonly string[]) {
    super(`${says}: ${wrongKey(missing, held)}`);
  }
}

export const wrongKey = (missing: readonly string[], held: readonly string[]): string =>
  `values are sealed under master key ${missing.join(" and ")}, but this deployment has ${held.join(" and ")}`;

export const wrongKeyRemedy =
  "set MASTER_KEY to the key that edgemdm-recovery.json (npm start: .dev.vars) had; after a change of the key, set MASTER_KEY_PREVIOUS to the earlier one until the job reseal is done";

/** Only the message of an error crosses a call to a device's object. */
export const isWrongMasterKey = (fault: unknown): fault is Error =>
  fault instanceof Error && fault.message.startsWith(says);
