/** The enrollment: its identities and channels, and the check-ins that made it. As first released (steps.ts). */
export const enrollmentTables = `
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
`;
