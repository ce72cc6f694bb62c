import { isObject, type JsonObject, listAt, textAt } from "../ade/json.ts";
import { type AssetKey, readAssetKey } from "./asset.ts";

/** Who has a licence: a device by its serial number, or a person by the id that a server gave. */
export type LicenceHolder = { kind: "device" | "user"; id: string };

export type Assignment = AssetKey & { holder: LicenceHolder };

export function readAssignments(body: JsonObject): Assignment[] | undefined {
  return listAt(body, "assignments")
    ?.filter(isObject)
    .flatMap((value) => readAssignment(value) ?? []);
}

/** Longer ones are nobody's. */
const longestId = 256;

function readAssignment(value: JsonObject): Assignment | undefined {
  const key = readAssetKey(value);
  const holder = readHolder(value);
  return key && holder && { ...key, holder };
}

function readHolder(value: JsonObject): LicenceHolder | undefined {
  const serial = textAt(value, "serialNumber");
  const user = textAt(value, "clientUserId");
  if (serial && serial.length <= longestId) return { kind: "device", id: serial };
  return user && user.length <= longestId ? { kind: "user", id: user } : undefined;
}
