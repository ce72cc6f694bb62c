import type { Bytes } from "../base/bytes.ts";
import type { CommandState, DeviceEvent } from "../events/event.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import type { ListName, ToldValues } from "../mdm/inventory/told.ts";
import type { ChannelKind } from "../mdm/speaker.ts";
import type { Enrollment, Identity } from "./enrollment-state.ts";
import type { WaitingCommand, WaitingState } from "./queue.ts";
import type { RenewalRow } from "./renewal.ts";
import { isRoutine } from "./routine.ts";
import { schemaSteps } from "./schema.ts";

/**
 * Every SQL statement of the device's object. Calls are synchronous: what happens between two awaits is one
 * transaction, so callers do all their waiting before they read.
 */
export type DeviceRow = {
  device_id: string;
  schema_version: number;
  state: Enrollment["state"];
  generation: number;
  pending_generation: number | null;
  pending_facts: string | null;
  terms: string | null;
  pending_terms: string | null;
  reauthenticated: number;
  facts: string;
  traits: string;
  inventory: string;
  inventory_due_at: number | null;
  inventory_round_at: number | null;
  ending: number;
  last_seen_at: number | null;
  pruned_at: number | null;
  outbox_failures: number;
  outbox_retry_at: number | null;
};

type IdentityRow = {
  fingerprint: string;
  generation: number;
  not_after: number;
  pinned_at: number;
  retires_at: number | null;
  revoked_at: number | null;
};

export type ChannelRow = {
  user_id: string;
  kind: ChannelKind;
  enabled: number;
  topic: string | null;
  push_token: ArrayBuffer | null;
  push_magic: string | null;
  user_short_name: string | null;
  user_long_name: string | null;
  awaiting_configuration: number;
  not_on_console: number;
  token_update_at: number | null;
  last_seen_at: number | null;
  push_attempts: number;
  push_at: number | null;
  push_outcome: string | null;
  push_outcome_at: number | null;
  unreachable: number;
};

/** A command's header as both tables have it. */
export type CommandRow = {
  id: number;
  user_id: string;
  uuid: string;
  request_type: string;
  queued_at: number;
  sent_at: number | null;
  origin: string;
};

export type QueueRow = CommandRow & {
  state: WaitingState;
  high: number;
  renewal: number;
  sends: number;
  refusals: number;
  expires_at: number | null;
  push: number;
};

/** A channel with commands that it is to be woken for: when the last of them was queued or fetched. */
export type WantedChannel = { user_id: string; moved_at: number; put_off: number };

export type NewCommand = Omit<QueueRow, "id" | "sent_at" | "sends" | "refusals" | "state">;

export type FinishedState = Exclude<CommandState, WaitingState>;

export type ResultForm = "none" | "whole" | "parts" | "raw" | "truncated";

export type FinishedRow = CommandRow & {
  state: FinishedState;
  finished_at: number;
  error: string | null;
  result_form: ResultForm;
  result_size: number;
};

export type LessonRow = FinishedRow & { generation: number; attempts: number };

export type StoredResult = { form: ResultForm; size: number; whole: Bytes | null; parts: readonly Bytes[] };

export type EscrowRow = {
  id: number;
  name: string;
  user_id: string;
  generation: number;
  stored_at: number;
  command_uuid: string | null;
  confirmed: number;
  value: ArrayBuffer;
};

export type InventoryHead = {
  user_id: string;
  name: ListName | ToldValues["name"];
  as_of: number;
  digest: string;
  total: number;
  told: string;
};

const headerColumns = "id, user_id, uuid, request_type, queued_at, sent_at, origin";
const queueColumns = `${headerColumns}, state, high, renewal, sends, refusals, expires_at, push`;
const inventoryColumns = "user_id, name, as_of, digest, total, told";
const finishedColumns = `${headerColumns}, state, finished_at, error, result_form, result_size`;

/** The runtime binds views of bytes as well as whole buffers; its types name the buffers only. */
type Binding = SqlStorageValue | Bytes;

export type Store = ReturnType<typeof deviceStore>;

