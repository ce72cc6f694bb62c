import type { Statements } from "./statements.ts";

export type ProfileState = "pending" | "installed" | "failed" | "not_applicable" | "removing";

/** `withheld`: it should be there, and something that belongs into it is missing; what is installed stays. */
export type ProfileWish = "have" | "withheld" | "gone";

/** A profile that a channel should have by its sets, or has had from them. */
export type ProfileRow = {
  user_id: string;
  identifier: string;
  wish: ProfileWish;
  /** What it should be: another digest, another content. */
  digest: string;
  version: number;
  state: ProfileState;
  reason: string | null;
  /** What the device took last, and what it lists it by. Null: nothing of ours is there. */
  installed: string | null;
  installed_version: number | null;
  installed_uuid: string | null;
  installed_at: number | null;
  /** The command under way: a digest and PayloadUUID that it brings, or null for a removal. */
  command_uuid: string | null;
  brings: string | null;
  brings_version: number | null;
  brings_uuid: string | null;
  /** What was tried last and failed, or does not fit: not tried again as it is, before `retry_at`. */
  tried: string | null;
  attempts: number;
  retry_at: number | null;
  /** How often it was put back since then. */
  repairs: number;
  repairs_since: number | null;
};

export type ProfileKey = Pick<ProfileRow, "user_id" | "identifier">;

export const profilesStatements = ({ rows, row, run }: Statements) => ({
  profiles: (userId: string): ProfileRow[] =>
    rows<ProfileRow>("SELECT * FROM profiles WHERE user_id = ? ORDER BY identifier", userId),

  profile: ({ user_id, identifier }: ProfileKey): ProfileRow | undefined =>
    row<ProfileRow>("SELECT * FROM profiles WHERE user_id = ? AND identifier = ?", user_id, identifier),

  profileOfCommand: (userId: string, uuid: string): ProfileRow | undefined =>
    row<ProfileRow>("SELECT * FROM profiles WHERE user_id = ? AND command_uuid = ?", userId, uuid),

  nextProfileRetry: (): number | null =>
    row<{ at: number | null }>("SELECT min(retry_at) AS at FROM profiles")?.at ?? null,

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
