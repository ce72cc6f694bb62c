import { and, asc, desc, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { rolloutItems, rollouts } from "./schema/rollouts.ts";

/** Changes that reach devices ring by ring. */
export type RolloutRow = typeof rollouts.$inferSelect;
export type RolloutItem = typeof rolloutItems.$inferSelect;
export type RolloutKind = RolloutRow["kind"];
export type OpenRollout = { row: RolloutRow; items: RolloutItem[] };

const isOpen = isNull(rollouts.endedAt);

export const findRollout = (db: Db, id: string): Promise<RolloutRow | undefined> =>
  read(() => db.select().from(rollouts).where(eq(rollouts.id, id)).get());

export const itemsOfRollout = (db: Db, id: string): Promise<RolloutItem[]> =>
  read(() =>
    db
      .select()
      .from(rolloutItems)
      .where(eq(rolloutItems.rolloutId, id))
      .orderBy(asc(rolloutItems.kind), asc(rolloutItems.identifier), asc(rolloutItems.setName)),
  );

/** The one that is not over. */
export async function findOpen(db: Db, kind: RolloutKind, subject: string): Promise<OpenRollout | undefined> {
  const row = await read(() =>
    db
      .select()
      .from(rollouts)
      .where(and(isOpen, eq(rollouts.kind, kind), eq(rollouts.subject, subject)))
      .orderBy(desc(rollouts.createdAt))
      .limit(1)
      .get(),
  );
  return row && { row, items: await itemsOfRollout(db, row.id) };
}

/** The next one that is not over, by id. */
export const nextOpen = (db: Db, after: string): Promise<RolloutRow | undefined> =>
  read(() =>
    db
      .select()
      .from(rollouts)
      .where(and(isOpen, gt(rollouts.id, after)))
      .orderBy(asc(rollouts.id))
      .limit(1)
      .get(),
  );

/** The last rollout of the subject that was cancelled. */
export const lastCancelled = (db: Db, kind: RolloutKind, subject: string): Promise<RolloutRow | undefined> =>
  read(() =>
    db
      .select()
      .from(rollouts)
      .where(and(eq(rollouts.kind, kind), eq(rollouts.subject, subject), eq(rollouts.state, "cancelled")))
      .orderBy(desc(rollouts.createdAt), desc(rollouts.id))
      .limit(1)
      .get(),
  );

/** Those that halted, up to a bound. */
export const listHalted = (db: Db, limit: number): Promise<RolloutRow[]> =>
  read(() =>
    db
      .select()
      .from(rollouts)
      .where(and(isOpen, eq(rollouts.state, "halted")))
      .orderBy(asc(rollouts.id))
      .limit(limit),
  );

/** Newest first. */
export const listRollouts = (
  db: Db,
  {
    state,
    kind,
    subject,
  }: {
    state?: RolloutRow["state"] | undefined;
    kind?: RolloutKind | undefined;
    subject?: string | undefined;
  },
  limit: number,
  after: readonly [createdAt: number, id: string] | undefined,
): Promise<RolloutRow[]> =>
  read(() =>
    db
      .select()
      .from(rollouts)
      .where(
        and(
          state === undefined ? undefined : eq(rollouts.state, state),
          kind === undefined ? undefined : eq(rollouts.kind, kind),
          subject === undefined ? undefined : eq(rollouts.subject, subject),
          keyBefore([rollouts.createdAt, rollouts.id], after),
        ),
      )
      .orderBy(desc(rollouts.createdAt), desc(rollouts.id))
      .limit(limit),
  );

/** Written only if `guard` holds: the change that it belongs to is in the same batch. */
export const putRollout = (
  db: Db,
  row: RolloutRow,
  items: readonly Omit<RolloutItem, "rolloutId" | "open">[],
  guard: SQL = sql`true`,
): Statement[] => [
  db.insert(rollouts).select(
    sql`SELECT ${row.id}, ${row.kind}, ${row.subject}, ${row.target}, ${row.seed}, ${JSON.stringify(row.plan)}, ${row.state},
      ${row.ring}, ${row.toldRing}, ${JSON.stringify(row.openedAt)}, NULL, NULL, NULL, ${JSON.stringify(row.accepted)},
      NULL, 0, ${row.createdAt}, ${row.createdBy}, NULL, NULL WHERE ${guard}`,
  ),
  db.insert(rolloutItems).select(
    sql`SELECT ${row.id}, value ->> 'kind', value ->> 'identifier', value ->> 'setName', value ->> 'change',
      value ->> 'version', value -> 'former', value ->> 'policy', 1
      FROM json_each(${JSON.stringify(items)}) WHERE ${guard}`,
  ),
];

type End = { state: "finished" | "cancelled" | "replaced"; now: number; by: string };

const ended = ({ state, now, by }: End) => ({
  state,
  endedAt: now,
  endedBy: by,
  revision: sql`${rollouts.revision} + 1`,
});

/** Every device then has the library's present state. Only if nothing has changed the rollout since it was read. */
export const endRollout = (
  db: Db,
  row: RolloutRow,
  end: End,
  seen: Pick<Progress, "counts" | "countedAt"> = {},
): Statement[] => [
  db
    .update(rolloutItems)
    .set({ open: false })
    .where(and(eq(rolloutItems.rolloutId, row.id), standsAsRead(row))),
  db
    .update(rollouts)
    .set({ ...seen, ...ended(end) })
    .where(stands(row)),
];

/** Every open rollout of the subject, if `guard` holds. */
export const endRolloutsOf = (
  db: Db,
  kind: RolloutKind,
  subject: string,
  end: End,
  guard: SQL = sql`true`,
): Statement[] => [
  db
    .update(rolloutItems)
    .set({ open: false })
    .where(
      sql`rollout_id IN (SELECT id FROM rollouts WHERE ended_at IS NULL AND kind = ${kind} AND subject = ${subject})
        AND ${guard}`,
    ),
  db
    .update(rollouts)
    .set(ended(end))
    .where(and(isOpen, eq(rollouts.kind, kind), eq(rollouts.subject, subject), guard)),
];

export type Progress = Partial<
  Pick<
    RolloutRow,
    "state" | "ring" | "toldRing" | "openedAt" | "cutoffs" | "counts" | "countedAt" | "accepted" | "reason"
  >
>;

const stands = (row: RolloutRow) => and(isOpen, eq(rollouts.id, row.id), eq(rollouts.revision, row.revision));

/** Only if nothing has changed it since it was read. */
export const stepRollout = (db: Db, row: RolloutRow, changes: Progress): Statement =>
  db
    .update(rollouts)
    .set({ ...changes, revision: row.revision + 1 })
    .where(stands(row));

/** For statements before its step in the same batch: it stands as it was read. */
export const standsAsRead = (row: RolloutRow): SQL =>
  sql`EXISTS (SELECT 1 FROM rollouts WHERE id = ${row.id} AND ended_at IS NULL AND revision = ${row.revision})`;

/** The sets whose channels a rollout concerns; a new profile also changes declarations that refer to it. */
export async function setsOfRollout(db: Db, id: string): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ name: string }>(sql`
      SELECT set_name AS name FROM rollout_items WHERE rollout_id = ${id} AND set_name <> ''
      UNION SELECT members.set_name FROM rollout_items AS items JOIN set_members AS members
        ON members.kind = items.kind AND members.identifier = items.identifier
        WHERE items.rollout_id = ${id} AND items.set_name = ''
      UNION SELECT members.set_name FROM rollout_items AS items
        JOIN declaration_references AS reference ON reference.kind = 'profile' AND reference.refers_to = items.identifier
        JOIN set_members AS members ON members.kind = 'declaration' AND members.identifier = reference.identifier
        WHERE items.rollout_id = ${id} AND items.set_name = '' AND items.kind = 'profile'
      ORDER BY 1`),
  );
  return rows.map(({ name }) => name);
}

