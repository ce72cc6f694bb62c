import { type Bytes, fromBase64 } from "../base/bytes.ts";

/** What JWS and ACME call base64url (RFC 7515 section 2), with one spelling for each value; padding only if requested. */
export function fromBase64Url(text: string, padding: "refused" | "allowed" = "refused"): Bytes | undefined {
  const bare = padding === "allowed" ? text.replace(/={1,2}$/, "") : text;
  if (!/^[A-Za-z0-9_-]*$/.test(bare)) return undefined;
  const bytes = fromBase64(bare);
  // Unused bits would give one value several spellings.
  return bytes && Buffer.from(bytes).toString("base64url") === bare ? bytes : undefined;
}
