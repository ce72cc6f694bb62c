/** What the device told of itself, and what the directory is still to be told. As first released (steps.ts). */
export const toldTables = `
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
`;
