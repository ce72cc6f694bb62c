import type { Order } from "../../acme/order.ts";
import type { Bytes } from "../../base/bytes.ts";
import type { Promised } from "./promise.ts";

/** A stored order: without its identifier, which is secret until it is used and is stored sealed in another column. */
export type KeptOrder = { order: Omit<Order, "identifier">; promised: Promised; sealedIdentifier: Bytes };

export type AccountStore = ReturnType<typeof accountStore>;

/** Every SQL statement of an account's object. Nothing is written before its first order. */
export function accountStore(sql: SqlStorage) {
  const isThere = (): boolean =>
    sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'orders'").toArray().length > 0;

  return {
    isThere,

    create(): void {
      sql.exec(
        `CREATE TABLE IF NOT EXISTS orders (
           id TEXT PRIMARY KEY, body TEXT NOT NULL, identifier BLOB NOT NULL
         ) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, ends_at INTEGER NOT NULL) WITHOUT ROWID;`,
      );
    },

    /** False: it already exists. */
    addNonce: (nonce: string, endsAt: number): boolean =>
      sql.exec("INSERT OR IGNORE INTO nonces (nonce, ends_at) VALUES (?, ?)", nonce, endsAt).rowsWritten > 0,

    dropNonces: (endedBefore: number): void =>
      void sql.exec("DELETE FROM nonces WHERE ends_at <= ?", endedBefore),

    order(id: string): KeptOrder | undefined {
      const [row] = sql
        .exec<{ body: string; identifier: ArrayBuffer }>(
          "SELECT body, identifier FROM orders WHERE id = ?",
          id,
        )
        .toArray();
      return row && { ...JSON.parse(row.body), sealedIdentifier: new Uint8Array(row.identifier) };
    },

    orderIds: (): string[] =>
      sql
        .exec<{ id: string }>("SELECT id FROM orders ORDER BY id")
        .toArray()
        .map(({ id }) => id),

    putOrder({ order, promised, sealedIdentifier }: KeptOrder): void {
      sql.exec(
        "INSERT OR REPLACE INTO orders (id, body, identifier) VALUES (?, ?, ?)",
        order.id,
        JSON.stringify({ order, promised }),
        sealedIdentifier,
      );
    },
  };
}
