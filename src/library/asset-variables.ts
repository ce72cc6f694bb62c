import { readJson } from "../base/json.ts";
import { variablesIn } from "../mdm/variables.ts";

/**
 * Documents of assets with variables, such as a login or a SCEP request: each device gets its own bytes and their hash.
 * They must be JSON and small, because they are opened at each reconcile of a device.
 */
export const largestFilled = 64 * 1024;
/** The variables of a file; none if it is delivered unchanged. */

export function variablesOfFile(bytes: Uint8Array, contentType: string): string[] {
  const json =
    contentType === "application/json" && bytes.length <= largestFilled ? readJson(bytes) : undefined;
  return json === undefined ? [] : variablesIn(json);
}
