import { type Bytes, concat, utf8 } from "../base/bytes.ts";

/**
 * The TokenData that a phone gets for the watch it is paired with: the phone's id in the clear, since what follows is sealed
 * for that phone alone, and the one who opens it must know for whom.
 */
const longestId = 255;

export const buildPairingToken = (phone: string, sealed: Uint8Array): Bytes =>
  concat([new Uint8Array([utf8(phone).length]), utf8(phone), sealed]);

export function readPairingToken(token: Uint8Array): { phone: string; sealed: Bytes } | undefined {
  const length = token[0] ?? 0;
  if (length === 0 || length > longestId || token.length <= length + 1) return undefined;
  const phone = new TextDecoder().decode(token.subarray(1, length + 1));
  return { phone, sealed: token.slice(length + 1) as Bytes };
}
