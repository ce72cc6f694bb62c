import type { webcrypto } from "node:crypto";

// What workerd has as globals and Node's types know only by another name, for sources that both sides run.
declare global {
  type CryptoKey = webcrypto.CryptoKey;
  type CryptoKeyPair = webcrypto.CryptoKeyPair;
}

declare module "node:crypto" {
  namespace webcrypto {
    interface SubtleCrypto {
      /** workerd's own; not in Node, so nothing that Node runs may call it. */
      timingSafeEqual(a: ArrayBufferView | ArrayBuffer, b: ArrayBufferView | ArrayBuffer): boolean;
    }
  }
}
