import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { DeviceFilters } from "../device-filters.ts";

/** A named bundle of profiles and declarations: what a channel that is given the set should have. */
export const sets = sqliteTable(
  "sets",
  {
    name: text("name").primaryKey(),
    description: text("description").notNull().default(""),
    /** As it was given, by the names of the device list's filters. Null: the set follows nobody by itself. */
    filter: text("filter", { mode: "json" }).$type<Record<string, string | boolean>>(),
    /** The same, as it was read (`db/device-filters.ts`). */
    rule: text("rule", { mode: "json" }).$type<DeviceFilters>(),
    /** Counts up with every other rule: whoever followed an older filter writes nothing. */
    version: integer("version").notNull().default(1),
    /** The server activates the set's configurations itself, under this condition if there is one. */
    activate: integer("activate", { mode: "boolean" }).notNull().default(false),
    predicate: text("predicate"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  // those that follow the fleet
  (table) => [index("sets_rule").on(table.name).where(sql`rule IS NOT NULL`)],
);

export const setMembers = sqliteTable(
  "set_members",
  {
    setName: text("set_name").notNull(),
    kind: text("kind", { enum: ["profile", "declaration"] }).notNull(),
    identifier: text("identifier").notNull(),
    /** The software-update policy that put it there and takes it away. Null: it is in the set's own list. */
    policy: text("policy"),
  },
  (table) => [
    primaryKey({ columns: [table.setName, table.kind, table.identifier] }),
    // the sets that a profile or declaration is in
    index("set_members_of").on(table.kind, table.identifier, table.setName),
  ],
);

/** Which channels have a set. */
export const channelSets = sqliteTable(
  "channel_sets",
  {
    deviceId: text("device_id").notNull(),
    /** Empty for the device channel. */
    userId: text("user_id").notNull(),
    setName: text("set_name").notNull(),
    /** Given by somebody, or because the set's filter matches. */
    source: text("source", { enum: ["given", "rule"] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.userId, table.setName, table.source] }),
    // who has a set, in the order of devices
    index("channel_sets_set").on(table.setName, table.deviceId, table.userId),
  ],
);

/** Changes that devices are still to be told of: written in one step with the change itself. */
export const assignmentChanges = sqliteTable(
  "assignment_changes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Whom it concerns (`db/assignment-changes.ts`). */
    concerns: text("concerns", { enum: ["device", "channels", "fleet", "removal", "everyone"] }).notNull(),
    setName: text("set_name"),
    deviceId: text("device_id"),
    /** Devices look what they should have, and are not sent for it until somebody asks. */
    quiet: integer("quiet", { mode: "boolean" }).notNull().default(false),
    /** How often it was tried in vain. */
    attempts: integer("attempts").notNull().default(0),
    /** When it is to be worked on. */
    dueAt: integer("due_at").notNull(),
  },
  (table) => [
    // the oldest that are due
    index("assignment_changes_due").on(table.dueAt, table.id),
  ],
);
