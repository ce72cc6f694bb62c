import { type Bytes, fromHex, toHex, utf8 } from "../base/bytes.ts";

/**
 * Activation Lock bypass codes: sixteen random bytes, what a person types of them, and what Apple keeps.
 * https://developer.apple.com/documentation/devicemanagement/creating-and-using-bypass-codes
 *
 * The surprise: the last symbol holds the three bits that are left as they are, which is no base32 of RFC 4648.
 */
export type BypassCode = { raw: string; code: string; hash: string };

const alphabet = "0123456789ACDEFGHJKLMNPQRTUVWXYZ";
const rawLength = 16;
/** After so many symbols stands a dash. */
const dashes = [5, 10, 14, 18, 22];

export async function bypassCode(raw: Uint8Array): Promise<BypassCode | undefined> {
  if (raw.length !== rawLength) return undefined;
  return { raw: toHex(raw), code: codeOf(raw), hash: await hashOf(raw) };
}

export const newBypassCode = (): Promise<BypassCode | undefined> =>
  bypassCode(crypto.getRandomValues(new Uint8Array(rawLength)));

export const bypassCodeFromHex = async (hex: string): Promise<BypassCode | undefined> => {
  const raw = fromHex(hex);
  return raw && bypassCode(raw);
};

/** From what a person types: letter case and dashes do not matter. */
export async function bypassCodeFromText(text: string): Promise<BypassCode | undefined> {
  const values = [...text.toUpperCase().replaceAll("-", "")].map((symbol) => alphabet.indexOf(symbol));
  const last = values.at(-1) ?? -1;
  if (values.length !== 26 || values.some((value) => value < 0) || last > 7) return undefined;
  const bits = values.map((value, at) => value.toString(2).padStart(at === 25 ? 3 : 5, "0")).join("");
  return bypassCode(
    Uint8Array.from({ length: rawLength }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2)),
  );
}

function codeOf(raw: Uint8Array): string {
  const bits = [...raw].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const symbols = (bits.match(/.{1,5}/g) ?? []).map((some) => alphabet[Number.parseInt(some, 2)]);
  return symbols.map((symbol, at) => (dashes.includes(at) ? `-${symbol}` : symbol)).join("");
}

async function hashOf(raw: Uint8Array): Promise<string> {
  const key = await crypto.subtle.importKey("raw", raw as Bytes, "PBKDF2", false, ["deriveBits"]);
  const salt = utf8("\0\0\0\0");
  const derived = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: 50_000 },
    key,
    256,
  );
  return toHex(new Uint8Array(derived));
}
