import type { BatchOrder, Progress } from "./batch.ts";

/**
 * What the batch's object stores. The order and its progress are values under a key. Only two kinds of targets have rows:
 * refused ones, and those that are tried again.
 */
export type RefusalRow = { device_id: string; user_id: string; reason: string; detail: string; at: number };
export type LaterRow = {
  device_id: string;
  user_id: string;
  attempts: number;
  due_at: number;
  fault: string;
};

/** The number of commands in each state; for pushes, the number of each outcome. */
export type Tally = { states: { [state: string]: number }; at: number };

const idsAKey = 1_000;

export type BatchStore = ReturnType<typeof batchStore>;

export function batchStore({ sql, kv }: DurableObjectStorage) {
  const rows = <Row extends object>(query: string, ...bindings: SqlStorageValue[]): Row[] =>
    sql.exec(query, ...bindings).toArray() as Row[];
  const count = (table: string): number =>
    rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]?.n ?? 0;

  return {
    create(order: BatchOrder, progress: Progress, ids: readonly string[]): void {
      sql.exec(`
        CREATE TABLE refusals (
          device_id TEXT NOT NULL, user_id TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY (device_id, user_id)
        ) WITHOUT ROWID;
        CREATE TABLE later (
          device_id TEXT NOT NULL, user_id TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL,
          fault TEXT NOT NULL,
          PRIMARY KEY (device_id, user_id)
        ) WITHOUT ROWID;`);
      kv.put("order", order);
      kv.put("progress", progress);
      for (let at = 0; at < ids.length; at += idsAKey) kv.put(`ids ${at}`, ids.slice(at, at + idsAKey));
    },

    order: (): BatchOrder | undefined => kv.get<BatchOrder>("order"),
    progress: (): Progress => kv.get<Progress>("progress") as Progress,
    setProgress: (progress: Progress): void => kv.put("progress", progress),

    tally: (): Tally | undefined => kv.get<Tally>("tally"),
    setTally: (tally: Tally): void => kv.put("tally", tally),

    /** A slice of the given ids, which are stored in parts. */
    ids(from: number, to: number): string[] {
      const first = from - (from % idsAKey);
      const pieces: string[] = [];
      for (let at = first; at < to; at += idsAKey) pieces.push(...(kv.get<string[]>(`ids ${at}`) ?? []));
      return pieces.slice(from - first, to - first);
    },

    refuse: (row: RefusalRow): void =>
      void sql.exec(
        "INSERT OR REPLACE INTO refusals (device_id, user_id, reason, detail, at) VALUES (?, ?, ?, ?, ?)",
        row.device_id,
        row.user_id,
        row.reason,
        row.detail,
        row.at,
      ),

    refusals: (limit: number, after: readonly [string, string]): RefusalRow[] =>
      rows<RefusalRow>(
        "SELECT * FROM refusals WHERE (device_id, user_id) > (?, ?) ORDER BY device_id, user_id LIMIT ?",
        ...after,
        limit,
      ),

    refusalReasons: (): { [reason: string]: number } =>
      Object.fromEntries(
        rows<{ reason: string; n: number }>("SELECT reason, count(*) AS n FROM refusals GROUP BY reason").map(
          ({ reason, n }) => [reason, n],
        ),
      ),

    refusalCount: (): number => count("refusals"),

    putLater: ({ device_id, user_id, attempts, due_at, fault }: LaterRow): void =>
      void sql.exec(
        "INSERT OR REPLACE INTO later (device_id, user_id, attempts, due_at, fault) VALUES (?, ?, ?, ?, ?)",
        device_id,
        user_id,
        attempts,
        due_at,
        fault,
      ),

    dropLater: (deviceId: string, userId: string): void =>
      void sql.exec("DELETE FROM later WHERE device_id = ? AND user_id = ?", deviceId, userId),

    attemptsOf: (deviceId: string, userId: string): number =>
      rows<{ attempts: number }>(
        "SELECT attempts FROM later WHERE device_id = ? AND user_id = ?",
        deviceId,
        userId,
      )[0]?.attempts ?? 0,

    laterDue: (now: number, limit: number): LaterRow[] =>
      rows<LaterRow>("SELECT * FROM later WHERE due_at <= ? ORDER BY due_at LIMIT ?", now, limit),

    nextLaterAt: (): number | null =>
      rows<{ at: number | null }>("SELECT min(due_at) AS at FROM later")[0]?.at ?? null,

    laterCount: (): number => count("later"),
  };
}
