import type { webcrypto } from "node:crypto";

// What workerd has as globals and Node's types know only by another name, for sources that both sides run.
declare global {
  type CryptoKey = webcrypto.CryptoKey;
  type CryptoKeyPair = webcrypto.CryptoKeyPair;

  /** A D1 that wrangler runs here, as far as scripts ask it something. */
  type D1Database = {
    prepare(sql: string): D1PreparedStatement;
    batch(statements: readonly D1PreparedStatement[]): Promise<unknown>;
  };
  type D1PreparedStatement = {
    bind(...values: unknown[]): D1PreparedStatement;
    run(): Promise<unknown>;
    all<Row>(): Promise<{ results: Row[]; meta: { rows_read: number; duration: number } }>;
  };
}

declare module "node:crypto" {
  namespace webcrypto {
    type SubtleCrypto = {
      /** workerd's own; not in Node, so nothing that Node runs may call it. */
      timingSafeEqual(a: ArrayBufferView | ArrayBuffer, b: ArrayBufferView | ArrayBuffer): boolean;
    };
  }
}
