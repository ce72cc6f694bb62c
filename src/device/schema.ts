/**
 * The object's own tables, in numbered steps. A released step is never edited: an object may wake a year later and then
 * runs the missing steps in order. Nothing is written before the device's first accepted message or command.
 *
 * Keys are integers, or text in WITHOUT ROWID tables, so that each insert is one row written.
 */
export const schemaSteps: readonly string[] = [
  `
  -- One row: the enrollment as a whole.
  CREATE TABLE device (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    schema_version INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    -- The id of the master key that the object was let seal under.
    master_key TEXT,
    state TEXT NOT NULL DEFAULT 'pending',
    generation INTEGER NOT NULL DEFAULT 0,
    pending_generation INTEGER,
    pending_facts TEXT,
    -- The kind of the enrollment and the MDM payload keys its profile gave, of the active and the pending generation.
    terms TEXT,
    pending_terms TEXT,
    reauthenticated INTEGER NOT NULL DEFAULT 0,
    facts TEXT NOT NULL DEFAULT '{}',
    -- Which of its identifiers somebody issued for.
    proven TEXT NOT NULL DEFAULT '{}',
    traits TEXT NOT NULL DEFAULT '{}',
    -- What the directory shows of the inventory, when it is the device's turn to be asked, and when it last was.
    inventory TEXT NOT NULL DEFAULT '{}',
    inventory_due_at INTEGER,
    inventory_round_at INTEGER,
    -- When it is to look what it should have, whether it is sent for then, and how often that failed in a row.
    intent_due_at INTEGER,
    intent_quiet INTEGER NOT NULL DEFAULT 0,
    intent_failures INTEGER NOT NULL DEFAULT 0,
    ending INTEGER NOT NULL DEFAULT 0,
    last_seen_at INTEGER,
    -- The latest time that it said to sign at, in this generation (signing-time.ts).
    signed_at INTEGER,
    pruned_at INTEGER,
    outbox_failures INTEGER NOT NULL DEFAULT 0,
    outbox_retry_at INTEGER
  );

  -- Those that are over stay until they expire: what has served once serves nothing else.
  CREATE TABLE identities (
    fingerprint TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    pinned_at INTEGER NOT NULL,
    retires_at INTEGER,
    revoked_at INTEGER,
    -- In the words of a CRL.
    revoked_for TEXT,
    unbound_at INTEGER,
    -- The fingerprint of the one that it follows.
    renewal_of TEXT
  ) WITHOUT ROWID;

  -- Renewals that an identity asked for by itself, by the key they are for: they are counted for a day.
  CREATE TABLE renewal_requests (
    spki_hash TEXT PRIMARY KEY,
    asked_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- The device channel has the empty user id.
  CREATE TABLE channels (
    user_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    topic TEXT,
    push_token BLOB,
    push_magic TEXT,
    user_short_name TEXT,
    user_long_name TEXT,
    awaiting_configuration INTEGER NOT NULL DEFAULT 0,
    not_on_console INTEGER NOT NULL DEFAULT 0,
    token_update_at INTEGER,
    last_seen_at INTEGER,
    push_attempts INTEGER NOT NULL DEFAULT 0,
    push_at INTEGER,
    push_outcome TEXT,
    push_outcome_at INTEGER,
    unreachable INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  -- Commands that wait. A finished one moves to the next table under its id: what a connect looks through stays small.
  CREATE TABLE queue (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    uuid TEXT NOT NULL,
    request_type TEXT NOT NULL,
    state TEXT NOT NULL,
    high INTEGER NOT NULL,
    renewal INTEGER NOT NULL,
    sends INTEGER NOT NULL DEFAULT 0,
    -- How often it left since the device last said anything of it.
    unanswered INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    queued_at INTEGER NOT NULL,
    sent_at INTEGER,
    expires_at INTEGER,
    origin TEXT NOT NULL,
    -- Whether the device is woken for it, or finds it when it next connects.
    push INTEGER NOT NULL DEFAULT 1,
    body BLOB NOT NULL
  );

  CREATE TABLE finished (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    uuid TEXT NOT NULL,
    request_type TEXT NOT NULL,
    state TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    sent_at INTEGER,
    finished_at INTEGER NOT NULL,
    origin TEXT NOT NULL,
    body BLOB NOT NULL,
    error TEXT,
    -- How the result lies: none, whole (here), parts (in the next table), raw (parts, still to be compressed), truncated.
    result_form TEXT NOT NULL,
    result_size INTEGER NOT NULL,
    result BLOB
  );

  -- The results that are still to be compressed; nothing else is in it.
  CREATE INDEX finished_raw ON finished (id) WHERE result_form = 'raw';

  CREATE TABLE result_parts (
    command_id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (command_id, part)
  ) WITHOUT ROWID;

  CREATE TABLE escrow (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    -- A secret that a command sets: kept before the command leaves, in force once the device has taken it.
    command_uuid TEXT,
    confirmed INTEGER NOT NULL DEFAULT 1,
    value BLOB NOT NULL
  );

  -- Finished commands whose results are still to be read.
  CREATE TABLE unread_results (
    command_id INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Of a question that every device is asked day after day this is all that is kept: what was sent, and the answer.
    user_id TEXT,
    uuid TEXT,
    request_type TEXT,
    queued_at INTEGER,
    sent_at INTEGER,
    finished_at INTEGER,
    body BLOB,
    result BLOB
  );

  -- What the device last told of its state: lists, and values by Apple's names, of each channel. Sealed, each in one row.
  CREATE TABLE inventory (
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    digest TEXT NOT NULL,
    total INTEGER NOT NULL,
    -- The digest of what the directory was told of it, empty when it was told nothing.
    told TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (user_id, name)
  ) WITHOUT ROWID;

  -- The last Authenticate and TokenUpdate of each channel, as they came.
  CREATE TABLE messages (
    message_type TEXT NOT NULL,
    user_id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (message_type, user_id)
  ) WITHOUT ROWID;

  -- The check-ins that changed something, of all generations, in the order in which they were last heard (heard.ts).
  CREATE TABLE heard (
    user_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    message_type TEXT NOT NULL,
    generation INTEGER NOT NULL,
    digest TEXT NOT NULL,
    -- When the device said to sign it, the last time that it came.
    signed_at INTEGER,
    PRIMARY KEY (user_id, number)
  ) WITHOUT ROWID;

  -- One row: when to look at the identity's renewal, and how the one under way stands.
  CREATE TABLE renewal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    look_at INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    command_uuid TEXT,
    error TEXT
  );

  -- Profiles that a channel should have by its sets, or has had from them (store/profiles.ts).
  CREATE TABLE profiles (
    user_id TEXT NOT NULL,
    identifier TEXT NOT NULL,
    wish TEXT NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    installed TEXT,
    installed_version INTEGER,
    installed_uuid TEXT,
    installed_at INTEGER,
    command_uuid TEXT,
    brings TEXT,
    brings_version INTEGER,
    brings_uuid TEXT,
    tried TEXT,
    attempts INTEGER NOT NULL,
    retry_at INTEGER,
    repairs INTEGER NOT NULL,
    repairs_since INTEGER,
    PRIMARY KEY (user_id, identifier)
  ) WITHOUT ROWID;

  -- What a channel should have and cannot be given, since something that belongs into it is missing.
  CREATE TABLE withheld (
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    identifier TEXT NOT NULL,
    missing TEXT NOT NULL,
    PRIMARY KEY (user_id, kind, identifier)
  ) WITHOUT ROWID;

  -- Declarative management of one channel: the manifest in force, and how far the device is with it.
  CREATE TABLE declarative (
    user_id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    -- In whole seconds: it moves with the token alone, and never backwards.
    token_at INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    -- How often the device is made to fetch the same set anew, because it reported another one.
    resyncs INTEGER NOT NULL DEFAULT 0,
    resync_at INTEGER,
    -- Whether the device is to hear of the token, or finds it when it looks by itself.
    announced INTEGER NOT NULL DEFAULT 0,
    nudges INTEGER NOT NULL DEFAULT 0,
    nudge_at INTEGER,
    -- It has spoken of declarations, whatever its system is.
    spoke INTEGER NOT NULL DEFAULT 0,
    fetched_token TEXT,
    fetched_at INTEGER,
    -- The states of declarations as it last reported them, and what of them the directory was told.
    reported TEXT NOT NULL DEFAULT '{}',
    reported_at INTEGER,
    told TEXT NOT NULL DEFAULT '{}',
    -- Status items it could not deliver.
    errors TEXT NOT NULL DEFAULT '[]'
  ) WITHOUT ROWID;

  -- The declarations of a channel: those of the manifest in force, and those of the one that the device fetched last.
  CREATE TABLE declarations (
    user_id TEXT NOT NULL,
    identifier TEXT NOT NULL,
    server_token TEXT NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    -- The files that it refers to, by hash.
    files TEXT NOT NULL,
    in_force INTEGER NOT NULL,
    fetched INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL,
    PRIMARY KEY (user_id, identifier, server_token)
  ) WITHOUT ROWID;

  -- The last status reports as they came, oldest first; a large one in parts, of which the first has the rest.
  CREATE TABLE status_reports (
    id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    user_id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- new, read, or why it could not be read.
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL,
    PRIMARY KEY (id, part)
  ) WITHOUT ROWID;

  -- The present value of each status item, with those before it.
  CREATE TABLE status_items (
    user_id TEXT NOT NULL,
    path TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    digest TEXT NOT NULL,
    -- The digest of what the directory was told of it, empty when it was told nothing.
    told TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (user_id, path)
  ) WITHOUT ROWID;

  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL
  );
  `,
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
