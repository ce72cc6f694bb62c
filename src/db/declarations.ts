import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, lt, sql } from "drizzle-orm";
import type { DeclarationKind } from "../declarations/declaration.ts";
import { among } from "./batch.ts";
import type { Guard, Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { declarationReferences, declarations, declarationVersions } from "./schema/declarations.ts";
import { profiles } from "./schema/profiles.ts";
import { setMembers } from "./schema/sets.ts";

export type DeclarationRow = typeof declarations.$inferSelect;
export type DeclarationEntry = Omit<DeclarationRow, "payload">;
export type DeclarationVersionRow = typeof declarationVersions.$inferSelect;
export type ReferenceKind = (typeof declarationReferences.$inferSelect)["kind"];
export type StoredReference = { kind: ReferenceKind; refersTo: string };

/** Older versions are deleted. */
const versionsKept = 100;

export const findDeclaration = (db: Db, identifier: string): Promise<DeclarationRow | undefined> =>
  read(() => db.select().from(declarations).where(eq(declarations.identifier, identifier)).get());

/** One statement and one parameter for any number. Missing ones are not in the answer. */
export const findDeclarations = (db: Db, identifiers: readonly string[]): Promise<DeclarationRow[]> =>
  read(() =>
    db
      .select()
      .from(declarations)
      .where(inArray(declarations.identifier, among(identifiers)))
      .orderBy(asc(declarations.identifier)),
  );

const { payload: _payload, ...entryColumns } = getTableColumns(declarations);

/** Without the long columns. */
export const listDeclarations = (
  db: Db,
  { kind, type }: { kind?: DeclarationKind | undefined; type?: string | undefined },
  limit: number,
  after: string | undefined,
): Promise<DeclarationEntry[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(declarations)
      .where(
        and(
          type === undefined ? undefined : eq(declarations.type, type),
          kind === undefined ? undefined : eq(declarations.kind, kind),
          after === undefined ? undefined : gt(declarations.identifier, after),
        ),
      )
      .orderBy(asc(declarations.identifier))
      .limit(limit),
  );

/** The identifiers that begin so, in order. */
export async function identifiersFrom(db: Db, prefix: string, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ identifier: declarations.identifier })
      .from(declarations)
      .where(and(gte(declarations.identifier, prefix), lt(declarations.identifier, `${prefix}\u{10ffff}`)))
      .orderBy(asc(declarations.identifier))
      .limit(limit),
  );
  return rows.map(({ identifier }) => identifier);
}

/** Only the identifiers of all of them, in order. */
export async function listIdentifiers(db: Db, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ identifier: declarations.identifier })
      .from(declarations)
      .orderBy(asc(declarations.identifier))
      .limit(limit),
  );
  return rows.map(({ identifier }) => identifier);
}

/** The library has just this content: for what is written in the same batch, after it. */
export const isPresent = ({
  identifier,
  version,
  serverToken,
}: Pick<DeclarationRow, "identifier" | "version" | "serverToken">): Guard =>
  sql`EXISTS (SELECT 1 FROM declarations WHERE identifier = ${identifier}
    AND version = ${version} AND server_token = ${serverToken})`;

/**
 * Writes the new content with its version and references; `also` runs in the same batch. False, and nothing is changed,
 * if the declaration is no longer at `row.version - 1`, because another request was faster.
 */
export async function putDeclaration(
  db: Db,
  row: DeclarationRow,
  references: readonly StoredReference[],
  also: readonly Statement[],
): Promise<boolean> {
  const { identifier, createdAt: _, ...rest } = row;
  const isThis = sql`SELECT 1 FROM declarations WHERE identifier = ${identifier}
    AND version = ${row.version} AND server_token = ${row.serverToken}`;
  const [changed] = await db.batch([
    db
      .insert(declarations)
      .values(row)
      .onConflictDoUpdate({
        target: declarations.identifier,
        set: rest,
        setWhere: eq(declarations.version, row.version - 1),
      })
      .returning({ identifier: declarations.identifier }),
    // the columns in the order of the table
    db
      .insert(declarationVersions)
      .select(
        sql`SELECT identifier, version, type, payload, server_token, data_sha256, updated_at, updated_by
          FROM declarations WHERE identifier = ${identifier} AND EXISTS (${isThis})`,
      )
      .onConflictDoNothing(),
    db
      .delete(declarationVersions)
      .where(
        and(
          eq(declarationVersions.identifier, identifier),
          lt(declarationVersions.version, row.version - versionsKept + 1),
        ),
      ),
    db
      .delete(declarationReferences)
      .where(and(eq(declarationReferences.identifier, identifier), sql`EXISTS (${isThis})`)),
    db
      .insert(declarationReferences)
      .select(
        sql`SELECT ${identifier}, value ->> 'kind', value ->> 'refersTo'
          FROM json_each(${JSON.stringify(references)}) WHERE EXISTS (${isThis})`,
      )
      .onConflictDoNothing(),
    ...also,
  ]);
  return changed.length > 0;
}

