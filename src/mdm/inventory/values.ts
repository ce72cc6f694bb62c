import { plistToJson } from "../../plist/json.ts";
import type { PlistDict } from "../../plist/value.ts";
import { isSecretKey, mask } from "../secrets.ts";
import type { Values } from "./inventory-facts.ts";

/** Megabytes of certificates, and a token of the push service: of no use in an inventory. */
const leftOut = ["DevicePropertiesAttestation", "PushToken"];
const mostKeys = 300;
const mostCharacters = 20_000;

/** Apple's keys and values as JSON, without secrets and values that are far too large. */
export const valuesOf = (dict: PlistDict): Values =>
  Object.fromEntries(
    [...dict]
      .filter(([key]) => !isSecretKey(key) && !leftOut.includes(key))
      .slice(0, mostKeys)
      .map(([key, value]) => [key, plistToJson(mask(value))] as const)
      .filter(([key, value]) => key.length + JSON.stringify(value).length <= mostCharacters),
  );
