import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Where events are sent: a few targets, each with an object that has its queue. */
export const webhooks = sqliteTable("webhooks", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  style: text("style", { enum: ["nanomdm", "cloudevents", "slack"] }).notNull(),
  /** Names of events, or their beginnings with a star. */
  topics: text("topics", { mode: "json" }).$type<string[]>().notNull(),
  /** Of the address, for lists and logs: the rest of it can be a secret. */
  host: text("host").notNull(),
  /** Address and secrets, as `webhook` of the id. */
  sealed: text("sealed").notNull(),
  /** Whether messages keep the secrets that are masked otherwise. */
  includeSecrets: integer("include_secrets", { mode: "boolean" }).notNull().default(false),
  state: text("state", { enum: ["active", "paused"] }).notNull(),
  /** Why it paused by itself; null: a person did. */
  pausedReason: text("paused_reason"),
  /** Until then its object looks by itself for what is new, and need not be woken. */
  awakeUntil: integer("awake_until").notNull().default(0),
  /** The last event that its object had dealt with when it wrote here: where a new object begins. */
  cursor: integer("cursor").notNull(),
  /** Nothing was delivered since; null: what was last sent came through. */
  failingSince: integer("failing_since"),
  lastFault: text("last_fault"),
  deadLetters: integer("dead_letters").notNull().default(0),
  createdAt: integer("created_at").notNull(),
  /** A token's id. */
  createdBy: text("created_by").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
