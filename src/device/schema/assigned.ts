/** What the channels should have by their sets, and how far they are with it. As first released (steps.ts). */
export const assignedTables = `
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
`;
