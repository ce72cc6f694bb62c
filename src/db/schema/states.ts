import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The state of each profile on each channel, as last reported by its object. */
export const profileStates = sqliteTable(
  "profile_states",
  {
    deviceId: text("device_id").notNull(),
    userId: text("user_id").notNull(),
    identifier: text("identifier").notNull(),
    state: text("state").notNull(),
    reason: text("reason"),
    version: integer("version"),
    seq: integer("seq").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.userId, table.identifier] }),
    // a profile across the fleet, and how many are in each state
    index("profile_states_of").on(table.identifier, table.state, table.deviceId, table.userId),
  ],
);

/** The state of each declaration on each channel, as last reported by its object. */
export const declarationStates = sqliteTable(
  "declaration_states",
  {
    deviceId: text("device_id").notNull(),
    userId: text("user_id").notNull(),
    identifier: text("identifier").notNull(),
    state: text("state").notNull(),
    reasons: text("reasons", { mode: "json" }).$type<unknown[]>().notNull(),
    serverToken: text("server_token").notNull(),
    seq: integer("seq").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.userId, table.identifier] }),
    // a declaration across the fleet, and how many are in each state
    index("declaration_states_of").on(table.identifier, table.state, table.deviceId, table.userId),
  ],
);

/** Status items with one value, as devices last reported them; lists stay with their object. */
export const statusValues = sqliteTable(
  "status_values",
  {
    deviceId: text("device_id").notNull(),
    userId: text("user_id").notNull(),
    path: text("path").notNull(),
    /** As JSON. */
    value: text("value").notNull(),
    seq: integer("seq").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.userId, table.path] }),
    // one item across the fleet, and the channels with one value of it
    index("status_values_path").on(table.path, table.value, table.deviceId, table.userId),
  ],
);
