import { ok, type Result, refuse } from "../base/result.ts";
import { readBinary } from "./binary-reader.ts";
import { explain } from "./explain.ts";
import type { PlistLimits } from "./limits.ts";
import { locate, type Position } from "./position.ts";
import { isBinary } from "./read.ts";
import type { PlistRefusal } from "./refusal.ts";
import { readXmlTree } from "./upload-xml.ts";
import type { PlistValue } from "./value.ts";

/** A refusal that a person can act on: a sentence, and for XML the line and column that it speaks of. */
export type UploadRefusal = PlistRefusal & { detail: string } & Partial<Position>;

/** Fewer values than devices may send: the library's tree takes some 350 bytes an element. */
export const uploadLimits: PlistLimits = { bytes: 10 * 1024 * 1024, depth: 100, nodes: 40_000 };

/**
 * Reads a property list that somebody uploaded, XML or binary. Loads a whole XML library: reach it by `await import`.
 * It accepts and means exactly what `readPlist` does.
 */
export function readUpload(
  bytes: Uint8Array,
  limits: Partial<PlistLimits> = {},
): Result<PlistValue, UploadRefusal> {
  const all = { ...uploadLimits, ...limits };
  const result = read(bytes, all);
  if (result.ok) return ok(result.value);
  const { refusal } = result;
  const position = "offset" in refusal && !isBinary(bytes) ? locate(bytes, refusal.offset) : {};
  return refuse({ ...refusal, ...position, detail: explain(refusal) });
}

function read(bytes: Uint8Array, limits: PlistLimits): Result<PlistValue, PlistRefusal> {
  if (bytes.length > limits.bytes) {
    return refuse({ reason: "too-large", bytes: bytes.length, limit: limits.bytes });
  }
  return isBinary(bytes) ? readBinary(bytes, limits) : readXmlTree(bytes, limits);
}
