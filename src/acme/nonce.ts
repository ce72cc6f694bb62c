import { toBase64Url, utf8 } from "../base/bytes.ts";
import { minute } from "../base/time.ts";
import { open, type SealKeys, seal, trusted } from "../pki/seal.ts";
import { fromBase64Url } from "./base64url.ts";

/**
 * Nonces (RFC 8555 section 6.5) that nobody has to store until they are used: the time, sealed. Whoever keeps the state
 * that a request changes also keeps which nonces were used, for as long as one is good.
 *
 * The surprise: Apple's client does not try again after `badNonce`, so they live long.
 */
export const nonceLifetimeMs = 15 * minute;

const context = { what: "acme-nonce", whose: [] };

/** Under whatever key there is: nothing that is kept depends on it. */
export const mintNonce = async (keys: SealKeys, now: number): Promise<string> =>
  toBase64Url(await seal(trusted(keys), context, utf8(String(now))));

/** When the nonce ends; undefined: it is not ours, or has ended. */
export async function nonceEnd(keys: SealKeys, nonce: string, now: number): Promise<number | undefined> {
  const sealed = nonce.length < 200 ? fromBase64Url(nonce) : undefined;
  if (!sealed) return undefined;
  const opened = await open(keys, context, sealed);
  const end = opened.ok ? Number(new TextDecoder().decode(opened.value)) + nonceLifetimeMs : 0;
  return end > now ? end : undefined;
}
