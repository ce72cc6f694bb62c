import type { EventRow } from "../db/events.ts";
import { type Health, healthy } from "./pace.ts";

/**
 * What a target's object stores: its position in the log of events, waiting events, dead letters, and the latest attempts.
 * A message that is delivered at once costs only a part of a log row.
 */
export type Progress = Health & {
  cursor: number;
  awakeUntil: number;
  /** How often its position was changed: the results of a turn that began before do not count. */
  moves: number;
  /** The state last written to its row in the directory. */
  toldFailing: number | null;
  toldDead: number;
};

export type WaitingRow = {
  event_id: number;
  device_id: string;
  event: string;
  attempts: number;
  due_at: number;
};
export type DeadRow = {
  event_id: number;
  event: string;
  attempts: number;
  fault: string;
  died_at: number;
};

export type LogEntry = {
  at: number;
  eventId: number;
  name: string;
  deviceId: string;
  attempt: number;
  status: number | null;
  fault: string | null;
  ms: number;
};

/** Entries share one row until it is full, because written rows cost money. */
const entriesAPage = 40;
const pagesKept = 50;

export type WebhookStore = ReturnType<typeof webhookStore>;

export function webhookStore({ sql, kv }: DurableObjectStorage) {
  const rows = <Row extends object>(query: string, ...bindings: SqlStorageValue[]): Row[] =>
    sql.exec(query, ...bindings).toArray() as Row[];
  const count = (table: "waiting" | "dead"): number =>
    rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]?.n ?? 0;

  return {
    exists: (): boolean => kv.get("progress") !== undefined,

    create(cursor: number): Progress {
      sql.exec(`
        CREATE TABLE waiting (
          event_id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, event TEXT NOT NULL, attempts INTEGER NOT NULL,
          -- Only of the first of each device does it count: the others wait for that one.
          due_at INTEGER NOT NULL
        );
        CREATE INDEX waiting_device ON waiting (device_id, event_id);
        CREATE TABLE dead (
          event_id INTEGER PRIMARY KEY, event TEXT NOT NULL, attempts INTEGER NOT NULL, fault TEXT NOT NULL,
          died_at INTEGER NOT NULL
        );
        CREATE TABLE log (page INTEGER PRIMARY KEY, entries TEXT NOT NULL);`);
      const progress = { ...healthy, cursor, awakeUntil: 0, moves: 0, toldFailing: null, toldDead: 0 };
      kv.put("progress", progress);
      return progress;
    },

    progress: (): Progress => kv.get<Progress>("progress") as Progress,
    setProgress: (progress: Progress): void => kv.put("progress", progress),

    /** The first due one of each device. */
    due: (now: number, limit: number): WaitingRow[] =>
      rows<WaitingRow>(
        `SELECT * FROM waiting AS w WHERE due_at <= ? AND NOT EXISTS
          (SELECT 1 FROM waiting AS e WHERE e.device_id = w.device_id AND e.event_id < w.event_id)
          ORDER BY due_at, event_id LIMIT ?`,
        now,
        limit,
      ),

    behind: (deviceId: string, eventId: number, limit: number): WaitingRow[] =>
      rows<WaitingRow>(
        "SELECT * FROM waiting WHERE device_id = ? AND event_id > ? ORDER BY event_id LIMIT ?",
        deviceId,
        eventId,
        limit,
      ),

    holdsUp: (deviceId: string): boolean =>
      rows("SELECT 1 FROM waiting WHERE device_id = ? LIMIT 1", deviceId).length > 0,

    /** When the next of them is due; undefined: none waits. */
    nextDueAt: (): number | undefined =>
      rows<{ at: number | null }>(
        `SELECT min(due_at) AS at FROM waiting AS w WHERE NOT EXISTS
          (SELECT 1 FROM waiting AS e WHERE e.device_id = w.device_id AND e.event_id < w.event_id)`,
      )[0]?.at ?? undefined,

    waitingCount: (): number => count("waiting"),

    putWaiting: (event: EventRow, attempts: number, dueAt: number): void =>
      void sql.exec(
        "INSERT OR REPLACE INTO waiting (event_id, device_id, event, attempts, due_at) VALUES (?, ?, ?, ?, ?)",
        event.id,
        event.deviceId,
        JSON.stringify(event),
        attempts,
        dueAt,
      ),

    dropWaiting: (eventId: number): void => void sql.exec("DELETE FROM waiting WHERE event_id = ?", eventId),

    dropAllWaiting: (): void => void sql.exec("DELETE FROM waiting"),

    /** All waiting ones are tried now. */
    hurry: (): void => void sql.exec("UPDATE waiting SET due_at = 0 WHERE due_at > 0"),

    bury: (event: EventRow, attempts: number, fault: string, now: number): void =>
      void sql.exec(
        "INSERT OR REPLACE INTO dead (event_id, event, attempts, fault, died_at) VALUES (?, ?, ?, ?, ?)",
        event.id,
        JSON.stringify(event),
        attempts,
        fault,
        now,
      ),

    deadCount: (): number => count("dead"),

    dead: (limit: number, before = Number.MAX_SAFE_INTEGER): DeadRow[] =>
      rows<DeadRow>("SELECT * FROM dead WHERE event_id < ? ORDER BY event_id DESC LIMIT ?", before, limit),

    findDead: (eventId: number): DeadRow | undefined =>
      rows<DeadRow>("SELECT * FROM dead WHERE event_id = ?", eventId)[0],

    dropDead: (eventId: number): void => void sql.exec("DELETE FROM dead WHERE event_id = ?", eventId),

    addToLog(entries: readonly LogEntry[]): void {
      if (entries.length === 0) return;
      const [last] = rows<{ page: number; entries: string }>("SELECT * FROM log ORDER BY page DESC LIMIT 1");
      const before = last ? (JSON.parse(last.entries) as LogEntry[]) : [];
      const isFull = before.length + entries.length > entriesAPage;
      const page = (last?.page ?? 0) + (isFull || last === undefined ? 1 : 0);
      const together = isFull ? entries : [...before, ...entries];
      sql.exec("INSERT OR REPLACE INTO log (page, entries) VALUES (?, ?)", page, JSON.stringify(together));
      if (isFull) sql.exec("DELETE FROM log WHERE page <= ?", page - pagesKept);
    },

    /** Newest first, each with its position. */
    log(): (LogEntry & { place: number })[] {
      const pages = rows<{ page: number; entries: string }>("SELECT * FROM log ORDER BY page DESC");
      return pages.flatMap(({ page, entries }) =>
        (JSON.parse(entries) as LogEntry[])
          .map((entry, index) => ({ ...entry, place: page * 1_000 + index }))
          .reverse(),
      );
    },
  };
}
