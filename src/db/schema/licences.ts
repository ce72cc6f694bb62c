import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { ContentError } from "../../apps-and-books/answer.ts";
import type { AssetKey } from "../../apps-and-books/asset.ts";
import type { MdmInfo } from "../../apps-and-books/client-config.ts";
import type { ContentLimits } from "../../apps-and-books/limits.ts";
import type { AdeTrouble } from "./ade.ts";

/** Which list of a location is being read, and how far. `since`: what changed after that version; null: all. */
export type ContentRun = {
  list: "assets" | "assignments" | "users";
  page: number;
  since: string | null;
  /** Of the first page. */
  versionId: string | null;
  startedAt: number;
};

/** Locations of Apple's portal that licences come from, each with its content token. */
export const contentLocations = sqliteTable(
  "content_locations",
  {
    /** Given by its maker. */
    name: text("name").primaryKey(),
    /** Of another service than Apple's, for tests; null: Apple's. */
    baseUrl: text("base_url"),
    /** Apple's id of the library. */
    uid: text("uid").notNull(),
    locationName: text("location_name"),
    /** Of the store, two letters. */
    country: text("country"),
    storePlatform: text("store_platform"),
    organization: text("organization").notNull(),
    /** The token's file, as `content-token` of the name. */
    sealedToken: text("sealed_token").notNull(),
    tokenExpiresAt: integer("token_expires_at").notNull(),
    tokenAt: integer("token_at").notNull(),
    /** The id by which this server says at Apple that it manages the location. */
    mdmId: text("mdm_id").notNull(),
    /** Who manages it instead, as Apple's last answer said: nothing is written then. null: this server does. */
    rival: text("rival", { mode: "json" }).$type<MdmInfo>(),
    /** What Apple's notifications must show, as `content-notifications` of the name. */
    sealedSecret: text("sealed_secret").notNull(),
    /** Where Apple was told to send them; null: it was not, or refused the address. */
    notificationUrl: text("notification_url"),
    limits: text("limits", { mode: "json" }).$type<ContentLimits>(),
    limitsAt: integer("limits_at"),
    invitationUrl: text("invitation_url"),
    /** `ok`, or why nothing works: the reason of `trouble`. */
    state: text("state").notNull(),
    stateSince: integer("state_since").notNull(),
    trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
    // Where reading its lists stands: written in one step with what a page held.
    run: text("run", { mode: "json" }).$type<ContentRun>(),
    assignmentsVersion: text("assignments_version"),
    usersVersion: text("users_version"),
    assetsDueAt: integer("assets_due_at").notNull(),
    assignmentsDueAt: integer("assignments_due_at").notNull(),
    usersDueAt: integer("users_due_at").notNull(),
    /** When all assignments and users are read again, rather than what changed. */
    fullDueAt: integer("full_due_at").notNull(),
    /** The last time that all lists were read. */
    syncedAt: integer("synced_at"),
    createdAt: integer("created_at").notNull(),
    /** A token's id. */
    createdBy: text("created_by").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  // one row for one library
  (table) => [uniqueIndex("content_locations_uid").on(table.uid)],
);

/** What a location has of an app or a book. */
export const contentAssets = sqliteTable(
  "content_assets",
  {
    location: text("location").notNull(),
    adamId: text("adam_id").notNull(),
    /** `STDQ`, or `PLUS` for books in high quality. */
    pricing: text("pricing").notNull(),
    /** `App` or `Book`, as Apple says it. */
    kind: text("kind").notNull(),
    platforms: text("platforms", { mode: "json" }).$type<string[]>().notNull(),
    isForDevices: integer("is_for_devices", { mode: "boolean" }).notNull(),
    isRevocable: integer("is_revocable", { mode: "boolean" }).notNull(),
    total: integer("total").notNull(),
    assigned: integer("assigned").notNull(),
    available: integer("available").notNull(),
    retired: integer("retired").notNull(),
    seenAt: integer("seen_at").notNull(),
    /** Since when Apple counts other licences than it lists, right after both were read; null: it does not. */
    differsSince: integer("differs_since"),
  },
  (table) => [
    primaryKey({ columns: [table.location, table.adamId, table.pricing] }),
    // which locations have an app
    index("content_assets_app").on(table.adamId, table.location),
    // the contradictions that are problems
    index("content_assets_differs").on(table.differsSince).where(sql`differs_since IS NOT NULL`),
  ],
);

/** What the store says of an app or a book. */
export const storeItems = sqliteTable(
  "store_items",
  {
    adamId: text("adam_id").notNull(),
    /** The store's country: names and offers differ. */
    country: text("country").notNull(),
    name: text("name"),
    seller: text("seller"),
    bundleId: text("bundle_id"),
    iconUrl: text("icon_url"),
    version: text("version"),
    externalVersionId: text("external_version_id"),
    families: text("families", { mode: "json" }).$type<string[]>().notNull(),
    minimumOs: text("minimum_os"),
    fetchedAt: integer("fetched_at"),
    /** When it is asked for again. */
    dueAt: integer("due_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.adamId, table.country] }),
    // what must be asked for, the longest due first
    index("store_items_due").on(table.country, table.dueAt),
    // what an app of a device is
    index("store_items_bundle").on(table.bundleId),
  ],
);

/**
 * Licences: those that Apple says somebody has, and those that somebody should have or give back. What must be done follows
 * from the two: a licence that is wanted and not held is asked for, one that is given up and held is taken back.
 */
export const licences = sqliteTable(
  "licences",
  {
    location: text("location").notNull(),
    adamId: text("adam_id").notNull(),
    pricing: text("pricing").notNull(),
    /** A device by its serial number, or a user by its client user id. */
    holderKind: text("holder_kind", { enum: ["device", "user"] }).notNull(),
    holder: text("holder").notNull(),
    /** Since when Apple says so; null: it does not. */
    heldAt: integer("held_at"),
    /** When a list of all showed it last. */
    seenAt: integer("seen_at"),
    /** What this server was told; null: nothing, it was assigned elsewhere. */
    intent: text("intent", { enum: ["hold", "free"] }),
    /** A token's id, or `app:{name}`. */
    intentBy: text("intent_by"),
    intentAt: integer("intent_at"),
    /** The order that goes for it. */
    orderId: text("order_id"),
    tries: integer("tries").notNull().default(0),
    trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
    /** When it must be ordered; null: nothing is to be done, or an order goes, or it waits for licences. */
    dueAt: integer("due_at"),
  },
  (table) => [
    primaryKey({ columns: [table.location, table.adamId, table.pricing, table.holderKind, table.holder] }),
    // what somebody has
    index("licences_holder").on(table.holderKind, table.holder, table.location, table.adamId),
    // what must be ordered, the longest due first
    index("licences_due").on(table.location, table.dueAt).where(sql`${table.dueAt} IS NOT NULL`),
    // what cannot be had
    index("licences_trouble").on(table.location, table.adamId).where(sql`${table.trouble} IS NOT NULL`),
    // what an order goes for
    index("licences_order").on(table.orderId).where(sql`${table.orderId} IS NOT NULL`),
  ],
);

/** What Apple was told to do with licences or users, and what came of it. */
export const licenceOrders = sqliteTable(
  "licence_orders",
  {
    id: text("id").primaryKey(),
    location: text("location").notNull(),
    what: text("what", {
      enum: ["associate", "disassociate", "revoke", "create", "update", "retire"],
    }).notNull(),
    assets: text("assets", { mode: "json" }).$type<AssetKey[]>().notNull(),
    holders: integer("holders").notNull(),
    /** `sending`: Apple may have it, and its answer has not come. */
    state: text("state", { enum: ["sending", "running", "complete", "failed", "lost"] }).notNull(),
    /** Apple's id of it; null: none was told. */
    eventId: text("event_id"),
    failures: text("failures", { mode: "json" }).$type<ContentError[]>(),
    trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
    sentAt: integer("sent_at").notNull(),
    looks: integer("looks").notNull().default(0),
    /** When Apple is asked what became of it; null: it is over. */
    nextAt: integer("next_at"),
    finishedAt: integer("finished_at"),
  },
  (table) => [
    // the orders of a location, newest first
    index("licence_orders_sent").on(table.location, table.sentAt, table.id),
    // which Apple must be asked about
    index("licence_orders_next").on(table.location, table.nextAt).where(sql`${table.nextAt} IS NOT NULL`),
    // whose event it is
    index("licence_orders_event").on(table.location, table.eventId),
  ],
);

/** People to whom licences go, as Apple knows them and as this server was told. */
export const contentUsers = sqliteTable(
  "content_users",
  {
    location: text("location").notNull(),
    clientUserId: text("client_user_id").notNull(),
    email: text("email"),
    managedAppleId: text("managed_apple_id"),
    /** As Apple says it; null: Apple has not said anything yet. */
    status: text("status"),
    seenAt: integer("seen_at"),
    intent: text("intent", { enum: ["create", "update", "retire"] }),
    orderId: text("order_id"),
    tries: integer("tries").notNull().default(0),
    trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
    dueAt: integer("due_at"),
  },
  (table) => [
    primaryKey({ columns: [table.location, table.clientUserId] }),
    // whom Apple must be told of
    index("content_users_due").on(table.location, table.dueAt).where(sql`${table.dueAt} IS NOT NULL`),
    index("content_users_order").on(table.orderId).where(sql`${table.orderId} IS NOT NULL`),
  ],
);

/** What Apple told by itself: taken at once, worked off by the location's object, kept a while to know repetitions. */
export const contentNotifications = sqliteTable(
  "content_notifications",
  {
    location: text("location").notNull(),
    id: text("id").notNull(),
    receivedAt: integer("received_at").notNull(),
    /** As it came; null: it is worked off. */
    body: text("body"),
  },
  (table) => [
    primaryKey({ columns: [table.location, table.id] }),
    // what must be worked off, in the order that it came
    index("content_notifications_waiting")
      .on(table.location, table.receivedAt)
      .where(sql`${table.body} IS NOT NULL`),
    index("content_notifications_age").on(table.receivedAt),
  ],
);