/** False if it has changed since it was read. */
export async function touchDeclaration(
  db: Db,
  row: DeclarationRow,
  serverToken: string,
  also: readonly Statement[],
): Promise<boolean> {
  const [changed] = await db.batch([
    db
      .update(declarations)
      .set({ touches: row.touches + 1, serverToken })
      .where(
        and(
          eq(declarations.identifier, row.identifier),
          eq(declarations.version, row.version),
          eq(declarations.touches, row.touches),
        ),
      )
      .returning({ identifier: declarations.identifier }),
    ...also,
  ]);
  return changed.length > 0;
}

/** Deletes it unless a set or another declaration uses it. False: it is in use, or it did not exist. */
export async function deleteDeclaration(db: Db, identifier: string): Promise<boolean> {
  const isGone = sql`NOT EXISTS (SELECT 1 FROM declarations WHERE identifier = ${identifier})`;
  const [gone] = await db.batch([
    db
      .delete(declarations)
      .where(
        and(
          eq(declarations.identifier, identifier),
          sql`NOT EXISTS (SELECT 1 FROM set_members WHERE kind = 'declaration' AND identifier = ${identifier})`,
          sql`NOT EXISTS (SELECT 1 FROM declaration_references
            WHERE kind = 'declaration' AND refers_to = ${identifier} AND identifier <> ${identifier})`,
          sql`NOT EXISTS (SELECT 1 FROM rollout_items WHERE open = 1 AND kind = 'declaration'
            AND change = 'removed' AND identifier = ${identifier})`,
        ),
      )
      .returning({ identifier: declarations.identifier }),
    db.delete(declarationVersions).where(and(eq(declarationVersions.identifier, identifier), isGone)),
    db.delete(declarationReferences).where(and(eq(declarationReferences.identifier, identifier), isGone)),
  ]);
  return gone.length > 0;
}

/** Newest first. */
export const listVersions = (
  db: Db,
  identifier: string,
  limit: number,
  before: number | undefined,
): Promise<DeclarationVersionRow[]> =>
  read(() =>
    db
      .select()
      .from(declarationVersions)
      .where(
        and(
          eq(declarationVersions.identifier, identifier),
          before === undefined ? undefined : lt(declarationVersions.version, before),
        ),
      )
      .orderBy(desc(declarationVersions.version))
      .limit(limit),
  );

export const findVersion = (
  db: Db,
  identifier: string,
  version: number,
): Promise<DeclarationVersionRow | undefined> =>
  read(() =>
    db
      .select()
      .from(declarationVersions)
      .where(and(eq(declarationVersions.identifier, identifier), eq(declarationVersions.version, version)))
      .get(),
  );

const { identifier: referrer, type } = getTableColumns(declarations);

/** The declarations that refer to it: they must not lose it, and its type must fit their references. */
export const listReferrers = (
  db: Db,
  kind: ReferenceKind,
  refersTo: string,
  limit: number,
): Promise<{ identifier: string; type: string }[]> =>
  read(() =>
    db
      .select({ identifier: referrer, type })
      .from(declarationReferences)
      .innerJoin(declarations, eq(declarations.identifier, declarationReferences.identifier))
      .where(and(eq(declarationReferences.kind, kind), eq(declarationReferences.refersTo, refersTo)))
      .orderBy(asc(declarations.identifier))
      .limit(limit),
  );

/** Which of these profiles the library has. */
export async function knownProfiles(db: Db, identifiers: readonly string[]): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ identifier: profiles.identifier })
      .from(profiles)
      .where(inArray(profiles.identifier, among(identifiers))),
  );
  return rows.map((row) => row.identifier);
}

/** The sets that hold it. */
export async function listSetsWith(db: Db, identifier: string, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ name: setMembers.setName })
      .from(setMembers)
      .where(and(eq(setMembers.kind, "declaration"), eq(setMembers.identifier, identifier)))
      .orderBy(asc(setMembers.setName))
      .limit(limit),
  );
  return rows.map(({ name }) => name);
}
