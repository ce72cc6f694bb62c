import { readPlist } from "../plist/read.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";

/**
 * Whether a waiting command, as its device would get it, is the same as the requested one. Values that the server added
 * do not count as a difference.
 */
export function isSameCommand(waiting: Uint8Array, asked: PlistDict, wasCompleted: boolean): boolean {
  const read = readPlist(waiting);
  const command = read.ok && read.value instanceof Map ? read.value.get("Command") : undefined;
  if (!(command instanceof Map)) return false;
  const held = new Map(command);
  held.delete("RequestType");
  if (!wasCompleted && held.size !== asked.size) return false;
  return [...asked].every(([key, value]) => isSame(held.get(key), value));
}

const isSame = (a: PlistValue | undefined, b: PlistValue): boolean =>
  a !== undefined && written(a) === written(b);

const written = (value: PlistValue): string =>
  new TextDecoder().decode(writePlist(new Map([["value", value]])));
