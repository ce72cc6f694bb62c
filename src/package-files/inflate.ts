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
  try {
    return ok(new Uint8Array(inflate(bytes, { maxOutputLength: mostBytes })));
  } catch (fault) {
    return isTooMuch(fault)
      ? refuseFile("too-complex", `${what} is larger than ${mostBytes} bytes once it is inflated`)
      : refuseFile("damaged", `${what} cannot be inflated`);
  }
}

const isTooMuch = (fault: unknown): boolean =>
  fault instanceof RangeError || (fault as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
