import { and, eq, getTableColumns, or, type SQL, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import { takeAllSets } from "./channel-sets.ts";
import { dropChoices } from "./choices.ts";
import { applyTogether, ensureDevice, type Statement } from "./directory.ts";
import { replaceApps } from "./installed-apps.ts";
import { builtStatement, rowReader } from "./lean.ts";
import type { Db } from "./open.ts";
import { forgetProfileStates } from "./profile-states.ts";
import { read } from "./read.ts";
import { channels, deviceAttributes, devices, deviceTags, deviceWords } from "./schema/devices.ts";
import { declarationStates, statusValues } from "./schema/states.ts";
import { unbindAll } from "./standings.ts";
import { revokeUsesOf } from "./use-certificates.ts";

// A page has many devices: what nobody is told is not read.
const {
  nameKey: _name,
  serialKey: _serial,
  enrolledKey: _enrolled,
  seenKey: _seen,
  osKey: _os,
  recoveryLock: _recoveryLock,
  hasBootstrapToken: _hasBootstrapToken,
  hasFilevaultKey: _hasFilevaultKey,
  hasRecoveryLock: _hasRecoveryLock,
  attestedAt: _attested,
  attestationFailedAt: _attestationFailed,
  shelfRenewals: _shelfRenewals,
  appliedSeq: _applied,
  ...told
} = getTableColumns(devices);

export type DeviceRow = Pick<typeof devices.$inferSelect, keyof typeof told> & { tags: string[] };

/** Plain SQL, and read by ourselves: the statement builder takes longer for these than SQLite. */
export const deviceColumns = sql.raw(
  `${Object.values(told)
    .map(({ name }) => `devices.${name}`)
    .join(", ")}, (SELECT json_group_array(tag) FROM (
      SELECT tag FROM device_tags WHERE device_tags.device_id = devices.id ORDER BY tag
    )) AS tags`,
);

const readTold = rowReader(told);

export const readDevice = (found: Record<string, unknown>): DeviceRow => ({
  ...readTold(found),
  tags: JSON.parse(found.tags as string),
});

/** An enrolled device that one of these names is the name of. */
export async function findEnrolled(
  db: Db,
  { ids, serial }: { ids: readonly string[]; serial: string | undefined },
): Promise<string | undefined> {
  const named = [...ids.map((id) => eq(devices.id, id)), ...(serial ? [eq(devices.serial, serial)] : [])];
  if (named.length === 0) return undefined;
  const [found] = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(and(eq(devices.state, "enrolled"), or(...named)))
      .limit(1),
  );
  return found?.id;
}

export async function findDevice(db: Db, id: string): Promise<DeviceRow | undefined> {
  const [row] = await devicesWhere(db, eq(devices.id, id));
  return row;
}

export const findDevices = (db: Db, ids: readonly string[]): Promise<DeviceRow[]> =>
  devicesWhere(db, sql`${devices.id} IN ${among(ids)}`);

async function devicesWhere(db: Db, where: SQL): Promise<DeviceRow[]> {
  const statement = sql`SELECT ${deviceColumns} FROM ${devices} WHERE ${where}`;
  const [rows] = await read(() =>
    db.batch([builtStatement(db, statement, (found) => found.map(readDevice))]),
  );
  return rows;
}

/** Those of the ids that the directory has. */
export async function listedAmong(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(sql`${devices.id} IN ${among(ids)}`),
  );
  return new Set(rows.map(({ id }) => id));
}

export type DeviceEdit = {
  notes?: string | undefined;
  /** All of them; they replace the earlier ones. */
  tags?: readonly string[] | undefined;
  /** Merged into the existing ones; null removes one. */
  attributes?: Readonly<Record<string, string | null>> | undefined;
  /** Whose it is; null: nobody's. */
  personId?: string | null | undefined;
  /** What was given to an earlier enrollment applies to this one too. */
  heldBack?: false | undefined;
};

/** What administrators set for a device, in one step; creates the row if the directory has none yet. */
export const editDevice = (
  db: Db,
  id: string,
  { notes, tags, attributes, personId, heldBack }: DeviceEdit,
  now: number,
  also: readonly Statement[] = [],
): Promise<void> => {
  const columns = {
    ...(notes === undefined ? {} : { notes }),
    ...(heldBack === undefined ? {} : { heldBack }),
    ...(personId === undefined ? {} : { personId }),
    ...(attributes && { attributes: sql`json_patch(${devices.attributes}, ${JSON.stringify(attributes)})` }),
  };
  return applyTogether(db, [
    ensureDevice(db, id, now),
    ...(Object.keys(columns).length > 0 ? [db.update(devices).set(columns).where(eq(devices.id, id))] : []),
    ...(attributes ? replaceAttributes(db, id) : []),
    ...(tags ? replaceTags(db, id, tags) : []),
    ...also,
  ]);
};

/** After the row itself: they are read from it. */
const replaceAttributes = (db: Db, id: string) => [
  db.delete(deviceAttributes).where(eq(deviceAttributes.deviceId, id)),
  db
    .insert(deviceAttributes)
    .select(
      sql`SELECT entry.key, entry.value, ${id} FROM devices, json_each(devices.attributes) AS entry WHERE devices.id = ${id}`,
    )
    .onConflictDoNothing(),
];

const replaceTags = (db: Db, id: string, tags: readonly string[]) => [
  db.delete(deviceTags).where(eq(deviceTags.deviceId, id)),
  db
    .insert(deviceTags)
    .select(sql`SELECT value, ${id} FROM json_each(${JSON.stringify(tags)}) WHERE true`)
    .onConflictDoNothing(),
];

/** Ends the links of its self-service pages. */
export const renewShelfLinks = (db: Db, id: string): Statement =>
  db
    .update(devices)
    .set({ shelfRenewals: sql`${devices.shelfRenewals} + 1` })
    .where(eq(devices.id, id));

/** Its events and the headers of its commands stay, as history, until they are too old. */
export const removeDevice = (db: Db, id: string, now: number): Promise<void> =>
  applyTogether(db, [
    unbindAll(db, id, now),
    revokeUsesOf(db, id, undefined, now),
    ...replaceApps(db, id, Number.MAX_SAFE_INTEGER, []),
    forgetProfileStates(db, id, Number.MAX_SAFE_INTEGER),
    db.delete(declarationStates).where(eq(declarationStates.deviceId, id)),
    db.delete(statusValues).where(eq(statusValues.deviceId, id)),
    db.delete(deviceTags).where(eq(deviceTags.deviceId, id)),
    db.delete(deviceAttributes).where(eq(deviceAttributes.deviceId, id)),
    takeAllSets(db, id),
    dropChoices(db, id),
    db.delete(deviceWords).where(eq(deviceWords.deviceId, id)),
    db.delete(channels).where(eq(channels.deviceId, id)),
    db.delete(devices).where(eq(devices.id, id)),
  ]);
