import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A ring of a plan: a share of all devices, the earlier rings included, or the devices that have one of these sets. */
export type Ring = { percent: number } | { sets: string[] };

/** How a change goes from ring to ring. The last ring, everything else, is not written. */
export type RolloutPlan = {
  rings: Ring[];
  /** Between two rings. */
  hours: number;
  /** After how many hours without an answer a device counts as silent. */
  silentHours: number;
  maxFailedPercent: number;
  maxSilentPercent: number;
};

export type RingCounts = {
  devices: number;
  reached: number;
  succeeded: number;
  failed: number;
  silent: number;
  waiting: number;
  notApplicable: number;
};

/** `at`: when the time of the ring began again. */
export type Accepted = { failed: number; silent: number; at: number };

/** The former content: what devices outside the open rings keep. */
export type FormerProfile = {
  version: number;
  uuid: string;
  digest: string;
  variables: string[];
  payloadTypes: string[];
};
export type FormerDeclaration = {
  version: number;
  /** Its server token. */
  digest: string;
  type: string;
  kind: "activation" | "asset" | "configuration" | "management";
  payload: Record<string, unknown>;
  dataSha256: string | null;
  variables: string[];
};

/** A member that was optional before it was required. */
export type FormerMember = { optional: true };

/** A change that reaches devices ring by ring. */
export const rollouts = sqliteTable(
  "rollouts",
  {
    id: text("id").primaryKey(),
    /** What changes: the content of a profile or declaration, of a set, or what a software-update policy asks for. */
    kind: text("kind", { enum: ["profile", "declaration", "set", "policy"] }).notNull(),
    /** Its identifier or name. */
    subject: text("subject").notNull(),
    /** Of a policy: the digest of what it asks for. */
    target: text("target"),
    /** With the device's id it decides the ring. A rollout that replaces another one takes over its seed. */
    seed: text("seed").notNull(),
    plan: text("plan", { mode: "json" }).$type<RolloutPlan>().notNull(),
    state: text("state", { enum: ["running", "halted", "finished", "cancelled", "replaced"] }).notNull(),
    /** The last ring that is open; -1: none yet, because its devices are still being counted. */
    ring: integer("ring").notNull(),
    /** The last ring whose devices were notified. */
    toldRing: integer("told_ring").notNull(),
    /** When each ring was opened. */
    openedAt: text("opened_at", { mode: "json" }).$type<number[]>().notNull(),
    /** For each ring of a share: the first number of the hash that is not in it. Null: not known yet. */
    cutoffs: text("cutoffs", { mode: "json" }).$type<(number | null)[]>(),
    counts: text("counts", { mode: "json" }).$type<RingCounts[]>(),
    countedAt: integer("counted_at"),
    /** The failed and silent devices of each ring that a person has accepted. */
    accepted: text("accepted", { mode: "json" }).$type<Accepted[]>().notNull(),
    /** Why it halted. */
    reason: text("reason"),
    /** Goes up by one with each change: a step that was decided on older facts writes nothing. */
    revision: integer("revision").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    /** A token's id. */
    createdBy: text("created_by").notNull(),
    endedAt: integer("ended_at"),
    endedBy: text("ended_by"),
  },
  (table) => [
    // the newest first, and those of one state
    index("rollouts_newest").on(table.createdAt, table.id),
    // the rollouts of one subject
    index("rollouts_subject").on(table.kind, table.subject, table.createdAt),
    // those that are not over, and the one of a subject
    index("rollouts_open").on(table.kind, table.subject).where(sql`ended_at IS NULL`),
  ],
);

/** What is different for a device that the rollout has reached. */
export const rolloutItems = sqliteTable(
  "rollout_items",
  {
    rolloutId: text("rollout_id").notNull(),
    kind: text("kind", { enum: ["profile", "declaration"] }).notNull(),
    identifier: text("identifier").notNull(),
    /** The set whose content changes. Empty: a new version, in whatever set. */
    setName: text("set_name").notNull(),
    /** `added` and `removed` are of what the set requires: what it offers does not go in rings. */
    change: text("change", { enum: ["version", "added", "removed"] }).notNull(),
    /** The version that it brings. */
    version: integer("version"),
    former: text("former", { mode: "json" }).$type<FormerProfile | FormerDeclaration | FormerMember>(),
    /** The software-update policy that had put it into the set. */
    policy: text("policy"),
    /** False: the rollout is over, and every device has the library's present state. */
    open: integer("open", { mode: "boolean" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.rolloutId, table.kind, table.identifier, table.setName] }),
    // what an item's rollout holds back
    index("rollout_items_open").on(table.kind, table.identifier).where(sql`open = 1`),
    // what the rollout of a set's content holds back
    index("rollout_items_set").on(table.setName).where(sql`open = 1`),
  ],
);
