import { and, asc, eq, inArray, lte, type SQL, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { declarationReferences } from "./schema/declarations.ts";
import { assignmentChanges, setMembers } from "./schema/sets.ts";

/**
 * Notes of devices that must still be notified. Each is a statement in the batch of its change, so that no change is
 * without its note. The job `assign` works through the notes (`library/start-assigning.ts` starts it after the batch).
 */
export type ChangeRow = typeof assignmentChanges.$inferSelect;

export type MemberKind = (typeof setMembers.$inferSelect)["kind"];

/** `quiet`: devices reconcile but are not notified. */
export type ChangeOptions = { now: number; quiet?: boolean };

const noted = ({ now, quiet = false }: ChangeOptions) => ({ quiet, dueAt: now });

/** The sets, tags or attributes of this device have changed. */
export const deviceChanged = (db: Db, deviceId: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "device", deviceId, ...noted(options) });

/** All these devices: one statement and one parameter for any number. */
export const devicesChanged = (
  db: Db,
  deviceIds: readonly string[],
  { now, quiet = false }: ChangeOptions,
): Statement =>
  db
    .insert(assignmentChanges)
    .select(
      sql`SELECT NULL, 'device', NULL, value, ${quiet ? 1 : 0}, 0, ${now}, NULL FROM json_each(${JSON.stringify(deviceIds)})`,
    );

/** The members of the set have changed: affects every channel that has it. */
export const setChanged = (db: Db, setName: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "channels", setName, ...noted(options) });

/** The set's filter has changed: affects every device. */
export const ruleChanged = (db: Db, setName: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "fleet", setName, ...noted(options) });

/** What every channel gets from the server itself has changed. */
export const everyoneChanged = (db: Db, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "everyone", ...noted(options) });

/** What is known of the person has changed, or the person is erased: affects every device that is the person's. */
export const personChanged = (db: Db, personId: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "person", personId, ...noted(options) });

/** The set is deleted: it is taken from every channel that has it. */
export const setRemoved = (db: Db, setName: string, options: ChangeOptions): Statement =>
  db.insert(assignmentChanges).values({ concerns: "removal", setName, ...noted(options) });

/**
 * The content of a profile or declaration has changed: affects every channel of each set that has it. A profile also
 * changes declarations that refer to it. If the member is removed, this statement must come before the removal.
 */
export const memberChanged = (
  db: Db,
  kind: MemberKind,
  identifier: string,
  { now, quiet = false }: ChangeOptions,
): Statement =>
  db.insert(assignmentChanges).select(
    sql`SELECT NULL, 'channels', set_name, NULL, ${quiet ? 1 : 0}, 0, ${now}, NULL FROM (
      SELECT set_name FROM ${setMembers} WHERE kind = ${kind} AND identifier = ${identifier}
      UNION
      SELECT set_name FROM ${declarationReferences} AS reference
        JOIN ${setMembers} AS holding ON holding.kind = 'declaration' AND holding.identifier = reference.identifier
        WHERE ${kind} = 'profile' AND reference.kind = 'profile' AND reference.refers_to = ${identifier}
    )`,
  );

/** The package has another file: affects every channel of each set with an app that comes from it. */
export const packageChanged = (db: Db, name: string, { now, quiet = false }: ChangeOptions): Statement =>
  db.insert(assignmentChanges).select(
    sql`SELECT DISTINCT NULL, 'channels', set_name, NULL, ${quiet ? 1 : 0}, 0, ${now}, NULL FROM set_members
      WHERE kind = 'app'
        AND identifier IN (SELECT name FROM library_apps WHERE source ->> '$.package.name' = ${name})`,
  );

/** The content type of a file has changed: affects every channel with a declaration that refers to it. */
export const fileChanged = (db: Db, sha256: string, { now, quiet = false }: ChangeOptions): Statement =>
  db.insert(assignmentChanges).select(
    sql`SELECT DISTINCT NULL, 'channels', set_name, NULL, ${quiet ? 1 : 0}, 0, ${now}, NULL FROM set_members
      WHERE kind = 'declaration' AND identifier IN (SELECT identifier FROM declarations WHERE data_sha256 = ${sha256})`,
  );

/** Every channel with one of these sets or declarations, and these devices: three statements for any number. */
export const namedChanged = (
  db: Db,
  named: { declarations: readonly string[]; setNames: readonly string[]; deviceIds: readonly string[] },
  options: ChangeOptions,
): Statement[] => {
  const noteSets = (chosen: SQL) =>
    db
      .insert(assignmentChanges)
      .select(
        sql`SELECT NULL, 'channels', name, NULL, ${options.quiet ? 1 : 0}, 0, ${options.now}, NULL FROM (${chosen})`,
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

/** A device that did not answer gets its own note and is tried again. */
export const retryDevice = (
  db: Db,
  deviceId: string,
  retry: { attempts: number; quiet: boolean; dueAt: number },
): Statement => db.insert(assignmentChanges).values({ concerns: "device", deviceId, ...retry });
