import type { Heard } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** The earlier messages of each channel. */
export const heardStatements = ({ rows, run }: Statements) => ({
  /** In the order of their last arrival. */
  heard: (userId: string): Heard[] =>
    rows<Heard>(
      "SELECT number, message_type, generation, digest, signed_at FROM heard WHERE user_id = ? ORDER BY number",
      userId,
    ),

  putHeard: (userId: string, { number, message_type, generation, digest, signed_at }: Heard): number =>
    run(
      "INSERT OR REPLACE INTO heard (user_id, number, message_type, generation, digest, signed_at) VALUES (?, ?, ?, ?, ?, ?)",
      userId,
      number,
      message_type,
      generation,
      digest,
      signed_at,
    ),

  forgetHeard: (userId: string, number: number): number =>
    run("DELETE FROM heard WHERE user_id = ? AND number = ?", userId, number),
});
