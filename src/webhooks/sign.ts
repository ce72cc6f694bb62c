import { type Bytes, concat, fromBase64, toBase64, utf8 } from "../base/bytes.ts";
import type { Private } from "./webhook-values.ts";

/**
 * Signatures of messages: Standard Webhooks 1.0.0 (https://www.standardwebhooks.com), and the header of NanoMDM.
 *
 * The surprise: the id of a message stays the same for its retries, but the time is that of the attempt.
 */
const prefix = "whsec_";
const secretBytes = 32;

export const newSecret = (): string => prefix + toBase64(crypto.getRandomValues(new Uint8Array(secretBytes)));

/** A secret from the caller: 24 to 64 bytes. */
export function isSecret(text: string): boolean {
  const bytes = text.startsWith(prefix) ? fromBase64(text.slice(prefix.length)) : undefined;
  return bytes !== undefined && bytes.length >= 24 && bytes.length <= 64;
}

export async function signatureHeaders(
  held: Private,
  id: string,
  body: Bytes,
  now: number,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const signed = concat([utf8(`${id}.${timestamp}.`), body]);
  const old = held.previous && held.previous.until > now ? [held.previous.secret] : [];
  const signatures = [held.secret, ...old].map(async (secret) => {
    const key = fromBase64(secret.slice(prefix.length)) ?? new Uint8Array();
    return `v1,${await hmac(key, signed)}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": (await Promise.all(signatures)).join(" "),
    ...(held.hmacKey !== undefined && { "X-Hmac-Signature": await hmac(utf8(held.hmacKey), body) }),
  };
}

async function hmac(key: Uint8Array, data: Bytes): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key as Bytes, algorithm, false, ["sign"]);
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", imported, data)));
}
