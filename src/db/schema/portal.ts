import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Coverage } from "../../business-api/coverage.ts";
import type { OrgDevice } from "../../business-api/device.ts";
import type { AdeTrouble } from "./ade.ts";

/** API accounts of Apple's portals: each reads what one organisation bought, and moves its devices between servers. */
export const portalAccounts = sqliteTable("portal_accounts", {
  name: text("name").primaryKey(),
  portal: text("portal", { enum: ["business", "school"] }).notNull(),
  /** Of another service than Apple's, for tests; null: Apple's. */
  baseUrl: text("base_url"),
  clientId: text("client_id").notNull(),
  keyId: text("key_id").notNull(),
  /** PKCS#8, as `portal-key` of the name, client id and key id. */
  sealedKey: text("sealed_key").notNull(),
  keyAt: integer("key_at").notNull(),
  /** The access token, as `portal-token` of the name; null: one must be asked for. */
  sealedToken: text("sealed_token"),
  tokenUntil: integer("token_until"),
  /** `ok`, or why nothing works: the reason of `trouble`. */
  state: text("state").notNull(),
  stateSince: integer("state_since").notNull(),
  trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
  /** Whether the coverage of each device is read: a call for each. */
  readsCoverage: integer("reads_coverage", { mode: "boolean" }).notNull(),
  // Where reading the devices stands: written in one step with the devices of the page.
  /** The path of the next page; null: no run is under way. */
  nextPage: text("next_page"),
  runStartedAt: integer("run_started_at"),
  /** The last run that came to its end. */
  syncedAt: integer("synced_at"),
  createdAt: integer("created_at").notNull(),
  /** A token's id. */
  createdBy: text("created_by").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** What Apple says of a device as the organisation bought it, whichever server it is assigned to. */
export const portalDevices = sqliteTable(
  "portal_devices",
  {
    serial: text("serial").notNull(),
    account: text("account").notNull(),
    orderNumber: text("order_number"),
    purchaseSource: text("purchase_source"),
    migrationStatus: text("migration_status"),
    migrationDeadline: integer("migration_deadline"),
    /** In Apple's names: all that it said. */
    details: text("details", { mode: "json" }).$type<OrgDevice>().notNull(),
    seenAt: integer("seen_at").notNull(),
    coverage: text("coverage", { mode: "json" }).$type<Coverage[]>(),
    /** When the last active coverage ends. */
    coveredUntil: integer("covered_until"),
    /** When its coverage must be read; null: it is not. */
    coverageDueAt: integer("coverage_due_at"),
  },
  (table) => [
    primaryKey({ columns: [table.serial, table.account] }),
    // what an account knows, in the order of serial numbers
    index("portal_devices_account").on(table.account, table.serial),
    // the devices of an order
    index("portal_devices_order").on(table.orderNumber, table.serial),
    // whose coverage must be read, the longest due first
    index("portal_devices_coverage_due").on(table.account, table.coverageDueAt),
  ],
);

/** What Apple was told to do with devices, and what came of it. */
export const portalActivities = sqliteTable(
  "portal_activities",
  {
    id: text("id").primaryKey(),
    account: text("account").notNull(),
    what: text("what", { enum: ["move", "deadline", "cancel"] }).notNull(),
    serverId: text("server_id"),
    serverName: text("server_name"),
    deadline: integer("deadline"),
    devices: integer("devices").notNull(),
    /** `sending`: Apple may have it, and its answer has not come. */
    state: text("state", {
      enum: ["waiting", "sending", "running", "finished", "failed", "lost"],
    }).notNull(),
    /** Apple's id of it; null: none was told. */
    appleId: text("apple_id"),
    subStatus: text("sub_status"),
    trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
    tries: integer("tries").notNull().default(0),
    /** When it is looked at next; null: it is over. */
    nextAt: integer("next_at"),
    createdAt: integer("created_at").notNull(),
    /** A token's id. */
    createdBy: text("created_by").notNull(),
    sentAt: integer("sent_at"),
    finishedAt: integer("finished_at"),
  },
  (table) => [
    // those of an account, the newest first
    index("portal_activities_account").on(table.account, table.createdAt, table.id),
    // those to look at, the longest due first
    index("portal_activities_due").on(table.account, table.nextAt),
  ],
);

export const portalActivityDevices = sqliteTable(
  "portal_activity_devices",
  {
    activity: text("activity").notNull(),
    serial: text("serial").notNull(),
    /** In Apple's words; null: it has said nothing of this device. */
    outcome: text("outcome"),
    detail: text("detail"),
  },
  (table) => [primaryKey({ columns: [table.activity, table.serial] })],
);
