import type { Bytes } from "../../base/bytes.ts";
import { remembered } from "./remembered.ts";
import type { EscrowRow } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** Escrowed values, and the last messages as they came. */
export function escrowStatements({ rows, row, run }: Statements) {
  const unconfirmed = remembered(() =>
    rows<{ command_uuid: string | null }>("SELECT command_uuid FROM escrow WHERE confirmed = 0").map(
      ({ command_uuid }) => command_uuid,
    ),
  );

  return {
    forgetEscrow: unconfirmed.forget,

    /** With a command, the value is valid once the device acknowledges that command, or now if `confirmed`. */
    storeEscrow: (
      name: string,
      userId: string,
      generation: number,
      at: number,
      value: Bytes,
      by: { commandUuid: string; confirmed: boolean } | undefined = undefined,
    ): number => {
      unconfirmed.forget();
      return run(
        "INSERT INTO escrow (name, user_id, generation, stored_at, command_uuid, confirmed, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
        name,
        userId,
        generation,
        at,
        by?.commandUuid ?? null,
        (by?.confirmed ?? true) ? 1 : 0,
        value,
      );
    },

    /** Called for every acknowledged command; most set no secret. */
    confirmEscrow(commandUuid: string): void {
      if (!unconfirmed.get().includes(commandUuid)) return;
      unconfirmed.forget();
      run("UPDATE escrow SET confirmed = 1 WHERE confirmed = 0 AND command_uuid = ?", commandUuid);
    },

    dropEscrow(name: string, generation: number): void {
      unconfirmed.forget();
      run("DELETE FROM escrow WHERE name = ? AND generation = ?", name, generation);
    },

    /** Newest first; the first row of the present generation is the value that the device must know. */
    escrow: (): EscrowRow[] => rows<EscrowRow>("SELECT * FROM escrow ORDER BY id DESC"),

    currentEscrow: (name: string, generation: number): EscrowRow | undefined =>
      row<EscrowRow>(
        "SELECT * FROM escrow WHERE name = ? AND generation = ? AND confirmed = 1 ORDER BY id DESC LIMIT 1",
        name,
        generation,
      ),

    keepMessage: (messageType: string, userId: string, at: number, body: Bytes): number =>
      run(
        "INSERT OR REPLACE INTO messages (message_type, user_id, received_at, body) VALUES (?, ?, ?, ?)",
        messageType,
        userId,
        at,
        body,
      ),

    promoteMessage(from: string, to: string): void {
      run(
        `INSERT OR REPLACE INTO messages (message_type, user_id, received_at, body)
         SELECT ?, user_id, received_at, body FROM messages WHERE message_type = ?`,
        to,
        from,
      );
      run("DELETE FROM messages WHERE message_type = ?", from);
    },

    message: (messageType: string, userId: string): { received_at: number; body: ArrayBuffer } | undefined =>
      row(
        "SELECT received_at, body FROM messages WHERE message_type = ? AND user_id = ?",
        messageType,
        userId,
      ),
  };
}
