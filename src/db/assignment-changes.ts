import { and, asc, eq, inArray, lte, type SQL, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { declarationReferences } from "./schema/declarations.ts";
import { assignmentChanges, setMembers } from "./schema/sets.ts";

/**
 * Notes of what devices are still to be told. Each is a statement for the batch that makes the change, so that no
 * change is without its note; the job `assign` works through them (`assignment/start-assigning.ts` starts it after the batch).
 */
export type ChangeRow = typeof assignmentChanges.$inferSelect;

export type MemberKind = (typeof setMembers.$inferSelect)["kind"];

/** `quiet`: devices learn of it, and are not sent for it until somebody asks. */
export type ChangeOptions = { now: number; quiet?: boolean };

const noted = ({ now, quiet = false }: ChangeOptions) => ({ quiet, dueAt: now });

/** This device has other sets, or is filled in otherwise: its tags, its attributes. */
export const deviceChanged = (db: Db, deviceId: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "device", deviceId, ...noted(options) });

/** All these devices, however many: one statement, one parameter. */
export const devicesChanged = (
  db: Db,
  deviceIds: readonly string[],
  { now, quiet = false }: ChangeOptions,
): Statement =>
  db
    .insert(assignmentChanges)
    .select(
      sql`SELECT NULL, 'device', NULL, value, ${quiet ? 1 : 0}, 0, ${now} FROM json_each(${JSON.stringify(deviceIds)})`,
    );

/** The set has other members: every channel that has it. */
export const setChanged = (db: Db, setName: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "channels", setName, ...noted(options) });

/** The set follows the fleet by another filter: every device. */
export const ruleChanged = (db: Db, setName: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "fleet", setName, ...noted(options) });

/** What every channel has by itself is another. */
export const everyoneChanged = (db: Db, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "everyone", ...noted(options) });

/** The set is no more: it is taken from every channel that has it. */
export const setRemoved = (db: Db, setName: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "removal", setName, ...noted(options) });

/**
 * A profile or declaration has other content: every channel of each set that holds it. A profile also changes what a
 * declaration that refers to it says. Before the member itself is removed, if it is removed.
 */
export const memberChanged = (
  db: Db,
  kind: MemberKind,
  identifier: string,
  { now, quiet = false }: ChangeOptions,
): Statement =>
  db.insert(assignmentChanges).select(
    sql`SELECT NULL, 'channels', set_name, NULL, ${quiet ? 1 : 0}, 0, ${now} FROM (
      SELECT set_name FROM ${setMembers} WHERE kind = ${kind} AND identifier = ${identifier}
      UNION
      SELECT set_name FROM ${declarationReferences} AS reference
        JOIN ${setMembers} AS holding ON holding.kind = 'declaration' AND holding.identifier = reference.identifier
        WHERE ${kind} = 'profile' AND reference.kind = 'profile' AND reference.refers_to = ${identifier}
    )`,
  );

/** A file is served as something else: whoever has a declaration that points to it. */
export const fileChanged = (db: Db, sha256: string, { now, quiet = false }: ChangeOptions): Statement =>
  db.insert(assignmentChanges).select(
    sql`SELECT DISTINCT NULL, 'channels', set_name, NULL, ${quiet ? 1 : 0}, 0, ${now} FROM set_members
      WHERE kind = 'declaration' AND identifier IN (SELECT identifier FROM declarations WHERE data_sha256 = ${sha256})`,
  );

/** Whoever has one of these sets or declarations, and these devices: three statements, however many are named. */
export const namedChanged = (
  db: Db,
  named: { declarations: readonly string[]; setNames: readonly string[]; deviceIds: readonly string[] },
  options: ChangeOptions,
): Statement[] => {
  const noteSets = (chosen: SQL) =>
    db
      .insert(assignmentChanges)
      .select(
        sql`SELECT NULL, 'channels', name, NULL, ${options.quiet ? 1 : 0}, 0, ${options.now} FROM (${chosen})`,
      );
  return [
    noteSets(sql`SELECT DISTINCT set_name AS name FROM set_members
      WHERE kind = 'declaration' AND identifier IN ${among(named.declarations)}`),
    noteSets(sql`SELECT name FROM sets WHERE name IN ${among(named.setNames)}`),
    devicesChanged(db, named.deviceIds, options),
  ];
};

/** The oldest that are due. */
export const dueChanges = (db: Db, now: number, limit: number): Promise<ChangeRow[]> =>
  read(() =>
    db
      .select()
      .from(assignmentChanges)
      .where(lte(assignmentChanges.dueAt, now))
      .orderBy(asc(assignmentChanges.dueAt), asc(assignmentChanges.id))
      .limit(limit),
  );

/** Whether a set of this name is still being taken from devices. */
export async function isBeingRemoved(db: Db, setName: string): Promise<boolean> {
  const { concerns, setName: name, id } = assignmentChanges;
  const [row] = await read(() =>
    db
      .select({ id })
      .from(assignmentChanges)
      .where(and(eq(concerns, "removal"), eq(name, setName)))
      .limit(1),
  );
  return row !== undefined;
}

const listed = (ids: readonly number[]) => inArray(assignmentChanges.id, among(ids));

export const deleteChanges = (db: Db, ids: readonly number[]): Statement =>
  db.delete(assignmentChanges).where(listed(ids));

/** A device that did not answer is tried again, on its own. */
export const retryDevice = (
  db: Db,
  deviceId: string,
  retry: { attempts: number; quiet: boolean; dueAt: number },
): Statement => db.insert(assignmentChanges).values({ concerns: "device", deviceId, ...retry });
