import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The targets of events. They are few, and each has an object with its queue. */
export const webhooks = sqliteTable("webhooks", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  style: text("style", { enum: ["nanomdm", "cloudevents", "slack"] }).notNull(),
  /** Names of events, or beginnings of names with a star. */
  topics: text("topics", { mode: "json" }).$type<string[]>().notNull(),
  /** The host of the address, for lists and logs: the rest can be a secret. */
  host: text("host").notNull(),
  /** Address and secrets, as `webhook` of the id. */
  sealed: text("sealed").notNull(),
  /** Whether messages keep the secrets that are masked otherwise. */
  includeSecrets: integer("include_secrets", { mode: "boolean" }).notNull().default(false),
  state: text("state", { enum: ["active", "paused"] }).notNull(),
  /** Why the server paused it; null: a person did. */
  pausedReason: text("paused_reason"),
  /** Until then its object looks for new events by itself and need not be woken. */
  awakeUntil: integer("awake_until").notNull().default(0),
  /** The last event that its object had handled when it wrote this: a new object begins there. */
  cursor: integer("cursor").notNull(),
  /** Since then nothing was delivered; null: the last message was delivered. */
  failingSince: integer("failing_since"),
  lastFault: text("last_fault"),
  deadLetters: integer("dead_letters").notNull().default(0),
  createdAt: integer("created_at").notNull(),
  /** A token's id. */
  createdBy: text("created_by").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
