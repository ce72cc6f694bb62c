import { type Bytes, fromBase64, toBase64 } from "../../base/bytes.ts";
import { type ArchivedEscrow, archive, archivedFor, confirmArchived, dropArchived } from "../../db/escrow.ts";
import { openDb } from "../../db/open.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import { masterKeys } from "../../pki/master.ts";
import { deviceVault } from "../vault.ts";

/** Escrowed secrets by their names in the API, and whether each is text for people or bytes for machines. */
export const escrowForms = {
  "bootstrap-token": "base64",
  "unlock-token": "base64",
  "filevault-key": "text",
  "recovery-lock": "text",
  "managed-admin": "text",
  "lock-pin": "text",
  "erase-pin": "text",
  "activation-lock-bypass": "text",
  "activation-lock-server": "text",
} as const;

/**
 * What this server makes for a serial number that need not be enrolled here: it stands with the values of deleted devices,
 * under the serial number in the place of the device's id.
 */
type ServerMade = "activation-lock-server";
const isServerMade = (name: string): boolean => name === "activation-lock-server";

export type EscrowName = keyof typeof escrowForms;

/** An entry for something escrowed; the value stays sealed. */
export type EscrowEntry = {
  name: string;
  deviceId: string;
  generation: number;
  storedAt: number;
  /** It belongs to the active generation, or to no enrollment at all. */
  current: boolean;
  /** Whether the device has confirmed that it took it. */
  confirmed: boolean;
  /** When its device was deleted; null: the device still exists, or it belongs to no enrollment. */
  archivedAt: number | null;
};

/** Stored before anybody is told of it; `confirm` once it is in force, `drop` once it is known that it never will be. */
export async function keepServerMade(
  env: Env,
  serial: string,
  name: ServerMade,
  value: Bytes,
  now: number,
): Promise<{ confirm: () => Promise<void>; drop: () => Promise<void> }> {
  const db = openDb(env.DB);
  const vault = deviceVault({ held: () => masterKeys(env), sealing: () => sealingKeys(env) }, serial);
  const sealed = toBase64(await vault.sealEscrow(name, value));
  const number = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const row = { deviceId: serial, storedAt: now, number, serial, name, generation: 0, archivedAt: now };
  await archive(db, [{ ...row, sealed, confirmed: false }]);
  return { confirm: () => confirmArchived(db, row), drop: () => dropArchived(db, row) };
}

/**
 * Everything escrowed for a device: in its object, and in the archive of deleted devices, which is indexed by id and by
 * serial number. Undefined when the device is unknown and has nothing in the archive.
 */
export async function listEscrow(env: Env, idOrSerial: string): Promise<EscrowEntry[] | undefined> {
  const device = await env.DEVICE.getByName(idOrSerial).describe();
  const archived = await archivedOf(env, idOrSerial, device?.facts.SerialNumber);
  if (device === undefined && archived.length === 0) return undefined;
  const present = (device?.escrow ?? []).map((entry) => ({
    ...entry,
    deviceId: idOrSerial,
    archivedAt: null,
  }));
  return [...present, ...archived.map(entryOf)];
}

/**
 * The values of one name, newest first, the device's before the archive's. The caller must audit the reading; `changeAt`:
 * when the device gets another one because of it.
 */
export async function readEscrow(
  env: Env,
  idOrSerial: string,
  name: EscrowName,
  { by, changeAt }: { by: string; changeAt: number | undefined },
): Promise<(EscrowEntry & { value: Bytes })[] | undefined> {
  const object = env.DEVICE.getByName(idOrSerial);
  const device = await object.describe();
  const archived = await archivedOf(env, idOrSerial, device?.facts.SerialNumber);
  if (device === undefined && archived.length === 0) return undefined;
  const values = device === undefined ? [] : await object.readEscrow(name, by, changeAt);
  const present = values.map((entry) => ({ ...entry, name, deviceId: idOrSerial, archivedAt: null }));
  const named = archived.filter((row) => row.name === name);
  return [...present, ...(await Promise.all(named.map((row) => openArchived(env, row))))];
}

const archivedOf = (env: Env, idOrSerial: string, serial: string | undefined): Promise<ArchivedEscrow[]> =>
  archivedFor(openDb(env.DB), idOrSerial, serial === undefined ? [idOrSerial] : [idOrSerial, serial]);

async function openArchived(env: Env, row: ArchivedEscrow): Promise<EscrowEntry & { value: Bytes }> {
  const sealed = fromBase64(row.sealed);
  if (sealed === undefined) throw new Error(`the archived ${row.name} of ${row.deviceId} is not base64`);
  const keys = { held: () => masterKeys(env), sealing: () => sealingKeys(env) };
  const vault = deviceVault(keys, row.deviceId);
  return { ...entryOf(row), value: await vault.openEscrow(row.name, sealed.buffer) };
}

const entryOf = (row: ArchivedEscrow): EscrowEntry => ({
  name: row.name,
  deviceId: row.deviceId,
  generation: row.generation,
  storedAt: row.storedAt,
  current: isServerMade(row.name),
  confirmed: row.confirmed,
  archivedAt: isServerMade(row.name) ? null : row.archivedAt,
});
