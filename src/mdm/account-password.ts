import type { Bytes } from "../base/bytes.ts";
import { utf8 } from "../base/bytes.ts";
import { writePlist } from "../plist/write.ts";

/**
 * `passwordHash` of AccountConfiguration and SetAutoAdminPassword: a property list with PBKDF2-HMAC-SHA512 of the
 * password, in the format of macOS itself.
 *
 * The surprise: WebCrypto on Workers allows 100,000 iterations at most. macOS uses 40,000 if it does not measure. They take
 * about 30 ms, more than a request may compute on the free plan: call it in an object.
 */
export const iterations = 40_000;
const entropyBytes = 128;

export async function accountPasswordHash(
  password: string,
  salt: Uint8Array = crypto.getRandomValues(new Uint8Array(32)),
): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-512", salt: salt as Bytes, iterations };
  const entropy = new Uint8Array(await crypto.subtle.deriveBits(parameters, key, entropyBytes * 8));
  return writePlist({ "SALTED-SHA512-PBKDF2": { entropy, iterations, salt } });
}
