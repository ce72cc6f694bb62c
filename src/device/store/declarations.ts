import type { Bytes } from "../../base/bytes.ts";
import type { DeclarationKind } from "../../declarations/declaration.ts";
import { assignments, type Statements } from "./statements.ts";

/** The state of a channel's declarative management. */
export type DeclarativeRow = {
  user_id: string;
  token: string;
  token_at: number;
  manifest: string;
  resyncs: number;
  resync_at: number | null;
  announced: number;
  nudges: number;
  nudge_at: number | null;
  spoke: number;
  fetched_token: string | null;
  fetched_at: number | null;
  reported: string;
  reported_at: number | null;
  told: string;
  errors: string;
  /** JSON: how often a person had a declaration tried again, by its identifier. */
  again: string;
};

/** The columns that decide whether the device is notified. */
export type DeclarativeState = Pick<
  DeclarativeRow,
  | "user_id"
  | "token"
  | "token_at"
  | "resyncs"
  | "resync_at"
  | "announced"
  | "nudges"
  | "nudge_at"
  | "spoke"
  | "fetched_token"
>;

/** A declaration without its body. */
export type DeclarationHead = {
  user_id: string;
  identifier: string;
  server_token: string;
  kind: DeclarationKind;
  type: string;
  /** JSON: hashes. */
  files: string;
  in_force: number;
  fetched: number;
  /** Its text did not open and must be written again. */
  lost: number;
};

const stateColumns =
  "user_id, token, token_at, resyncs, resync_at, announced, nudges, nudge_at, spoke, fetched_token";
const headColumns =
  "user_id, identifier, server_token, kind, type, files, in_force, fetched, length(body) = 0 AS lost";

/** What each channel should have and what it fetched. */
export const declarationsStatements = ({ rows, row, run }: Statements) => ({
  declarative: (userId: string): DeclarativeRow | undefined =>
    row<DeclarativeRow>("SELECT * FROM declarative WHERE user_id = ?", userId),

  declarativeState: (userId: string): DeclarativeState | undefined =>
    row<DeclarativeState>(`SELECT ${stateColumns} FROM declarative WHERE user_id = ?`, userId),

  declarativeStates: (): DeclarativeState[] =>
    rows<DeclarativeState>(`SELECT ${stateColumns} FROM declarative ORDER BY user_id`),

  putDeclarative: (channel: Pick<DeclarativeRow, "user_id" | "token" | "token_at" | "manifest">): number =>
    run(
      "INSERT INTO declarative (user_id, token, token_at, manifest) VALUES (?, ?, ?, ?)",
      channel.user_id,
      channel.token,
      channel.token_at,
      channel.manifest,
    ),

  setDeclarative(userId: string, change: Partial<Omit<DeclarativeRow, "user_id">>): void {
    const { set, values } = assignments(change);
    run(`UPDATE declarative SET ${set} WHERE user_id = ?`, ...values, userId);
  },

  /** In force, or still in the manifest that the device has. */
  declarations: (userId: string): DeclarationHead[] =>
    rows<DeclarationHead>(
      `SELECT ${headColumns} FROM declarations WHERE user_id = ? ORDER BY identifier, server_token`,
      userId,
    ),

  /** The version in the device's manifest comes first. */
  declarationVersions: (userId: string, identifier: string): DeclarationHead[] =>
    rows<DeclarationHead>(
      `SELECT ${headColumns} FROM declarations WHERE user_id = ? AND identifier = ? ORDER BY fetched DESC`,
      userId,
      identifier,
    ),

  /** In force or still in the device's manifest, for any channel. */
  declarationsWith: (file: string): { userId: string; identifier: string }[] =>
    rows(
      `SELECT DISTINCT user_id AS userId, identifier FROM declarations, json_each(declarations.files)
         WHERE json_each.value = ?`,
      file,
    ),

  declarationBody: ({ user_id, identifier, server_token }: DeclarationHead): ArrayBuffer | undefined =>
    row<{ body: ArrayBuffer }>(
      "SELECT body FROM declarations WHERE user_id = ? AND identifier = ? AND server_token = ?",
      user_id,
      identifier,
      server_token,
    )?.body,

  /** Keeps the row of one in force: the device must get its text, because any other answer would remove it there. */
  loseDeclaration({ user_id, identifier, server_token, in_force }: DeclarationHead): void {
    const where = "user_id = ? AND identifier = ? AND server_token = ?";
    const lose = in_force === 1 ? "UPDATE declarations SET body = x''" : "DELETE FROM declarations";
    run(`${lose} WHERE ${where}`, user_id, identifier, server_token);
  },

  putDeclaration: (head: Omit<DeclarationHead, "in_force" | "fetched" | "lost">, body: Bytes): number =>
    run(
      `INSERT INTO declarations (user_id, identifier, server_token, kind, type, files, in_force, body)
         VALUES (?, ?, ?, ?, ?, ?, 1, ?)
         ON CONFLICT (user_id, identifier, server_token) DO UPDATE SET body = excluded.body`,
      head.user_id,
      head.identifier,
      head.server_token,
      head.kind,
      head.type,
      head.files,
      body,
    ),

  /** Puts it in force or removes it: a version in the device's manifest stays until the device fetches the next one. */
  setInForce(head: DeclarationHead, inForce: boolean): void {
    const key = [head.user_id, head.identifier, head.server_token];
    const where = "user_id = ? AND identifier = ? AND server_token = ?";
    if (inForce || head.fetched === 1)
      run(`UPDATE declarations SET in_force = ? WHERE ${where}`, inForce ? 1 : 0, ...key);
    else run(`DELETE FROM declarations WHERE ${where}`, ...key);
  },

  /** The device has the current manifest: versions that only the previous one had are deleted. */
  markFetched(userId: string): void {
    run("DELETE FROM declarations WHERE user_id = ? AND in_force = 0", userId);
    run("UPDATE declarations SET fetched = 1 WHERE user_id = ? AND fetched = 0", userId);
  },

  /** The device has lost everything: it starts again with what is in force. Users who left may return with theirs. */
  restartDeclarative(): void {
    const leftBy = "user_id <> '' AND user_id NOT IN (SELECT user_id FROM channels)";
    run(`DELETE FROM declarations WHERE ${leftBy}`);
    run(`DELETE FROM declarative WHERE ${leftBy}`);
    run("DELETE FROM declarations WHERE in_force = 0");
    run("UPDATE declarations SET fetched = 0 WHERE fetched = 1");
    run(
      `UPDATE declarative SET announced = EXISTS (SELECT 1 FROM declarations WHERE user_id = declarative.user_id), nudges = 0, nudge_at = NULL, resyncs = 0, resync_at = NULL, spoke = 0, fetched_token = NULL,
         fetched_at = NULL, reported = '{}', reported_at = NULL, told = '{}', errors = '[]'`,
    );
  },
});
