import { sha256, toHex } from "../base/bytes.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";

/** SHA-256, in hex, of the meaning of a property list: its format and the order of its keys do not matter. */
export const contentDigest = async (profile: PlistDict): Promise<string> =>
  toHex(await sha256(writePlist(sorted(profile))));

function sorted(value: PlistValue): PlistValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  const keys = [...value.keys()].sort();
  return new Map(keys.map((key) => [key, sorted(value.get(key) as PlistValue)]));
}
