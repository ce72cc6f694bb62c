import type { Statements } from "./statements.ts";

export type ProfileState = "pending" | "installed" | "failed" | "not_applicable" | "removing";

/** `withheld`: it should be there, but a value that it needs is missing; an installed version stays. */
export type ProfileWish = "have" | "withheld" | "gone";

/** A profile that a channel should have by its sets, or had before. */
export type ProfileRow = {
  user_id: string;
  identifier: string;
  wish: ProfileWish;
  /** The wanted content: it has changed if the digest differs. */
  digest: string;
  version: number;
  state: ProfileState;
  reason: string | null;
  /** The content that the device installed last, and the UUID under which it lists it. Null: none of ours is installed. */
  installed: string | null;
  installed_version: number | null;
  installed_uuid: string | null;
  installed_at: number | null;
  /** The command in progress, with the digest and PayloadUUID of its profile, or null for a removal. */
  command_uuid: string | null;
  brings: string | null;
  brings_version: number | null;
  brings_uuid: string | null;
  /** The content that failed last or does not fit: the same is not tried again before `retry_at`. */
  tried: string | null;
  attempts: number;
  retry_at: number | null;
  /** How often it was installed again since then. */
  repairs: number;
  repairs_since: number | null;
  /** What in it the device needs to reach the server, separated by spaces; empty: nothing. */
  connectivity: string;
};

export type ProfileKey = Pick<ProfileRow, "user_id" | "identifier">;

export const profilesStatements = ({ rows, row, run }: Statements) => ({
  profiles: (userId: string): ProfileRow[] =>
    rows<ProfileRow>("SELECT * FROM profiles WHERE user_id = ? ORDER BY identifier", userId),

  profile: ({ user_id, identifier }: ProfileKey): ProfileRow | undefined =>
    row<ProfileRow>("SELECT * FROM profiles WHERE user_id = ? AND identifier = ?", user_id, identifier),

  profileOfCommand: (userId: string, uuid: string): ProfileRow | undefined =>
    row<ProfileRow>("SELECT * FROM profiles WHERE user_id = ? AND command_uuid = ?", userId, uuid),

  postponeProfileRetries: (due: number, until: number): number =>
    run("UPDATE profiles SET retry_at = ? WHERE retry_at <= ?", until, due),

  putProfile(profile: ProfileRow): void {
    const columns = Object.keys(profile);
    run(
      `INSERT OR REPLACE INTO profiles (${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length - 1)})`,
      ...(Object.values(profile) as SqlStorageValue[]),
    );
  },

  dropProfile: ({ user_id, identifier }: ProfileKey): number =>
    run("DELETE FROM profiles WHERE user_id = ? AND identifier = ?", user_id, identifier),
});
