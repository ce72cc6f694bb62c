import { type Result, refuse } from "../base/result.ts";
import { readBinary } from "./binary-reader.ts";
import { defaultLimits, type PlistLimits } from "./limits.ts";
import type { PlistRefusal } from "./refusal.ts";
import type { PlistValue } from "./value.ts";
import { readXml } from "./xml-reader.ts";

/** Reads a property list, XML or binary: its first bytes tell which. For what devices send; people's files go to `readUpload`. */
export function readPlist(
  bytes: Uint8Array,
  limits: Partial<PlistLimits> = {},
): Result<PlistValue, PlistRefusal> {
  const all = { ...defaultLimits, ...limits };
  if (bytes.length > all.bytes) return refuse({ reason: "too-large", bytes: bytes.length, limit: all.bytes });
  return isBinary(bytes) ? readBinary(bytes, all) : readXml(bytes, all);
}

const magic = "bplist";

export const isBinary = (bytes: Uint8Array): boolean =>
  bytes.length >= magic.length && [...magic].every((letter, at) => bytes[at] === letter.charCodeAt(0));
