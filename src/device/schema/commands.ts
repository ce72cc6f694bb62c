/** Commands with their results, and the secrets that were in them or came with check-ins. As first released (steps.ts). */
export const commandTables = `
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
`;
