import { toBase64Url, utf8 } from "../base/bytes.ts";
import { minute } from "../base/time.ts";
import { open, type SealKeys, seal, trusted } from "../pki/seal.ts";
import { fromBase64Url } from "./base64url.ts";

/**
 * Nonces (RFC 8555 section 6.5) that need no storage until they are used: the sealed time. The object that stores the
 * state of a request also stores the used nonces, as long as they are valid.
 *
 * The surprise: Apple's client does not try again after `badNonce`, so nonces are valid for long.
 */
export const nonceLifetimeMs = 15 * minute;

const context = { what: "acme-nonce", whose: [] };

/** Sealed with any present key, because nothing stored depends on it. */
export const mintNonce = async (keys: SealKeys, now: number): Promise<string> =>
  toBase64Url(await seal(trusted(keys), context, utf8(String(now))));

/** When the nonce ends; undefined: it is not ours or has ended. */
export async function nonceEnd(keys: SealKeys, nonce: string, now: number): Promise<number | undefined> {
  const sealed = nonce.length < 200 ? fromBase64Url(nonce) : undefined;
  if (!sealed) return undefined;
  const opened = await open(keys, context, sealed);
  const end = opened.ok ? Number(new TextDecoder().decode(opened.value)) + nonceLifetimeMs : 0;
  return end > now ? end : undefined;
}
