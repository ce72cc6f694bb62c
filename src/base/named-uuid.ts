import { sha256, toHex, utf8 } from "./bytes.ts";

/**
 * A UUID made from its content (RFC 9562 version 8, of SHA-256): equal parts give equal UUIDs, so an unchanged payload is
 * updated in place, a changed one is replaced, and what is asked for twice is one thing.
 */
export async function namedUuid(...parts: readonly string[]): Promise<string> {
  const bytes = (await sha256(utf8(JSON.stringify(parts)))).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes).toUpperCase();
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return groups.join("-");
}
