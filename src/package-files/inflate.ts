import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { type FileRefusal, refuseFile } from "./refusal.ts";

/**
 * Inflates what somebody else compressed, and never beyond a limit.
 *
 * Not by a DecompressionStream: the platform's writes all that comes out of one piece before anybody may stop it.
 */
export async function inflateWithin(
  bytes: Uint8Array,
  format: "zlib" | "raw",
  mostBytes: number,
  what: string,
): Promise<Result<Bytes, FileRefusal>> {
  const { inflateRawSync, inflateSync } = await import("node:zlib");
  const inflate = format === "zlib" ? inflateSync : inflateRawSync;
  const tooMuch = `${what} is larger than ${mostBytes} bytes once it is inflated`;
  try {
    const inflated = new Uint8Array(inflate(bytes, { maxOutputLength: mostBytes + slack }));
    return inflated.length > mostBytes ? refuseFile("too-complex", tooMuch) : ok(inflated);
  } catch (fault) {
    return isTooMuch(fault)
      ? refuseFile("too-complex", tooMuch)
      : refuseFile("damaged", `${what} cannot be inflated`);
  }
}

/** The platform stops at the last whole piece below its limit. */
const slack = 64 * 1024;

const isTooMuch = (fault: unknown): boolean =>
  fault instanceof RangeError || (fault as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
