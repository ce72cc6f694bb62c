import { asc, count, eq } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { contentLocations } from "./schema/licences.ts";

export type ContentLocationRow = typeof contentLocations.$inferSelect;
export type ContentLocationColumns = Partial<Omit<ContentLocationRow, "name" | "createdAt" | "createdBy">>;

/** A few, made by hand and bounded in number: no cursor. */
export const listLocations = (db: Db): Promise<ContentLocationRow[]> =>
  read(() => db.select().from(contentLocations).orderBy(asc(contentLocations.name)).all());

export const findLocation = (db: Db, name: string): Promise<ContentLocationRow | undefined> =>
  read(() => db.select().from(contentLocations).where(eq(contentLocations.name, name)).get());

export const findLocationOfLibrary = (db: Db, uid: string): Promise<ContentLocationRow | undefined> =>
  read(() => db.select().from(contentLocations).where(eq(contentLocations.uid, uid)).get());

export async function insertLocation(
  db: Db,
  row: ContentLocationRow,
  most: number,
): Promise<"added" | "exists" | "too-many"> {
  const [{ n } = { n: 0 }] = await db.select({ n: count() }).from(contentLocations);
  if (n >= most) return "too-many";
  const added = await db
    .insert(contentLocations)
    .values(row)
    .onConflictDoNothing()
    .returning({ name: contentLocations.name });
  return added.length > 0 ? "added" : "exists";
}

/** A statement: some changes go along with others. */
export const setLocation = (db: Db, name: string, columns: ContentLocationColumns) =>
  db.update(contentLocations).set(columns).where(eq(contentLocations.name, name));

export async function changeLocation(
  db: Db,
  name: string,
  columns: ContentLocationColumns,
): Promise<ContentLocationRow | undefined> {
  const [row] = await setLocation(db, name, columns).returning();
  return row;
}

/** What is known of its licences goes in pages. */
export const deleteLocation = (db: Db, name: string): Statement =>
  db.delete(contentLocations).where(eq(contentLocations.name, name));
