import { asc, eq, gt, inArray, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { attributeDefinitions } from "./schema/attributes.ts";

export type DefinitionRow = typeof attributeDefinitions.$inferSelect;

/** More would be no overview, and each request with values reads those it names. */
export const mostDefinitions = 500;

export const findDefinition = (db: Db, name: string): Promise<DefinitionRow | undefined> =>
  read(() => db.select().from(attributeDefinitions).where(eq(attributeDefinitions.name, name)).get());

export const definitionsOf = (db: Db, names: readonly string[]): Promise<DefinitionRow[]> =>
  read(() =>
    db
      .select()
      .from(attributeDefinitions)
      .where(inArray(attributeDefinitions.name, among(names))),
  );

/** By name. */
export const listDefinitions = (db: Db, limit: number, after = ""): Promise<DefinitionRow[]> =>
  read(() =>
    db
      .select()
      .from(attributeDefinitions)
      .where(gt(attributeDefinitions.name, after))
      .orderBy(asc(attributeDefinitions.name))
      .limit(limit),
  );

/** Undefined: it would be one too many. */
export async function putDefinition(db: Db, row: DefinitionRow): Promise<DefinitionRow | undefined> {
  const { name, createdAt: _, ...rest } = row;
  const [found] = await db.batch([
    db.select({ count: sql<number>`count(*)` }).from(attributeDefinitions).where(sql`name <> ${name}`),
  ]);
  if ((found[0]?.count ?? 0) >= mostDefinitions) return undefined;
  return db
    .insert(attributeDefinitions)
    .values(row)
    .onConflictDoUpdate({ target: attributeDefinitions.name, set: rest })
    .returning()
    .get();
}

/** False: there was none. Values of devices stay. */
export async function deleteDefinition(db: Db, name: string): Promise<boolean> {
  const gone = await db
    .delete(attributeDefinitions)
    .where(eq(attributeDefinitions.name, name))
    .returning({ name: attributeDefinitions.name });
  return gone.length > 0;
}
