import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { attributeTypes } from "../attribute-types.ts";

/** What an attribute of devices may be. An attribute without a definition is any short text. */
export const attributeDefinitions = sqliteTable("attribute_definitions", {
  name: text("name").primaryKey(),
  type: text("type", { enum: attributeTypes }).notNull(),
  description: text("description").notNull().default(""),
  /** Of a choice. */
  choices: text("choices", { mode: "json" }).$type<string[]>(),
  /** Of a number; of a text, how long it may be. */
  minimum: real("minimum"),
  maximum: real("maximum"),
  /** Of a date, such as 2026-01-31. */
  earliest: text("earliest"),
  latest: text("latest"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
