import { and, asc, eq, gt, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { MemberKind } from "./assignment-changes.ts";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { setMembers, sets } from "./schema/sets.ts";

/** Sets and their members; `channel-sets.ts` has the channels that have them. */
export type SetRow = typeof sets.$inferSelect;
export type MemberRow = typeof setMembers.$inferSelect;
/** Lists of members, a list for each kind. */
export type MemberLists = { profiles: readonly string[]; declarations: readonly string[] };
/** What every channel with a set gets, and what it can choose. */
export type SetMembers = MemberLists & { optional: MemberLists };
export const noMembers: SetMembers = {
  ...{ profiles: [], declarations: [] },
  optional: { profiles: [], declarations: [] },
};
/** Apps of a set. They do not go ring by ring, so they have lists of their own. */
export type AppMembers = { required: readonly string[]; optional: readonly string[] };
type OwnLists = { profiles: string[]; declarations: string[] };
export type SetWhole = {
  row: SetRow;
  /** The set's own lists. */
  members: OwnLists & { optional: OwnLists };
  apps: { required: string[]; optional: string[] };
  /** The members from policies. */
  byPolicy: { policy: string; declarations: string[] }[];
};

export async function findSet(db: Db, name: string): Promise<SetWhole | undefined> {
  const [[row], members] = await read(() =>
    db.batch([
      db.select().from(sets).where(eq(sets.name, name)),
      db.select().from(setMembers).where(eq(setMembers.setName, name)).orderBy(asc(setMembers.identifier)),
    ]),
  );
  return row && { row, ...parted(members) };
}

/** By name, after the given one. */
export async function listSets(db: Db, limit: number, after = ""): Promise<SetWhole[]> {
  const rows = await read(() =>
    db.select().from(sets).where(gt(sets.name, after)).orderBy(asc(sets.name)).limit(limit),
  );
  const members = Map.groupBy(
    await membersOf(
      db,
      rows.map(({ name }) => name),
    ),
    ({ setName }) => setName,
  );
  return rows.map((row) => ({ row, ...parted(members.get(row.name) ?? []) }));
}

/** Only their names. */
export async function listSetNames(db: Db, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db.select({ name: sets.name }).from(sets).orderBy(asc(sets.name)).limit(limit),
  );
  return rows.map(({ name }) => name);
}

export const membersOf = (db: Db, names: readonly string[]): Promise<MemberRow[]> =>
  read(() =>
    db
      .select()
      .from(setMembers)
      .where(inArray(setMembers.setName, among(names)))
      .orderBy(asc(setMembers.setName), asc(setMembers.kind), asc(setMembers.identifier)),
  );

/** Which of these names are sets. */
export async function existingSets(db: Db, names: readonly string[]): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ name: sets.name })
      .from(sets)
      .where(inArray(sets.name, among(names))),
  );
  return rows.map(({ name }) => name);
}

/** The sets that a profile or declaration is in. */
export async function setsHolding(db: Db, kind: MemberKind, identifier: string): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ name: setMembers.setName })
      .from(setMembers)
      .where(and(eq(setMembers.kind, kind), eq(setMembers.identifier, identifier)))
      .orderBy(asc(setMembers.setName)),
  );
  return rows.map(({ name }) => name);
}

/** Which of these apps are not in the library. */
export async function missingApps(db: Db, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await read(() =>
    db.all<{ value: string }>(
      sql`SELECT DISTINCT value FROM json_each(${JSON.stringify(names)})
        WHERE NOT EXISTS (SELECT 1 FROM library_apps WHERE name = value)`,
    ),
  );
  return rows.map(({ value }) => value);
}

/** Which of these are not in the library. */
export async function missingMembers(
  db: Db,
  { profiles, declarations }: MemberLists,
): Promise<{ profiles: string[]; declarations: string[] }> {
  const missing = (names: readonly string[], table: SQL) =>
    db.all<{ value: string }>(
      sql`SELECT DISTINCT value FROM json_each(${JSON.stringify(names)})
        WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE identifier = value)`,
    );
  const [noProfiles, noDeclarations] = await Promise.all([
    profiles.length > 0 ? read(() => missing(profiles, sql`profiles`)) : [],
    declarations.length > 0 ? read(() => missing(declarations, sql`declarations`)) : [],
  ]);
  return {
    profiles: noProfiles.map(({ value }) => value),
    declarations: noDeclarations.map(({ value }) => value),
  };
}

/** A declaration that refers to another which a channel with these sets does not get. */
export type LooseReference = { identifier: string; refersTo: string };

const mostLoose = 100;

export const looseReferences = (db: Db, setNames: readonly string[]): Promise<LooseReference[]> =>
  read(() =>
    db.all<LooseReference>(sql`
      WITH members AS (
        SELECT DISTINCT identifier FROM set_members
        WHERE kind = 'declaration' AND set_name IN ${among(setNames)}
      )
      SELECT identifier, refers_to AS refersTo FROM declaration_references
      WHERE kind = 'declaration' AND identifier IN members AND refers_to NOT IN members
      ORDER BY identifier, refers_to LIMIT ${mostLoose}`),
  );

