import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who changed or tried to change what through an API. */
export const auditEntries = sqliteTable(
  "audit_entries",
  {
    // Also the order: rows are only ever added.
    id: integer("id").primaryKey({ autoIncrement: true }),
    tokenId: text("token_id").notNull(),
    tokenName: text("token_name").notNull(),
    role: text("role").notNull(),
    method: text("method").notNull(),
    /** The pattern of the route. */
    route: text("route").notNull(),
    /** The resource, as its path under /api/v1/. */
    target: text("target").notNull(),
    status: integer("status").notNull(),
    requestId: text("request_id").notNull(),
    ip: text("ip"),
    /** What the person said it was for, where a route asks for that. */
    reason: text("reason"),
    at: integer("at").notNull(),
  },
  (table) => [
    // listAudit by token
    index("audit_entries_by_token").on(table.tokenId, table.id),
    // listAudit by target and everything below it
    index("audit_entries_by_target").on(table.target, table.id),
    // listAudit since a time
    index("audit_entries_by_time").on(table.at),
  ],
);
