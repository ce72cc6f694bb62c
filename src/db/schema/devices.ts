import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { DeviceAttestation } from "../../acme/attested-facts.ts";
import type { ProvenIdentifiers } from "../../mdm/proven.ts";

/** The directory: the facts about every device, as of the last event that arrived. Never read on a device's path. */
export const devices = sqliteTable(
  "devices",
  {
    id: text("id").primaryKey(),
    state: text("state", { enum: ["pending", "enrolled", "unenrolled", "erased"] }).notNull(),
    kind: text("kind", { enum: ["device", "ade", "account_device", "user"] }).notNull(),
    generation: integer("generation").notNull().default(0),
    platform: text("platform", { enum: ["ios", "ipados", "macos", "tvos", "visionos", "watchos"] }),
    name: text("name"),
    serial: text("serial"),
    model: text("model"),
    modelName: text("model_name"),
    productName: text("product_name"),
    osVersion: text("os_version"),
    /** The version as a number for sorting: 17.4.1 -> 17004001; 0 while it is not known. */
    osKey: integer("os_key").notNull().default(0),
    build: text("build"),
    imei: text("imei"),
    meid: text("meid"),
    awaitingConfiguration: integer("awaiting_configuration", { mode: "boolean" }).notNull().default(false),
    // The state that the device reported (`mdm/inventory`). Null: it has not reported it.
    supervised: integer("supervised", { mode: "boolean" }),
    encrypted: integer("encrypted", { mode: "boolean" }),
    passcodePresent: integer("passcode_present", { mode: "boolean" }),
    passcodeCompliant: integer("passcode_compliant", { mode: "boolean" }),
    activationLock: integer("activation_lock", { mode: "boolean" }),
    lostMode: integer("lost_mode", { mode: "boolean" }),
    recoveryLock: integer("recovery_lock", { mode: "boolean" }),
    capacityGb: real("capacity_gb"),
    availableGb: real("available_gb"),
    batteryLevel: real("battery_level"),
    /** When it last answered DeviceInformation, to the hour. */
    inventoryAt: integer("inventory_at"),
    /** Whether these are escrowed. */
    hasBootstrapToken: integer("has_bootstrap_token", { mode: "boolean" }).notNull().default(false),
    hasFilevaultKey: integer("has_filevault_key", { mode: "boolean" }).notNull().default(false),
    hasRecoveryLock: integer("has_recovery_lock", { mode: "boolean" }).notNull().default(false),
    notes: text("notes").notNull().default(""),
    /** Which of its identifiers are proven. */
    proven: text("proven", { mode: "json" }).$type<ProvenIdentifiers>().notNull().default({}),
    /** What Apple attested about it, and when. */
    attestation: text("attestation", { mode: "json" }).$type<DeviceAttestation>(),
    attestedAt: integer("attested_at"),
    /** Its last answer with an attestation was not a good one; null: it was, or there was none. */
    attestationFailedAt: integer("attestation_failed_at"),
    /** Sets, tags and attributes were given to this id before its enrollment, and nothing proves that it is the same device. */
    heldBack: integer("held_back", { mode: "boolean" }).notNull().default(false),
    /** How often the links of its self-service pages were renewed: a renewal ends the earlier ones. */
    shelfRenewals: integer("shelf_renewals").notNull().default(0),
    attributes: text("attributes", { mode: "json" }).$type<Record<string, string>>().notNull().default({}),
    /** Whose it is (`people`). Of a person who was erased, until the job has cleared it. */
    personId: text("person_id"),
    /** The sequence of the newest applied event: an older one that arrives late changes nothing. */
    appliedSeq: integer("applied_seq").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    enrolledAt: integer("enrolled_at"),
    unenrolledAt: integer("unenrolled_at"),
    /** When it acknowledged an EraseDevice from this server. */
    erasedAt: integer("erased_at"),
    lastSeenAt: integer("last_seen_at"),
    // What lists are sorted by, in whatever case and never null: what a device has not said is the least. Columns of their
    // own, though nothing of them is stored but the indexes: a page begins at a place in an index of columns only.
    nameKey: text("name_key").generatedAlwaysAs(sql`(lower(coalesce(name, '')))`),
    serialKey: text("serial_key").generatedAlwaysAs(sql`(lower(coalesce(serial, '')))`),
    enrolledKey: integer("enrolled_key").generatedAlwaysAs(sql`(coalesce(enrolled_at, 0))`),
    seenKey: integer("seen_key").generatedAlwaysAs(sql`(coalesce(last_seen_at, 0))`),
  },
  (table) => [
    // the list filtered by state, in the order of ids
    index("devices_state").on(table.state, table.id),
    // the list filtered by kind, in the order of ids
    index("devices_kind").on(table.kind, table.id),
    // the list filtered by platform, and perhaps a range of OS versions, in the order of versions
    index("devices_platform_os").on(table.platform, table.osKey, table.id),
    // the list filtered by a range of OS versions of any platform
    index("devices_os").on(table.osKey, table.id),
    // the devices with this serial number
    index("devices_serial").on(table.serial, table.id),
    // who was seen before or since, in that order; who was never seen comes first
    index("devices_last_seen").on(table.seenKey, table.id),
    // the list in the order of names, of serial numbers (also: who has this one, in whatever case), of enrollments
    index("devices_by_name").on(table.nameKey, table.id),
    index("devices_by_serial").on(table.serialKey, table.id),
    index("devices_by_enrollment").on(table.enrolledKey, table.id),
    // the list filtered by one of these facts, in the order of ids
    index("devices_supervised").on(table.supervised, table.id),
    index("devices_encrypted").on(table.encrypted, table.id),
    index("devices_passcode_present").on(table.passcodePresent, table.id),
    index("devices_passcode_compliant").on(table.passcodeCompliant, table.id),
    index("devices_activation_lock").on(table.activationLock, table.id),
    index("devices_lost_mode").on(table.lostMode, table.id),
    // the devices of a person
    index("devices_person").on(table.personId, table.id),
    // the devices attested since a time, in that order
    index("devices_attested").on(table.attestedAt, table.id),
    // the devices with an older or newer inventory, in that order
    index("devices_inventory").on(table.inventoryAt, table.id),
  ],
);

