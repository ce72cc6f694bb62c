import { readJson } from "../base/json.ts";
import { variablesIn } from "../mdm/variables.ts";

/**
 * Documents of assets with variables in them, such as a login or a SCEP request: each device gets bytes of its own, and
 * the hash of those. They are JSON, and small, since they are opened whenever a device looks what it should have.
 */
export const largestFilled = 64 * 1024;
/** The variables of a file; none in one that is handed out as it is. */

export function variablesOfFile(bytes: Uint8Array, contentType: string): string[] {
  const json =
    contentType === "application/json" && bytes.length <= largestFilled ? readJson(bytes) : undefined;
  return json === undefined ? [] : variablesIn(json);
}
