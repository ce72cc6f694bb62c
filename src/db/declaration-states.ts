import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { DeclarationState, Reason } from "../declarations/states.ts";
import { among, chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { declarationStates, statusValues } from "./schema/states.ts";

/**
 * The states of declarations on channels, and status items with one value, from events. Events before the device's newest
 * one change nothing, so a batch may be repeated.
 */
export type StandingState = {
  identifier: string;
  state: DeclarationState;
  serverToken: string;
  reasons: readonly Reason[];
};

type Whose = { deviceId: string; userId: string; seq: number; at: number };

const isNews = ({ deviceId, seq }: Pick<Whose, "deviceId" | "seq">): SQL =>
  sql`EXISTS (SELECT 1 FROM devices WHERE id = ${deviceId} AND applied_seq < ${seq})`;

// Far below the megabytes that a parameter may have.
const statesAStatement = 200;

export const putDeclarationStates = (db: Db, whose: Whose, states: readonly StandingState[]): Statement[] =>
  chunks(states, statesAStatement).map((some) => {
    const { deviceId, userId, seq, at } = whose;
    const rows = JSON.stringify(
      some.map(({ identifier, state, reasons, serverToken }) => [identifier, state, reasons, serverToken]),
    );
    return db
      .insert(declarationStates)
      .select(
        sql`SELECT ${deviceId}, ${userId}, value->>0, value->>1, value->2, value->>3, ${seq}, ${at}
          FROM json_each(${rows}) WHERE ${isNews(whose)}`,
      )
      .onConflictDoUpdate({
        target: [declarationStates.deviceId, declarationStates.userId, declarationStates.identifier],
        set: {
          state: sql`excluded.state`,
          reasons: sql`excluded.reasons`,
          serverToken: sql`excluded.server_token`,
          seq: sql`excluded.seq`,
          updatedAt: sql`excluded.updated_at`,
        },
      });
  });

export const dropDeclarationStates = (db: Db, whose: Whose, identifiers: readonly string[]): Statement =>
  db.delete(declarationStates).where(
    sql`device_id = ${whose.deviceId} AND user_id = ${whose.userId} AND ${isNews(whose)}
        AND identifier IN ${among(identifiers)}`,
  );

export const putStatusValues = (
  db: Db,
  whose: Whose,
  values: readonly (readonly [path: string, json: string])[],
): Statement =>
  db
    .insert(statusValues)
    .select(
      sql`SELECT ${whose.deviceId}, ${whose.userId}, value->>0, value->>1, ${whose.seq}, ${whose.at}
        FROM json_each(${JSON.stringify(values)}) WHERE ${isNews(whose)}`,
    )
    .onConflictDoUpdate({
      target: [statusValues.deviceId, statusValues.userId, statusValues.path],
      set: { value: sql`excluded.value`, seq: sql`excluded.seq`, updatedAt: sql`excluded.updated_at` },
    });

export const dropStatusValues = (db: Db, whose: Whose, paths: readonly string[]): Statement =>
  db.delete(statusValues).where(
    sql`device_id = ${whose.deviceId} AND user_id = ${whose.userId} AND ${isNews(whose)}
        AND path IN ${among(paths)}`,
  );

/** A device that leaves or enrolls again has no states until it reports them. */
export const forgetStates = (db: Db, whose: Pick<Whose, "deviceId" | "seq">): Statement =>
  db.delete(declarationStates).where(sql`device_id = ${whose.deviceId} AND ${isNews(whose)}`);

export const forgetValues = (db: Db, whose: Pick<Whose, "deviceId" | "seq">): Statement =>
  db.delete(statusValues).where(sql`device_id = ${whose.deviceId} AND ${isNews(whose)}`);

export type DeclarationStateRow = typeof declarationStates.$inferSelect;
export type StatusValueRow = typeof statusValues.$inferSelect;

/** The channels of a declaration, or those in one state, in the order of state, device and user: a range of one index. */
export const listDeclarationStates = (
  db: Db,
  identifier: string,
  state: DeclarationState | undefined,
  limit: number,
  after: readonly [state: string, deviceId: string, userId: string] | undefined,
): Promise<DeclarationStateRow[]> =>
  read(() =>
    db
      .select()
      .from(declarationStates)
      .where(
        and(
          eq(declarationStates.identifier, identifier),
          state === undefined ? undefined : eq(declarationStates.state, state),
          keyAfter([declarationStates.state, declarationStates.deviceId, declarationStates.userId], after),
        ),
      )
      .orderBy(declarationStates.state, declarationStates.deviceId, declarationStates.userId)
      .limit(limit),
  );

/** How many channels are in each state, counted along the index. */
export const countDeclarationStates = (
  db: Db,
  identifier: string,
): Promise<{ state: string; channels: number }[]> =>
  read(() =>
    db
      .select({ state: declarationStates.state, channels: sql<number>`count(*)` })
      .from(declarationStates)
      .where(eq(declarationStates.identifier, identifier))
      .groupBy(declarationStates.state),
  );

/** One item across the fleet, in the order of values: a range of one index. */
export const listStatusValues = (
  db: Db,
  path: string,
  anyOf: readonly string[] | undefined,
  limit: number,
  after: readonly [value: string, deviceId: string, userId: string] | undefined,
): Promise<StatusValueRow[]> =>
  read(() =>
    db
      .select()
      .from(statusValues)
      .where(
        and(
          eq(statusValues.path, path),
          anyOf && inArray(statusValues.value, [...anyOf]),
          keyAfter([statusValues.value, statusValues.deviceId, statusValues.userId], after),
        ),
      )
      .orderBy(statusValues.value, statusValues.deviceId, statusValues.userId)
      .limit(limit),
  );

/** The items that any channel has reported; each is found by one step along the index. */
export const listStatusPaths = (db: Db, limit: number, after: string): Promise<string[]> =>
  read(() =>
    db.all<{ path: string }>(sql`
      WITH RECURSIVE items (path) AS (
        SELECT min(path) FROM status_values WHERE path > ${after}
        UNION ALL
        SELECT (SELECT min(path) FROM status_values WHERE path > items.path) FROM items WHERE path IS NOT NULL
      ) SELECT path FROM items WHERE path IS NOT NULL LIMIT ${limit}`),
  ).then((rows) => rows.map(({ path }) => path));
