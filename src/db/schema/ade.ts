import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { AdeAccount } from "../../ade/account.ts";
import type { AdeDevice } from "../../ade/device.ts";
import type { AdeProfile } from "../../ade/profile.ts";

/** What keeps an account from working, and what a person can do. */
export type AdeTrouble = { reason: string; code: string | null; detail: string; remedy: string };

/** A server of Apple's portal: the token for it, and how far its devices are followed. */
export const adeAccounts = sqliteTable(
  "ade_accounts",
  {
    /** Given by its maker; also the DEP name of NanoDEP's tools. */
    name: text("name").primaryKey(),
    /** Of another service than Apple's, for tests; null: Apple's. */
    baseUrl: text("base_url"),
    /** Null: the usual ones. */
    userAgent: text("user_agent"),
    protocolVersion: integer("protocol_version"),
    /** The portal's server that the token belongs to; null: no token was proven yet. */
    serverUuid: text("server_uuid"),
    /** What Apple says of it. */
    details: text("details", { mode: "json" }).$type<AdeAccount>(),
    /** The token, as `ade-token` of the name. */
    sealedToken: text("sealed_token"),
    /** The key pair that the token was made for; DER in base64, and PKCS#8 as `ade-key` of the name and certificate. */
    certificate: text("certificate"),
    sealedKey: text("sealed_key"),
    /** The pair for the next token, until one made for it is proven. */
    nextCertificate: text("next_certificate"),
    sealedNextKey: text("sealed_next_key"),
    tokenExpiresAt: integer("token_expires_at"),
    tokenAt: integer("token_at"),
    /** `awaits-token`, `ok`, or why nothing works: the reason of `trouble`. */
    state: text("state").notNull(),
    stateSince: integer("state_since").notNull(),
    trouble: text("trouble", { mode: "json" }).$type<AdeTrouble>(),
    /** For devices that no rule names; null: they get no profile. */
    defaultProfile: text("default_profile"),
    rules: text("rules", { mode: "json" }).$type<AdeRule[]>().notNull().default([]),
    /** Grows with every change of rules, default and profiles: what every device should have is looked up again. */
    rulesVersion: integer("rules_version").notNull().default(0),
    // Where following its devices stands (`ade/sync.ts`): written in one step with the devices of the page.
    syncMode: text("sync_mode", { enum: ["fetch", "sync"] }),
    cursor: text("cursor"),
    fetchStartedAt: integer("fetch_started_at"),
    /** The last run that came to its end; and the last of all devices. */
    syncedAt: integer("synced_at"),
    fetchedAt: integer("fetched_at"),
    createdAt: integer("created_at").notNull(),
    /** A token's id. */
    createdBy: text("created_by").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    // one account for one server of the portal
    uniqueIndex("ade_accounts_server").on(table.serverUuid),
  ],
);

/** A device gets the profile of the first rule that it meets. Every condition that is given must hold. */
export type AdeRule = {
  profile: string;
  models?: string[];
  families?: string[];
  serials?: string[];
  /** Of what was bought, as an API account of the portal tells. */
  order_numbers?: string[];
};

/** Devices that Apple's portal gave to an account, as Apple told last. Those that are gone stay, for what was escrowed. */
export const adeDevices = sqliteTable(
  "ade_devices",
  {
    serial: text("serial").notNull(),
    account: text("account").notNull(),
    model: text("model"),
    family: text("family"),
    os: text("os"),
    /** As Apple says it: `empty`, `assigned`, `pushed`, `removed`. */
    profileStatus: text("profile_status"),
    profileUuid: text("profile_uuid"),
    /** In Apple's names: all that it said. */
    details: text("details", { mode: "json" }).$type<AdeDevice>().notNull(),
    /** When what is stored happened, where Apple said it. */
    opDate: integer("op_date"),
    /** By then it must be enrolled here, when it comes from another server. */
    migrationDeadline: integer("migration_deadline"),
    firstSeenAt: integer("first_seen_at").notNull(),
    seenAt: integer("seen_at").notNull(),
    /** Not this server's any more since then. */
    deletedAt: integer("deleted_at"),
    /** Chosen by hand; null: by rule. */
    chosenProfile: text("chosen_profile"),
    /** The profile that it should have now; null: none. */
    profile: text("profile"),
    // What came of assigning it.
    assignedAt: integer("assigned_at"),
    assignedUuid: text("assigned_uuid"),
    assignOutcome: text("assign_outcome"),
    /** So often in a row; it counts what Apple took as well, for it may not hold. */
    assignTries: integer("assign_tries").notNull().default(0),
    /** When Apple's state must be held against ours again; null: not before something changes. */
    checkAt: integer("check_at"),
  },
  (table) => [
    primaryKey({ columns: [table.serial, table.account] }),
    // the devices of an account, in the order of serial numbers
    index("ade_devices_account").on(table.account, table.serial),
    // whose profile is this one, or none
    index("ade_devices_profile").on(table.profile, table.serial, table.account),
    // of which something is to be done, the longest due first
    index("ade_devices_check").on(table.account, table.checkAt).where(sql`${table.checkAt} IS NOT NULL`),
    // those that must move here by a deadline, the nearest first
    index("ade_devices_deadline")
      .on(table.migrationDeadline, table.serial)
      .where(sql`${table.migrationDeadline} IS NOT NULL`),
  ],
);

/** Enrollment profiles: what a device is told at its activation. All versions are kept. */
export const adeProfiles = sqliteTable("ade_profiles", {
  name: text("name").primaryKey(),
  /** Counts from 1. */
  version: integer("version").notNull(),
  updatedAt: integer("updated_at").notNull(),
  /** A token's id. */
  updatedBy: text("updated_by").notNull(),
});

export const adeProfileVersions = sqliteTable(
  "ade_profile_versions",
  {
    name: text("name").notNull(),
    version: integer("version").notNull(),
    /** What is told of it at Apple: complete, the address included. */
    value: text("value", { mode: "json" }).$type<AdeProfile>().notNull(),
    createdAt: integer("created_at").notNull(),
    createdBy: text("created_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.version] })],
);

/** Under which UUID Apple knows a version, in each account. Apple can neither change nor remove one. */
export const adeProfileDefinitions = sqliteTable(
  "ade_profile_definitions",
  {
    account: text("account").notNull(),
    profileUuid: text("profile_uuid").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    definedAt: integer("defined_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.profileUuid] }),
    // the UUID of a version
    uniqueIndex("ade_profile_definitions_version").on(table.account, table.name, table.version),
  ],
);
