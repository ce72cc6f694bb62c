import { type Bytes, fromBase64 } from "../../base/bytes.ts";
import { type ArchivedEscrow, archivedFor } from "../../db/escrow.ts";
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
} as const;

export type EscrowName = keyof typeof escrowForms;

/** An entry for something escrowed; the value stays sealed. */
export type EscrowEntry = {
  name: string;
  deviceId: string;
  generation: number;
  storedAt: number;
  /** It belongs to the active generation. */
  current: boolean;
  /** Whether the device has confirmed that it took it. */
  confirmed: boolean;
  /** When its device was deleted; null: the device still exists. */
  archivedAt: number | null;
};

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
  current: false,
  confirmed: row.confirmed,
  archivedAt: row.archivedAt,
});