/** The sets that have an item, or a declaration that refers to it. */
export async function setsWithVersion(
  db: Db,
  kind: RolloutItem["kind"],
  identifier: string,
): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ name: string }>(sql`
      SELECT set_name AS name FROM set_members WHERE kind = ${kind} AND identifier = ${identifier}
      UNION SELECT members.set_name FROM declaration_references AS reference
        JOIN set_members AS members ON members.kind = 'declaration' AND members.identifier = reference.identifier
        WHERE ${kind} = 'profile' AND reference.kind = 'profile' AND reference.refers_to = ${identifier}`),
  );
  return rows.map(({ name }) => name);
}

/** The profiles of the library that these declarations refer to. */
export async function profilesWrappedBy(db: Db, identifiers: readonly string[]): Promise<string[]> {
  if (identifiers.length === 0) return [];
  const rows = await read(() =>
    db.all<{ name: string }>(sql`SELECT DISTINCT refers_to AS name FROM declaration_references
      WHERE kind = 'profile' AND identifier IN ${among(identifiers)}`),
  );
  return rows.map(({ name }) => name);
}

/** The former content of an item for devices that its rollout has not reached. */
export const findFormer = (
  db: Db,
  kind: RolloutItem["kind"],
  identifier: string,
): Promise<Pick<RolloutItem, "former"> | undefined> =>
  read(() =>
    db
      .select({ former: rolloutItems.former })
      .from(rolloutItems)
      .where(sql`open = 1 AND change = 'version' AND kind = ${kind} AND identifier = ${identifier}`)
      .limit(1)
      .get(),
  );

/** Whether a channel has one of the sets, or a filter may soon give one of them to devices. */
export async function isAnybodyConcerned(db: Db, setNames: readonly string[]): Promise<boolean> {
  const names = among(setNames);
  const [row] = await read(() =>
    db.all<{ found: number }>(sql`SELECT
      EXISTS (SELECT 1 FROM channel_sets WHERE set_name IN ${names}) OR
      EXISTS (SELECT 1 FROM assignment_changes WHERE concerns = 'fleet' AND set_name IN ${names}) AS found`),
  );
  return row?.found === 1;
}

/** Whether a filter of one of the sets is still being compared with the fleet. */
export async function areFiltersDue(db: Db, setNames: readonly string[]): Promise<boolean> {
  const [row] = await read(() =>
    db.all<{ found: number }>(sql`SELECT EXISTS (
      SELECT 1 FROM assignment_changes WHERE concerns = 'fleet' AND set_name IN ${among(setNames)}) AS found`),
  );
  return row?.found === 1;
}

export async function pruneRollouts(db: Db, before: number, limit: number): Promise<number> {
  const old = sql`(SELECT id FROM rollouts WHERE ended_at < ${before} ORDER BY created_at LIMIT ${limit})`;
  const [, gone] = await db.batch([
    db.delete(rolloutItems).where(sql`rollout_id IN ${old}`),
    db.delete(rollouts).where(sql`id IN ${old}`).returning({ id: rollouts.id }),
  ]);
  return gone.length;
}
