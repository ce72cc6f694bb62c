import { assignedTables } from "./assigned.ts";
import { commandTables } from "./commands.ts";
import { enrollmentTables } from "./enrollment.ts";
import { toldTables } from "./told.ts";

/**
 * The object's own tables, in numbered steps. A released step is never edited: an object may wake a year later and then
 * runs the missing steps in order. Nothing is written before the device's first accepted message or command.
 *
 * Keys are integers, or text in WITHOUT ROWID tables, so that each insert is one row written.
 */
export const schemaSteps: readonly string[] = [
  enrollmentTables + commandTables + assignedTables + toldTables,
  `
  -- The last attestation that held, when the device is asked for the next, and why the last try failed.
  ALTER TABLE device ADD COLUMN attestation TEXT;
  ALTER TABLE device ADD COLUMN attestation_due_at INTEGER;
  ALTER TABLE device ADD COLUMN attestation_failure TEXT;
  `,
  `
  -- The set-up of a channel that awaits configuration (setup/continue.ts).
  CREATE TABLE setups (
    user_id TEXT PRIMARY KEY,
    -- running, releasing, released, stuck
    state TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    -- When it is released, whatever is still to be done; known for good once the settings have been read.
    ends_at INTEGER NOT NULL,
    step_ms INTEGER NOT NULL,
    planned INTEGER NOT NULL DEFAULT 0,
    -- When the object looks at it next.
    look_at INTEGER,
    -- Who or what let it go, and the command that does.
    released_by TEXT,
    released_at INTEGER,
    command_uuid TEXT,
    attempts INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  CREATE TABLE setup_steps (
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    place INTEGER NOT NULL,
    -- running, done, failed, late
    state TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    command_uuid TEXT,
    error TEXT,
    PRIMARY KEY (user_id, name)
  ) WITHOUT ROWID;
  `,
  `
  -- Of a device that enrolled by a sign-in: what it must show with each request, and what the one that enrolls showed.
  ALTER TABLE device ADD COLUMN authorization TEXT;
  ALTER TABLE device ADD COLUMN pending_authorization TEXT;
  `,
  `
  -- Secrets that somebody has read and that are to be changed (rotation/rotate.ts).
  CREATE TABLE rotations (
    name TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    -- The newest value that was shown: a newer one that the device has taken ends the rotation.
    escrow_id INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- When the object looks at it next; null: it is given up.
    look_at INTEGER,
    command_uuid TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT
  ) WITHOUT ROWID;
  `,
  `
  -- Whatever keeps it from the channel: a missing value, or that this kind of enrollment may not have it.
  ALTER TABLE withheld RENAME COLUMN missing TO reason;
  `,
  `
  -- The name that the device should have by its sets (desired/naming): one row, while a set names it.
  CREATE TABLE naming (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    -- Null: it cannot be made at present.
    wish TEXT,
    set_name TEXT NOT NULL,
    -- The other sets that would name it, as JSON.
    others TEXT NOT NULL,
    -- pending, named, failed, not_applicable, withheld
    state TEXT NOT NULL,
    reason TEXT,
    command_uuid TEXT,
    brings TEXT,
    -- The name that the device took last from this server.
    applied TEXT,
    tried TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    repairs INTEGER NOT NULL DEFAULT 0,
    repairs_since INTEGER
  );
  `,
  `
  -- When the event is to be delivered: some may wait longer than others (alarm/outbox.ts).
  ALTER TABLE outbox RENAME COLUMN at TO due_at;
  `,
  `
  -- What in it the device needs to reach the server (profiles/connectivity.ts), separated by spaces.
  ALTER TABLE profiles ADD COLUMN connectivity TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Apps that the device should have by its sets, or had from them (store/apps.ts).
  CREATE TABLE apps (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    wish TEXT NOT NULL,
    source TEXT NOT NULL,
    channel TEXT,
    identifier TEXT,
    licence TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    since INTEGER NOT NULL,
    hindrance TEXT,
    digest TEXT NOT NULL,
    applied TEXT,
    configuration TEXT,
    applied_configuration TEXT,
    told TEXT,
    installed_version TEXT,
    external_version TEXT,
    newest_version TEXT,
    command_uuid TEXT,
    brings TEXT,
    error TEXT,
    tried TEXT,
    attempts INTEGER NOT NULL,
    retry_at INTEGER,
    look_at INTEGER,
    looks INTEGER NOT NULL,
    taken_at INTEGER,
    touches INTEGER NOT NULL,
    updated_to TEXT,
    kept INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  `,
  `
  -- How often a person had a declaration tried again, by its identifier (declarations/again.ts).
  ALTER TABLE declarative ADD COLUMN again TEXT NOT NULL DEFAULT '{}';
  `,
];

/** SQLite keeps the text of each table and reads it at each opening: without the comments that is a third less. */
export const withoutComments = (step: string): string =>
  step.replace(/--.*$/gm, "").replace(/\s+/g, " ").trim();
