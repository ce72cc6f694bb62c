import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** The events of the whole fleet, in the order of arrival in the directory. */
export const events = sqliteTable(
  "events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    deviceId: text("device_id").notNull(),
    /** Rises with each event of one device: an event that is delivered twice is still one row. */
    seq: integer("seq").notNull(),
    name: text("name").notNull(),
    userId: text("user_id"),
    detail: text("detail", { mode: "json" })
      .$type<Record<string, string | number | boolean | null>>()
      .notNull(),
    at: integer("at").notNull(),
  },
  (table) => [
    // the events of a device, and the guard against a second delivery
    uniqueIndex("events_device_seq").on(table.deviceId, table.seq),
    // retention: what is older than
    index("events_at").on(table.at),
  ],
);

/** Headers of commands in the directory; the device's object has the complete and exact commands. */
export const commands = sqliteTable(
  "commands",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    uuid: text("uuid").notNull(),
    deviceId: text("device_id").notNull(),
    userId: text("user_id").notNull(),
    requestType: text("request_type").notNull(),
    state: text("state", {
      enum: ["queued", "sent", "not_now", "acknowledged", "error", "format_error", "cancelled", "expired"],
    }).notNull(),
    error: text("error"),
    origin: text("origin").notNull(),
    seq: integer("seq").notNull(),
    queuedAt: integer("queued_at").notNull(),
    finishedAt: integer("finished_at"),
  },
  (table) => [
    // every channel that got a command
    uniqueIndex("commands_uuid").on(table.uuid, table.deviceId, table.userId),
    // retention: what is older than
    index("commands_queued").on(table.queuedAt),
  ],
);