/**
 * Configurations that a channel with these sets gets and that no activation names: the device keeps them without effect.
 * A set with its own activation names all its configurations.
 */
export async function idleConfigurations(db: Db, setNames: readonly string[]): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ identifier: string }>(sql`
      WITH members AS (
        SELECT identifier, max(activate AND policy IS NULL) AS activated FROM set_members JOIN sets ON sets.name = set_name
        WHERE kind = 'declaration' AND set_name IN ${among(setNames)} GROUP BY identifier
      )
      SELECT identifier FROM members WHERE NOT activated
        AND identifier IN (SELECT identifier FROM declarations WHERE kind = 'configuration')
        AND NOT EXISTS (
          SELECT 1 FROM declaration_references AS reference
          JOIN declarations AS referrer ON referrer.identifier = reference.identifier AND referrer.kind = 'activation'
          WHERE reference.kind = 'declaration' AND reference.refers_to = members.identifier
            AND reference.identifier IN (SELECT identifier FROM members)
        )
      ORDER BY identifier LIMIT ${mostLoose}`),
  );
  return rows.map(({ identifier }) => identifier);
}

/** Which of these sets nobody has or can get automatically: without a filter, and not given to a channel. */
export async function setsOfNobody(db: Db, setNames: readonly string[]): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ name: string }>(sql`
      SELECT value AS name FROM json_each(${JSON.stringify(setNames)})
      WHERE NOT EXISTS (SELECT 1 FROM sets WHERE name = value AND rule IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM channel_sets WHERE set_name = value)`),
  );
  return rows.map(({ name }) => name);
}

export type NewSet = {
  name: string;
  description: string;
  filter: SetRow["filter"];
  rule?: SetRow["rule"];
  activate?: boolean;
  predicate?: string | null;
  deviceName?: string | null;
  members: SetMembers;
  /** undefined: as they are. */
  apps?: AppMembers | undefined;
};

/** Replaces the set. Members from policies stay. */
export function putSet(
  db: Db,
  {
    name,
    description,
    filter,
    rule = null,
    activate = false,
    predicate = null,
    deviceName = null,
    members,
    apps,
  }: NewSet,
  now: number,
): Statement[] {
  const content = { description, filter, rule, activate, predicate, deviceName, updatedAt: now };
  const version = sql`${sets.version} + (${sets.rule} IS NOT excluded.rule)`;
  return [
    db
      .insert(sets)
      .values({ name, ...content, createdAt: now })
      .onConflictDoUpdate({ target: sets.name, set: { ...content, version } }),
    db
      .delete(setMembers)
      .where(
        and(
          eq(setMembers.setName, name),
          isNull(setMembers.policy),
          apps === undefined ? ne(setMembers.kind, "app") : undefined,
        ),
      ),
    addMembers(db, name, "app", apps?.required ?? []),
    addMembers(db, name, "app", apps?.optional ?? [], true),
    addMembers(db, name, "profile", members.profiles),
    addMembers(db, name, "declaration", members.declarations),
    addMembers(db, name, "profile", members.optional.profiles, true),
    addMembers(db, name, "declaration", members.optional.declarations, true),
  ];
}

const addMembers = (
  db: Db,
  name: string,
  kind: MemberKind,
  identifiers: readonly string[],
  isOptional = false,
): Statement =>
  db
    .insert(setMembers)
    .select(
      sql`SELECT ${name}, ${kind}, value, NULL, ${isOptional ? 1 : 0} FROM json_each(${JSON.stringify(identifiers)}) WHERE true`,
    )
    .onConflictDoNothing();

/** Deletes only the set; the job takes it from channels. */
export const dropSet = (db: Db, name: string): Statement[] => [
  db.delete(setMembers).where(eq(setMembers.setName, name)),
  db.delete(sets).where(eq(sets.name, name)),
];

function parted(rows: readonly MemberRow[]): Pick<SetWhole, "members" | "apps" | "byPolicy"> {
  const own = rows.filter(({ policy }) => policy === null);
  const listedOf = (kind: MemberKind, isOptional: boolean) =>
    own.filter((row) => row.kind === kind && row.optional === isOptional).map(({ identifier }) => identifier);
  const lists = (isOptional: boolean): OwnLists => ({
    profiles: listedOf("profile", isOptional),
    declarations: listedOf("declaration", isOptional),
  });
  const owned = rows.flatMap(({ policy, identifier }) => (policy === null ? [] : [{ policy, identifier }]));
  return {
    members: { ...lists(false), optional: lists(true) },
    apps: { required: listedOf("app", false), optional: listedOf("app", true) },
    byPolicy: [...Map.groupBy(owned, ({ policy }) => policy)].map(([policy, members]) => ({
      policy,
      declarations: members.map(({ identifier }) => identifier),
    })),
  };
}
