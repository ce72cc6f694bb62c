import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Things of the API that a program made and looks after, such as `edgemdm apply`; what people made has no row. */
export const managedThings = sqliteTable(
  "managed_things",
  {
    /** The address, such as `/api/v1/sets/office`. */
    path: text("path").primaryKey(),
    /** The program's name for itself, such as `files/office`. */
    managedBy: text("managed_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    // listManagedThings of one program
    index("managed_things_by_manager").on(table.managedBy, table.path),
  ],
);

/** Whose turn it is to write a thing: between the comparison that a condition asks for and the write, nobody else's. */
export const writeTurns = sqliteTable("write_turns", {
  path: text("path").primaryKey(),
  /** Who has it. */
  holder: text("holder").notNull(),
  takenAt: integer("taken_at").notNull(),
});
