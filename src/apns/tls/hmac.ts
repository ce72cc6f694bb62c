import type { Bytes } from "../../base/bytes.ts";
import type { Hash } from "./suites.ts";

/** HMAC and hashes by their TLS names; both key schedules are built from nothing else. */
export const importHmacKey = (hash: Hash, key: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign", "verify"]);

export const hmac = async (key: CryptoKey, data: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, data));

export const digest = async (hash: Hash, data: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest(hash, data));
