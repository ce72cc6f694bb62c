import { remembered } from "./remembered.ts";
import type { ChannelRow } from "./rows.ts";
import { assignments, type Statements } from "./statements.ts";

/** The device channel and its user channels. They are few, and each message belongs to one of them. */
export function channelsStatements({ rows, run: write }: Statements) {
  const channels = remembered(() => rows<ChannelRow>("SELECT * FROM channels ORDER BY user_id"));

  const run = (query: string, ...bindings: SqlStorageValue[]): number => {
    channels.forget();
    return write(query, ...bindings);
  };

  return {
    forgetChannels: channels.forget,

    channel: (userId: string): ChannelRow | undefined =>
      channels.get().find(({ user_id }) => user_id === userId),

    channels: channels.get,

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

    setChannel(userId: string, change: Partial<Omit<ChannelRow, "user_id">>): void {
      const { set, values } = assignments(change);
      run(`UPDATE channels SET ${set} WHERE user_id = ?`, ...values, userId);
    },

    disableChannels: (): number => run("UPDATE channels SET enabled = 0 WHERE enabled = 1"),

    dropChannels: (): number => run("DELETE FROM channels"),
  };
}
