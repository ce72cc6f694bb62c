import { fromBase64 } from "../base/bytes.ts";
import { makeMarker, opensMarker } from "../pki/marker.ts";
import { masterKeys } from "../pki/master.ts";
import { idsOf, keyIdOf, type SealingKeys, type SealKeys, trusted } from "../pki/seal.ts";
import { keepMasterKey, listMasterKeys, noteMasterKey, sealedAuthorityKeys } from "./master-keys.ts";
import { openDb } from "./open.ts";

/**
 * The keys to seal under, and the proof that they are the right ones: D1 has a marker of each master key that values
 * lie under, and all of them must open.
 *
 * A wrong key is well-formed, and seals as well as the right one. What it sealed would be lost when the right one comes
 * back, and what lies here cannot be opened meanwhile.
 *
 * The answer is good for the isolate, whose keys never change: one read of D1 each.
 */
type KeyBindings = Pick<Env, "DB" | "MASTER_KEY"> & { MASTER_KEY_PREVIOUS?: string };

let confirmed: SealKeys | undefined;
let refused: { keys: SealKeys; fault: WrongMasterKey; until: number } | undefined;

/** A key that is wrong now is wrong a moment later: devices that come back need not ask D1 each. */
const refusedForMs = 10_000;

/** Throws WrongMasterKey. `held`: of an object, which keeps those that it woke with. */
export async function sealingKeys(env: KeyBindings, held = masterKeys(env)): Promise<SealingKeys> {
  const keys = await held;
  if (confirmed === keys) return trusted(keys);
  if (refused?.keys === keys && refused.until > Date.now()) throw refused.fault;
  await mustHoldAll(env, keys);
  await note(env, keys, keys.current.id);
  confirmed = keys;
  return trusted(keys);
}

/** Ids of master keys that values lie under and that are not at hand, as D1 says now. */
export async function missingMasterKeys(env: KeyBindings, held = masterKeys(env)): Promise<string[]> {
  const keys = await held;
  const db = openDb(env.DB);
  const noted = await listMasterKeys(db);
  if (noted.length > 0) {
    const opens = await Promise.all(noted.map(({ marker }) => opensMarker(keys, marker)));
    return noted.filter((_, at) => !opens[at]).map(({ keyId }) => keyId);
  }
  // From before there were markers.
  const used = (await sealedAuthorityKeys(db)).map((sealed) =>
    keyIdOf(fromBase64(sealed) ?? new Uint8Array(5)),
  );
  return [...new Set(used)].filter((id) => !idsOf(keys).includes(id));
}

/** Throws WrongMasterKey, whatever was known before. */
export const mustHoldMasterKeys = async (env: KeyBindings, held = masterKeys(env)): Promise<void> =>
  mustHoldAll(env, await held);

/** Values are about to come that lie under this one of the keys at hand. */
export const noteKeyInUse = async (env: KeyBindings, keyId: string): Promise<void> =>
  note(env, await masterKeys(env), keyId);

/** Nothing lies under another key any more. */
export const onlyKeyInUse = (env: KeyBindings, keyId: string): Promise<void> =>
  keepMasterKey(openDb(env.DB), keyId);

async function note(env: KeyBindings, keys: SealKeys, keyId: string): Promise<void> {
  const db = openDb(env.DB);
  const isNoted = async () => (await listMasterKeys(db)).some((row) => row.keyId === keyId);
  if (await isNoted()) return;
  const row = { keyId, marker: await makeMarker(keys, keyId), since: Date.now() };
  await noteMasterKey(db, row, idsOf(keys));
  // Another deployment may have noted a key of its own in between.
  await mustHoldAll(env, keys);
}

async function mustHoldAll(env: KeyBindings, keys: SealKeys): Promise<void> {
  const missing = await missingMasterKeys(env, Promise.resolve(keys));
  if (missing.length === 0) return;
  const fault = new WrongMasterKey(missing, idsOf(keys));
  refused = { keys, fault, until: Date.now() + refusedForMs };
  throw fault;
}

const says = "MASTER_KEY does not open what is sealed here";

export class WrongMasterKey extends Error {
  override name = "WrongMasterKey";

  constructor(missing: readonly string[], held: readonly string[]) {
    super(`${says}: ${wrongKey(missing, held)}`);
  }
}

export const wrongKey = (missing: readonly string[], held: readonly string[]): string =>
  `values lie under master key ${missing.join(" and ")}, and ${held.join(" and ")} is at hand`;

export const wrongKeyRemedy =
  "set MASTER_KEY to the key that edgemdm-recovery.json (npm start: .dev.vars) had; after a change of the key, set MASTER_KEY_PREVIOUS to the one before until the job reseal is done";

/** Of what a device's object throws, only the message arrives. */
export const isWrongMasterKey = (fault: unknown): fault is Error =>
  fault instanceof Error && fault.message.startsWith(says);
