import type { ChannelRow } from "../rows.ts";
import type { Statements } from "./statements.ts";

/** The device channel and its user channels. */
export const channelsStatements = ({ rows, row, run }: Statements) => ({
  channel: (userId: string): ChannelRow | undefined =>
    row<ChannelRow>("SELECT * FROM channels WHERE user_id = ?", userId),

  channels: (): ChannelRow[] => rows<ChannelRow>("SELECT * FROM channels ORDER BY user_id"),

  putChannel(channel: Pick<ChannelRow, "user_id" | "kind"> & Partial<ChannelRow>): void {
    const { user_id, ...rest } = { enabled: 0, ...channel };
    const columns = Object.keys(rest);
    run(
      `INSERT INTO channels (user_id, ${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length)})
         ON CONFLICT (user_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`,
      user_id,
      ...(Object.values(rest) as SqlStorageValue[]),
    );
  },

  setChannel(userId: string, values: Partial<Omit<ChannelRow, "user_id">>): void {
    const columns = Object.keys(values);
    run(
      `UPDATE channels SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE user_id = ?`,
      ...(Object.values(values) as SqlStorageValue[]),
      userId,
    );
  },

  disableChannels: (): number => run("UPDATE channels SET enabled = 0 WHERE enabled = 1"),

  dropChannels: (): number => run("DELETE FROM channels"),
});
