import { pointerTo } from "../catalog/finding.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { textAt } from "./read-profile.ts";

/** One dictionary of PayloadContent, with its place. */
export type Payload = { dict: PlistDict; type: string; uuid: string | undefined; pointer: string };

export function payloadsOf(profile: PlistDict): Payload[] {
  const content = profile.get("PayloadContent");
  if (!Array.isArray(content)) return [];
  return content.flatMap((dict, at) =>
    dict instanceof Map
      ? [
          {
            dict,
            type: textAt(dict, "PayloadType") ?? "",
            uuid: textAt(dict, "PayloadUUID"),
            pointer: `/PayloadContent/${at}`,
          },
        ]
      : [],
  );
}

/** Every member of every nested dictionary, with its key and its place. */
export function* membersWithin(
  value: PlistValue,
  pointer: string,
): Generator<{ key: string; value: PlistValue; pointer: string }> {
  if (Array.isArray(value)) {
    for (const [at, element] of value.entries()) yield* membersWithin(element, pointerTo(pointer, at));
  } else if (value instanceof Map) {
    for (const [key, member] of value) {
      const place = pointerTo(pointer, key);
      yield { key, value: member, pointer: place };
      yield* membersWithin(member, place);
    }
  }
}

/** The place of the first text or name that matches; undefined: none. */
export function placeOf(
  value: PlistValue,
  holds: (text: string) => boolean,
  pointer = "",
): string | undefined {
  if (typeof value === "string") return holds(value) ? pointer : undefined;
  const members = Array.isArray(value) ? value.entries() : value instanceof Map ? value : [];
  for (const [key, member] of members) {
    const place = pointerTo(pointer, key);
    const found = holds(String(key)) ? place : placeOf(member, holds, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const certificateTypes = [
  "com.apple.security.root",
  "com.apple.security.pkcs1",
  "com.apple.security.pem",
] as const;

export const identityTypes = [
  "com.apple.security.pkcs12",
  "com.apple.security.scep",
  "com.apple.security.acme",
  "com.apple.ADCertificate.managed",
] as const;