export function deviceStore(sql: SqlStorage) {
  const exec = (query: string, bindings: Binding[]) => sql.exec(query, ...(bindings as SqlStorageValue[]));
  const rows = <Row extends object>(query: string, ...bindings: Binding[]): Row[] =>
    exec(query, bindings).toArray() as Row[];
  const row = <Row extends object>(query: string, ...bindings: Binding[]): Row | undefined =>
    rows<Row>(query, ...bindings)[0];
  let written = 0;
  const run = (query: string, ...bindings: Binding[]): number => {
    const { rowsWritten } = exec(query, bindings);
    written += rowsWritten;
    return rowsWritten;
  };

  return {
    /** Rows written since the object woke: what a fleet costs is made of these. */
    rowsWritten: (): number => written,

    // -- the schema

    exists: (): boolean =>
      row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'device'") !== undefined,

    create(deviceId: string): void {
      for (const step of schemaSteps) sql.exec(step);
      run(
        "INSERT INTO device (id, schema_version, device_id) VALUES (1, ?, ?)",
        schemaSteps.length,
        deviceId,
      );
    },

    upgrade(): void {
      const version =
        row<{ schema_version: number }>("SELECT schema_version FROM device")?.schema_version ?? 0;
      if (version >= schemaSteps.length) return;
      for (const step of schemaSteps.slice(version)) sql.exec(step);
      run("UPDATE device SET schema_version = ?", schemaSteps.length);
    },

    // -- the device and its identities

    device: (): DeviceRow => row<DeviceRow>("SELECT * FROM device") as DeviceRow,

    setDevice(change: Partial<Omit<DeviceRow, "device_id" | "schema_version">>): void {
      const columns = Object.keys(change);
      const values = Object.values(change) as SqlStorageValue[];
      run(`UPDATE device SET ${columns.map((column) => `${column} = ?`).join(", ")}`, ...values);
    },

    identities: (): Identity[] => rows<IdentityRow>("SELECT * FROM identities").map(toIdentity),

    pinIdentity: (identity: Identity): number =>
      run(
        "INSERT OR REPLACE INTO identities (fingerprint, generation, not_after, pinned_at, retires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)",
        identity.fingerprint,
        identity.generation,
        identity.notAfter,
        identity.pinnedAt,
        identity.retiresAt,
        identity.revokedAt,
      ),

    retireIdentity: (fingerprint: string, at: number): number =>
      run("UPDATE identities SET retires_at = ? WHERE fingerprint = ?", at, fingerprint),

    revokeIdentity: (fingerprint: string, at: number): number =>
      run(
        "UPDATE identities SET revoked_at = ? WHERE fingerprint = ? AND revoked_at IS NULL",
        at,
        fingerprint,
      ),

    unpinIdentity: (fingerprint: string): number =>
      run("DELETE FROM identities WHERE fingerprint = ?", fingerprint),

    keepIdentitiesOf: (generation: number): number =>
      run("DELETE FROM identities WHERE generation <> ?", generation),

    // -- channels

    channel: (userId: string): ChannelRow | undefined =>
      row<ChannelRow>("SELECT * FROM channels WHERE user_id = ?", userId),

    channels: (): ChannelRow[] => rows<ChannelRow>("SELECT * FROM channels ORDER BY user_id"),

    putChannel(channel: Pick<ChannelRow, "user_id" | "kind"> & Partial<ChannelRow>): void {
      const { user_id, ...rest } = { enabled: 0, ...channel };
      const columns = Object.keys(rest);
      run(
        `INSERT INTO channels (user_id, ${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length)})
         ON CONFLICT (user_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`,
        user_id,
        ...(Object.values(rest) as SqlStorageValue[]),
      );
    },

    setChannel(userId: string, change: Partial<Omit<ChannelRow, "user_id">>): void {
      const columns = Object.keys(change);
      run(
        `UPDATE channels SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE user_id = ?`,
        ...(Object.values(change) as SqlStorageValue[]),
        userId,
      );
    },

    disableChannels: (): number => run("UPDATE channels SET enabled = 0 WHERE enabled = 1"),

    dropChannels: (): number => run("DELETE FROM channels"),

    // -- the queue

    enqueue: (command: NewCommand, body: Bytes): number =>
      run(
        `INSERT INTO queue (id, user_id, uuid, request_type, state, high, renewal, queued_at, expires_at, origin, push, body)
         VALUES (1 + max(coalesce((SELECT max(id) FROM queue), 0), coalesce((SELECT max(id) FROM finished), 0)),
           ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`,
        command.user_id,
        command.uuid,
        command.request_type,
        command.high,
        command.renewal,
        command.queued_at,
        command.expires_at,
        command.origin,
        command.push,
        body,
      ),

    queue: (userId: string): QueueRow[] =>
      rows<QueueRow>(`SELECT ${queueColumns} FROM queue WHERE user_id = ? ORDER BY id`, userId),

    waitingCount: (): number => row<{ n: number }>("SELECT count(*) AS n FROM queue")?.n ?? 0,

    queuedByUuid: (userId: string, uuid: string): QueueRow | undefined =>
      row<QueueRow>(`SELECT ${queueColumns} FROM queue WHERE user_id = ? AND uuid = ?`, userId, uuid),

    queueBody: (id: number): ArrayBuffer | undefined =>
      row<{ body: ArrayBuffer }>("SELECT body FROM queue WHERE id = ?", id)?.body,

    markSent: (id: number, now: number): number =>
      run("UPDATE queue SET state = 'sent', sent_at = ?, sends = sends + 1 WHERE id = ?", now, id),

    markNotNow: (id: number): number =>
      run("UPDATE queue SET state = 'not_now', refusals = refusals + 1 WHERE id = ?", id),

    forgetRefusals: (userId: string): number =>
      run("UPDATE queue SET refusals = 0 WHERE user_id = ? AND refusals > 0", userId),

    expired: (now: number, limit: number): QueueRow[] =>
      rows<QueueRow>(
        `SELECT ${queueColumns} FROM queue WHERE expires_at <= ? ORDER BY id LIMIT ?`,
        now,
        limit,
      ),

    nextExpiry: (): number | null =>
      row<{ at: number | null }>("SELECT min(expires_at) AS at FROM queue")?.at ?? null,

    isWaiting: (requestType: string): boolean =>
      row("SELECT 1 FROM queue WHERE request_type = ? LIMIT 1", requestType) !== undefined,

    waitingChannels: (): { user_id: string; oldest: number }[] =>
      rows("SELECT user_id, min(queued_at) AS oldest FROM queue GROUP BY user_id"),

    wantedChannels: (): WantedChannel[] =>
      rows<WantedChannel>(
        `SELECT user_id, max(max(queued_at, coalesce(sent_at, 0))) AS moved_at, min(state = 'not_now') AS put_off
         FROM queue WHERE push = 1 GROUP BY user_id`,
      ),

    /** Moves a waiting command to the finished ones, with its result. */
    finish(
      command: QueueRow,
      state: FinishedState,
      now: number,
      error: string | null,
      result: StoredResult,
    ): void {
      run(
        `INSERT INTO finished (${finishedColumns}, body, result)
         SELECT ${headerColumns}, ?, ?, ?, ?, ?, body, ? FROM queue WHERE id = ?`,
        state,
        now,
        error,
        result.form,
        result.size,
        result.whole,
        command.id,
      );
      run("DELETE FROM queue WHERE id = ?", command.id);
      result.parts.forEach((data, part) => {
        run("INSERT INTO result_parts (command_id, part, data) VALUES (?, ?, ?)", command.id, part, data);
      });
    },

    finishedByUuid: (userId: string, uuid: string): FinishedRow | undefined =>
      row<FinishedRow>(
        `SELECT ${finishedColumns} FROM finished WHERE user_id = ? AND uuid = ?`,
        userId,
        uuid,
      ),

    finishedBody: (id: number): ArrayBuffer | undefined =>
      row<{ body: ArrayBuffer }>("SELECT body FROM finished WHERE id = ?", id)?.body,

    /** Newest first, ids below `before`. */
    finished: (userId: string, before: number, limit: number): FinishedRow[] =>
      rows<FinishedRow>(
        `SELECT ${finishedColumns} FROM finished WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
        userId,
        before,
        limit,
      ),

    result: (id: number): ArrayBuffer | null =>
      row<{ result: ArrayBuffer | null }>("SELECT result FROM finished WHERE id = ?", id)?.result ?? null,

    resultParts: (id: number): ArrayBuffer[] =>
      rows<{ data: ArrayBuffer }>("SELECT data FROM result_parts WHERE command_id = ? ORDER BY part", id).map(
        ({ data }) => data,
      ),

    rawResult: (): FinishedRow | undefined =>
      row<FinishedRow>(
        `SELECT ${finishedColumns} FROM finished WHERE result_form = 'raw' ORDER BY id LIMIT 1`,
      ),

    replaceResult(id: number, result: StoredResult): void {
      run("DELETE FROM result_parts WHERE command_id = ?", id);
      run("UPDATE finished SET result_form = ?, result = ? WHERE id = ?", result.form, result.whole, id);
      result.parts.forEach((data, part) => {
        run("INSERT INTO result_parts (command_id, part, data) VALUES (?, ?, ?)", id, part, data);
      });
    },

    /** How many finished commands lie beyond the newest `kept`, or are older than `before`. */
    prunable: (kept: number, before: number): number[] =>
      rows<{ id: number }>(
        `SELECT id FROM finished WHERE finished_at < ?
         UNION SELECT id FROM (SELECT id FROM finished ORDER BY id DESC LIMIT -1 OFFSET ?) LIMIT 500`,
        before,
        kept,
      ).map(({ id }) => id),

    /** At most so many are kept: ids rise by one, and some of them wait or are forgotten. Nothing is read between the ends. */
    finishedSpan: (): number =>
      row<{ n: number | null }>(
        "SELECT (SELECT max(id) FROM finished) - (SELECT min(id) FROM finished) + 1 AS n",
      )?.n ?? 0,

    /** When the first that was queued of all that are kept was finished. */
    firstFinished: (): number | null =>
      row<{ finished_at: number }>("SELECT finished_at FROM finished ORDER BY id LIMIT 1")?.finished_at ??
      null,

    forget(id: number): void {
      run("DELETE FROM lessons WHERE command_id = ?", id);
      run("DELETE FROM result_parts WHERE command_id = ?", id);
      run("DELETE FROM finished WHERE id = ?", id);
    },

    // -- lessons: results that are still to be read

    putLesson: (commandId: number, generation: number, dueAt: number): number =>
      run(
        "INSERT INTO lessons (command_id, generation, due_at) VALUES (?, ?, ?)",
        commandId,
        generation,
        dueAt,
      ),

    nextLessonAt: (): number | null =>
      row<{ at: number | null }>("SELECT min(due_at) AS at FROM lessons")?.at ?? null,

    lessonsDue: (now: number, limit: number): LessonRow[] =>
      rows<LessonRow>(
        `SELECT ${finishedColumns}, generation, attempts FROM lessons JOIN finished ON id = command_id
         WHERE due_at <= ? ORDER BY id LIMIT ?`,
        now,
        limit,
      ),

    postponeLesson: (commandId: number, dueAt: number): number =>
      run("UPDATE lessons SET due_at = ?, attempts = attempts + 1 WHERE command_id = ?", dueAt, commandId),

    endLesson: (commandId: number): number => run("DELETE FROM lessons WHERE command_id = ?", commandId),

    // -- the inventory

    inventoryHeads: (userId: string): InventoryHead[] =>
      rows<InventoryHead>(`SELECT ${inventoryColumns} FROM inventory WHERE user_id = ?`, userId),

    inventoryHead: (userId: string, name: InventoryHead["name"]): InventoryHead | undefined =>
      row<InventoryHead>(
        `SELECT ${inventoryColumns} FROM inventory WHERE user_id = ? AND name = ?`,
        userId,
        name,
      ),

    inventoryData: (userId: string, name: InventoryHead["name"]): ArrayBuffer | undefined =>
      row<{ data: ArrayBuffer }>("SELECT data FROM inventory WHERE user_id = ? AND name = ?", userId, name)
        ?.data,

    putInventory: ({ user_id, name, as_of, digest, total, told }: InventoryHead, data: Bytes): number =>
      run(
        `INSERT OR REPLACE INTO inventory (${inventoryColumns}, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        user_id,
        name,
        as_of,
        digest,
        total,
        told,
        data,
      ),

    touchInventory: (userId: string, name: InventoryHead["name"], asOf: number): number =>
      run("UPDATE inventory SET as_of = ? WHERE user_id = ? AND name = ?", asOf, userId, name),

    /** The directory forgot what it was told: the next answer tells all of it again. */
    untellInventory: (): number => run("UPDATE inventory SET told = '' WHERE told <> ''"),

    dropInventory: (): number => run("DELETE FROM inventory"),

    // -- escrow and raw messages

    /** With a command, the value counts once the device has taken that command, unless `confirmed` says it does now. */
    storeEscrow: (
      name: string,
      userId: string,
      generation: number,
      at: number,
      value: Bytes,
      by: { commandUuid: string; confirmed: boolean } | undefined = undefined,
    ): number =>
      run(
        "INSERT INTO escrow (name, user_id, generation, stored_at, command_uuid, confirmed, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
        name,
        userId,
        generation,
        at,
        by?.commandUuid ?? null,
        (by?.confirmed ?? true) ? 1 : 0,
        value,
      ),

    confirmEscrow: (commandUuid: string): number =>
      run("UPDATE escrow SET confirmed = 1 WHERE confirmed = 0 AND command_uuid = ?", commandUuid),

    dropEscrow: (name: string, generation: number): number =>
      run("DELETE FROM escrow WHERE name = ? AND generation = ?", name, generation),

    /** Newest first; the present generation's first row is what the device is asked to prove. */
    escrow: (): EscrowRow[] => rows<EscrowRow>("SELECT * FROM escrow ORDER BY id DESC"),

    currentEscrow: (name: string, generation: number): EscrowRow | undefined =>
      row<EscrowRow>(
        "SELECT * FROM escrow WHERE name = ? AND generation = ? AND confirmed = 1 ORDER BY id DESC LIMIT 1",
        name,
        generation,
      ),

    keepMessage: (messageType: string, userId: string, at: number, body: Bytes): number =>
      run(
        "INSERT OR REPLACE INTO messages (message_type, user_id, received_at, body) VALUES (?, ?, ?, ?)",
        messageType,
        userId,
        at,
        body,
      ),

    promoteMessage(from: string, to: string): void {
      run(
        `INSERT OR REPLACE INTO messages (message_type, user_id, received_at, body)
         SELECT ?, user_id, received_at, body FROM messages WHERE message_type = ?`,
        to,
        from,
      );
      run("DELETE FROM messages WHERE message_type = ?", from);
    },

    message: (messageType: string, userId: string): { received_at: number; body: ArrayBuffer } | undefined =>
      row(
        "SELECT received_at, body FROM messages WHERE message_type = ? AND user_id = ?",
        messageType,
        userId,
      ),

    // -- renewal of the identity

    renewal: (): RenewalRow | undefined =>
      row<RenewalRow>(
        "SELECT look_at, fingerprint, due_at, attempts, command_uuid, error FROM renewal WHERE id = 1",
      ),

    setRenewal: (renewal: RenewalRow): number =>
      run(
        "INSERT OR REPLACE INTO renewal (id, look_at, fingerprint, due_at, attempts, command_uuid, error) VALUES (1, ?, ?, ?, ?, ?, ?)",
        renewal.look_at,
        renewal.fingerprint,
        renewal.due_at,
        renewal.attempts,
        renewal.command_uuid,
        renewal.error,
      ),

    /** Not before: what was known of a renewal stays as it is. */
    lookAtRenewal: (at: number): number =>
      run(
        `INSERT INTO renewal (id, look_at, fingerprint, due_at, attempts) VALUES (1, ?, '', 0, 0)
         ON CONFLICT (id) DO UPDATE SET look_at = excluded.look_at`,
        at,
      ),

    forgetRenewal: (): number => run("DELETE FROM renewal"),

    // -- the outbox

    putOutbox: (event: DeviceEvent): number =>
      run("INSERT INTO outbox (seq, at, event) VALUES (?, ?, ?)", event.seq, event.at, JSON.stringify(event)),

    outboxCount: (): number => row<{ n: number }>("SELECT count(*) AS n FROM outbox")?.n ?? 0,

    lastSeq: (): number => row<{ seq: number | null }>("SELECT max(seq) AS seq FROM outbox")?.seq ?? 0,

    outbox: (limit: number): DeviceEvent[] =>
      rows<{ event: string }>("SELECT event FROM outbox ORDER BY seq LIMIT ?", limit).map(
        ({ event }) => JSON.parse(event) as DeviceEvent,
      ),

    outboxOldest: (): number | null =>
      row<{ at: number | null }>("SELECT min(at) AS at FROM outbox")?.at ?? null,

    delivered: (lastSeq: number): number => run("DELETE FROM outbox WHERE seq <= ?", lastSeq),
  };
}

export const toWaiting = (row: QueueRow): WaitingCommand => ({
  id: row.id,
  uuid: row.uuid,
  requestType: row.request_type,
  state: row.state,
  high: row.high === 1,
  sends: row.sends,
  refusals: row.refusals,
  expiresAt: row.expires_at,
  renewal: row.renewal === 1,
  routine: isRoutine(row),
});

export const toEnrollment = (device: DeviceRow, identities: Identity[]): Enrollment => ({
  deviceId: device.device_id,
  serial: (JSON.parse(device.facts) as DeviceFacts).SerialNumber,
  generation: device.generation,
  state: device.state,
  pendingGeneration: device.pending_generation,
  identities,
  ending: device.ending === 1,
  reauthenticated: device.reauthenticated === 1,
});

const toIdentity = (row: IdentityRow): Identity => ({
  fingerprint: row.fingerprint,
  generation: row.generation,
  notAfter: row.not_after,
  pinnedAt: row.pinned_at,
  retiresAt: row.retires_at,
  revokedAt: row.revoked_at,
});
