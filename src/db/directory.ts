import { and, desc, eq, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { chunks, mostParameters } from "./batch.ts";
import { leanStatement } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { accountGrants } from "./schema/account-grants.ts";
import { certificates } from "./schema/certificates.ts";
import { channels, devices, deviceWords } from "./schema/devices.ts";
import { type commands, events } from "./schema/events.ts";
import { selectListeners } from "./webhooks.ts";

/** Statements that apply a device's events to the directory. Each may be repeated or come late. */
export type Statement = BatchItem<"sqlite">;

/** What a device reports. */
export type ReportedColumns = Partial<
  Omit<typeof devices.$inferInsert, "id" | "appliedSeq" | "createdAt" | "personId">
>;
export type DeviceColumns = ReportedColumns & {
  /** Found as the row is written. */
  personId?: SQL;
};
export type ChannelColumns = typeof channels.$inferInsert;
export type CommandColumns = typeof commands.$inferInsert;
export type EventColumns = typeof events.$inferInsert;

const parametersAnEvent = 6;

export const addEvents = (db: Db, rows: readonly EventColumns[]): Statement[] =>
  chunks(rows, Math.floor(mostParameters / parametersAnEvent)).map((some) =>
    leanStatement(
      db,
      `INSERT INTO events (device_id, seq, name, user_id, detail, at)
       VALUES ${some.map(() => "(?, ?, ?, ?, ?, ?)").join(", ")} ON CONFLICT DO NOTHING`,
      some.flatMap(({ deviceId, seq, name, userId = null, detail, at }) => [
        ...[deviceId, seq, name, userId],
        ...[JSON.stringify(detail), at],
      ]),
    ),
  );

/** Makes the row if there is none, so that whatever follows finds one. */
export const ensureDevice = (db: Db, id: string, now: number): Statement =>
  leanStatement(
    db,
    "INSERT INTO devices (id, state, kind, created_at) VALUES (?1, 'pending', 'device', ?2) ON CONFLICT DO NOTHING",
    [id, now],
  );

export const changeDevice = (db: Db, id: string, seq: number, columns: DeviceColumns): Statement =>
  Object.keys(columns).length === 0
    ? leanStatement(db, "UPDATE devices SET applied_seq = ?1 WHERE id = ?2 AND applied_seq < ?1", [seq, id])
    : db
        .update(devices)
        .set({ ...columns, appliedSeq: seq })
        .where(and(eq(devices.id, id), lt(devices.appliedSeq, seq)));

/**
 * A new enrollment with an id that was given sets, tags, attributes or a person before, of a device that only says that
 * it is the same: they are held back, unless the serial number of the earlier device is proven. `isOwned`: this enrollment
 * itself says whose the device is.
 */
export const holdBack = (
  db: Db,
  deviceId: string,
  seq: number,
  provenSerial: string | undefined,
  isOwned: boolean,
): Statement =>
  db
    .update(devices)
    .set({ heldBack: true })
    .where(
      and(
        eq(devices.id, deviceId),
        lt(devices.appliedSeq, seq),
        provenSerial === undefined ? undefined : sql`${devices.serial} IS NOT ${provenSerial}`,
        sql`(${devices.attributes} <> '{}' OR (NOT ${isOwned ? 1 : 0} AND ${devices.personId} IS NOT NULL)
          OR EXISTS (SELECT 1 FROM device_tags WHERE device_id = ${deviceId})
          OR EXISTS (SELECT 1 FROM channel_sets WHERE device_id = ${deviceId} AND source = 'given'))`,
      ),
    );

export const putChannel = (db: Db, row: ChannelColumns): Statement =>
  db
    .insert(channels)
    .values(row)
    .onConflictDoUpdate({
      target: [channels.deviceId, channels.userId],
      set: { ...row, deviceId: undefined, userId: undefined },
      setWhere: lt(channels.seq, row.seq),
    });

export const disableChannels = (db: Db, deviceId: string, seq: number): Statement =>
  db
    .update(channels)
    .set({ enabled: false, seq })
    .where(and(eq(channels.deviceId, deviceId), lt(channels.seq, seq)));

export const forgetChannels = (db: Db, deviceId: string, seq: number): Statement =>
  db.delete(channels).where(and(eq(channels.deviceId, deviceId), lt(channels.seq, seq)));

export const putCommand = (db: Db, row: CommandColumns): Statement =>
  leanStatement(
    db,
    `INSERT INTO commands
       (uuid, device_id, user_id, request_type, state, error, origin, seq, queued_at, finished_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (uuid, device_id, user_id) DO UPDATE SET
       state = excluded.state, error = excluded.error, finished_at = excluded.finished_at, seq = excluded.seq
     WHERE commands.seq < excluded.seq`,
    [
      ...[row.uuid, row.deviceId, row.userId, row.requestType, row.state, row.error ?? null],
      ...[row.origin, row.seq, row.queuedAt, row.finishedAt ?? null],
    ],
  );

/** The identities that a device has had, newest first; a device has few in its life. */
const mostIdentities = 200;

/** The device in the directory, with its channels, the identities it has had, and the last sign-in that it was given to. */
export async function findListed(db: Db, deviceId: string) {
  const { userId, kind, enabled, topic, userShortName, userLongName } = channels;
  const [[device], found, identities, [grant]] = await read(() =>
    db.batch([
      db.select().from(devices).where(eq(devices.id, deviceId)),
      db
        .select({ userId, kind, enabled, topic, userShortName, userLongName })
        .from(channels)
        .where(eq(channels.deviceId, deviceId)),
      db
        .select()
        .from(certificates)
        .where(and(eq(certificates.deviceId, deviceId), isNotNull(certificates.standing)))
        .orderBy(desc(certificates.issuedAt))
        .limit(mostIdentities),
      db
        .select({ id: accountGrants.id, account: accountGrants.account })
        .from(accountGrants)
        .where(eq(accountGrants.deviceId, deviceId))
        .orderBy(desc(accountGrants.claimedAt))
        .limit(1),
    ]),
  );
  return { device, channels: found, identities, grant };
}

/** The names of a device, in its row and its channels: its search words are made from these. */
export async function namesOf(db: Db, deviceId: string): Promise<string[]> {
  const { name, serial, model, modelName, productName } = devices;
  const account = sql<string | null>`json_extract(${devices.proven}, '$.account')`;
  const { userShortName, userLongName } = channels;
  const [rows, users] = await db.batch([
    db
      .select({ name, serial, model, modelName, productName, account })
      .from(devices)
      .where(eq(devices.id, deviceId)),
    db.select({ userShortName, userLongName }).from(channels).where(eq(channels.deviceId, deviceId)),
  ]);
  return [deviceId, ...[...rows, ...users].flatMap((row) => Object.values(row))].filter(isText);
}

export const replaceWords = (db: Db, deviceId: string, words: readonly string[]): Statement[] => [
  db.delete(deviceWords).where(eq(deviceWords.deviceId, deviceId)),
  db
    .insert(deviceWords)
    .select(
      sql`SELECT value, ${deviceId}, ${allWords(words)} FROM json_each(${JSON.stringify(words)}) WHERE true`,
    )
    .onConflictDoNothing(),
];

/** A beginning of a word is found in it after a space. */
export const allWords = (words: readonly string[]): string => ` ${words.toSorted().join(" ")} `;

const isText = (value: string | null): value is string => value !== null;

/** What must hold for a statement to write anything. */
export type Guard = SQL;

/**
 * An event of the server itself, without a device. Its number is the time, or one more than the last number if that is
 * already used. The database gives the number, so that neither of two concurrent events is lost. Only if `guard` holds.
 */
export const addServerEvent = (
  db: Db,
  deviceId: string,
  event: Pick<EventColumns, "name" | "detail" | "at">,
  guard: Guard = sql`true`,
): Statement => {
  const last = sql`(SELECT ${events.seq} FROM ${events} WHERE ${events.deviceId} = ${deviceId} ORDER BY ${events.seq} DESC LIMIT 1)`;
  return db.insert(events).select(
    sql`SELECT NULL, ${deviceId}, max(coalesce(${last}, 0) + 1, ${event.at * 1000}), ${event.name}, NULL,
      ${JSON.stringify(event.detail)}, ${event.at} WHERE ${guard}`,
  );
};

/** The same as below, and which webhooks to wake, in the same call. */
export async function applyAndFindListeners(
  db: Db,
  statements: readonly Statement[],
  now: number,
): Promise<{ id: string; topics: string[] }[]> {
  const [listeners] = await db.batch([selectListeners(db, now), ...statements]);
  return listeners;
}

/** All of them or none: D1 runs a batch as one transaction. */
export async function applyTogether(db: Db, statements: readonly Statement[]): Promise<void> {
  const [first, ...rest] = statements;
  if (first !== undefined) await db.batch([first, ...rest]);
}