export const channels = sqliteTable(
  "channels",
  {
    deviceId: text("device_id").notNull(),
    /** Empty for the device channel. */
    userId: text("user_id").notNull(),
    kind: text("kind").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    topic: text("topic"),
    userShortName: text("user_short_name"),
    userLongName: text("user_long_name"),
    seq: integer("seq").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.userId] }),
    // devices of a user, in whatever case
    index("channels_user").on(sql`lower(user_short_name)`, table.deviceId),
  ],
);

/** Tags that administrators gave. */
export const deviceTags = sqliteTable(
  "device_tags",
  { tag: text("tag").notNull(), deviceId: text("device_id").notNull() },
  (table) => [
    primaryKey({ columns: [table.tag, table.deviceId] }),
    // the tags of a device
    index("device_tags_device").on(table.deviceId, table.tag),
  ],
);

/** The attributes of devices, one row each, to find a device by an attribute; also in `devices.attributes`. */
export const deviceAttributes = sqliteTable(
  "device_attributes",
  {
    name: text("name").notNull(),
    value: text("value").notNull(),
    deviceId: text("device_id").notNull(),
    /** The value, if it is a number; a date begins with one and is none. */
    number: real("number").generatedAlwaysAs(
      sql`(CASE WHEN value GLOB '*[0-9]*' AND substr(value, 2) NOT GLOB '*[^0-9.]*' AND substr(value, 1, 1) GLOB '[-0-9]' THEN CAST(value AS REAL) END)`,
    ),
  },
  (table) => [
    primaryKey({ columns: [table.name, table.value, table.deviceId] }),
    // an attribute within a range of numbers, in their order
    index("device_attributes_number").on(table.name, table.number, table.deviceId),
    // the attributes of a device, to replace them
    index("device_attributes_device").on(table.deviceId),
  ],
);

/**
 * The search words of a device: from its name, serial number, model, users and id, folded (`events/words.ts`).
 *
 * Each row also has all words of its device, and so has the index that a search walks: whether the device has the other
 * words of the search too is seen there, without a step into another table or index. No FTS5: a backup reads tables by
 * their rows, and the tables in which FTS5 keeps its index are not for reading.
 */
export const deviceWords = sqliteTable(
  "device_words",
  {
    word: text("word").notNull(),
    deviceId: text("device_id").notNull(),
    /** Sorted, with a space before and after each. */
    words: text("words").notNull(),
  },
  (table) => [
    // devices with a word that begins so, in the order of words
    uniqueIndex("device_words_walk").on(table.word, table.deviceId, table.words),
    // the words of a device: to replace them, and to check for another word
    index("device_words_device").on(table.deviceId),
  ],
);
