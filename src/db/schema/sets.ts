import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { DeviceFilters } from "../given-filters.ts";

/** A named bundle of profiles, declarations and apps that a channel with the set should have. */
export const sets = sqliteTable(
  "sets",
  {
    name: text("name").primaryKey(),
    description: text("description").notNull().default(""),
    /** The filter as it was given, with the names of the device list's filters. Null: the set has no filter. */
    filter: text("filter", { mode: "json" }).$type<Record<string, string | boolean>>(),
    /** The parsed filter (`db/given-filters.ts`). */
    rule: text("rule", { mode: "json" }).$type<DeviceFilters>(),
    /** Goes up by one with every new filter: work for an older filter writes nothing. */
    version: integer("version").notNull().default(1),
    /** Whether the server itself activates the set's configurations, with this condition if there is one. */
    activate: integer("activate", { mode: "boolean" }).notNull().default(false),
    predicate: text("predicate"),
    /** How devices with the set are named, with variables; null: the set names none. */
    deviceName: text("device_name"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  // sets with a filter
  (table) => [index("sets_rule").on(table.name).where(sql`rule IS NOT NULL`)],
);

/** What a set can have, and what a device can choose. */
export const memberKinds = ["profile", "declaration", "app"] as const;
const memberKind = { enum: memberKinds };

export const setMembers = sqliteTable(
  "set_members",
  {
    setName: text("set_name").notNull(),
    kind: text("kind", memberKind).notNull(),
    identifier: text("identifier").notNull(),
    /** The software-update policy that added it and will remove it. Null: it is in the set's own list. */
    policy: text("policy"),
    /** A channel with the set gets it only if it is chosen there (`device_choices`). */
    optional: integer("optional", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.setName, table.kind, table.identifier] }),
    // the sets that a profile, declaration or app is in
    index("set_members_of").on(table.kind, table.identifier, table.setName),
  ],
);

/**
 * Which optional members a channel chose. A choice counts for one enrollment: the next one begins without any. It counts
 * only while a set of the channel offers the member.
 */
export const deviceChoices = sqliteTable(
  "device_choices",
  {
    deviceId: text("device_id").notNull(),
    /** Empty for the device channel. */
    userId: text("user_id").notNull(),
    kind: text("kind", memberKind).notNull(),
    identifier: text("identifier").notNull(),
    /** The enrollment that it counts for. */
    generation: integer("generation").notNull(),
    chosenAt: integer("chosen_at").notNull(),
    /** A token's id. Null: a person at the device. */
    chosenBy: text("chosen_by"),
  },
  (table) => [primaryKey({ columns: [table.deviceId, table.userId, table.kind, table.identifier] })],
);

/** Which channels have a set. */
export const channelSets = sqliteTable(
  "channel_sets",
  {
    deviceId: text("device_id").notNull(),
    /** Empty for the device channel. */
    userId: text("user_id").notNull(),
    setName: text("set_name").notNull(),
    /** Given by an administrator, or because the set's filter matches. */
    source: text("source", { enum: ["given", "rule"] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.userId, table.setName, table.source] }),
    // the channels that have a set, in the order of devices
    index("channel_sets_set").on(table.setName, table.deviceId, table.userId),
  ],
);

/** Notes of changes of which devices must still be notified, written in one step with the change. */
export const assignmentChanges = sqliteTable(
  "assignment_changes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** The affected devices (`db/assignment-changes.ts`). */
    concerns: text("concerns", {
      enum: ["device", "channels", "fleet", "removal", "everyone", "person"],
    }).notNull(),
    setName: text("set_name"),
    deviceId: text("device_id"),
    /** Devices reconcile but are not notified. */
    quiet: integer("quiet", { mode: "boolean" }).notNull().default(false),
    /** The number of failed tries. */
    attempts: integer("attempts").notNull().default(0),
    /** When it is due. */
    dueAt: integer("due_at").notNull(),
    /** Whose devices. */
    personId: text("person_id"),
  },
  (table) => [
    // the oldest that are due
    index("assignment_changes_due").on(table.dueAt, table.id),
  ],
);
