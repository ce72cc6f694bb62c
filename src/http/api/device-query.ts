import * as v from "valibot";
import type { DeviceFilters } from "../../db/device-filters.ts";
import { wordsOf } from "../../events/words.ts";
import { platforms, versionKey } from "../../mdm/platform.ts";
import { kinds, states } from "./device-json.ts";
import { time } from "./times.ts";

const version = (description: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.description(description),
      v.regex(/^\d{1,4}(\.\d{1,3}){0,2}$/, "must be a version such as 17.4.1"),
      v.transform((text) => versionKey(text) ?? 0),
    ),
  );

const exactly = (description: string) =>
  v.optional(v.pipe(v.string(), v.minLength(1), v.description(description)));

/** What a list of devices, or the targets of a batch, may be narrowed to. All that is given must hold. */
export const deviceFilters = {
  state: v.optional(v.picklist(states)),
  kind: v.optional(v.picklist(kinds)),
  platform: v.optional(v.picklist(platforms)),
  os: version("This OS version; 17 is 17.0.0"),
  os_min: version("This OS version or a later one"),
  os_max: version("This OS version or an earlier one; 17 is 17.0.0"),
  serial: exactly("The serial number, whole"),
  user: exactly("The short name of a user with a channel of their own, whole"),
  tag: exactly("A tag, whole"),
  seen_before: v.optional(time("Not seen since this time, but seen once")),
  seen_after: v.optional(time("Seen at this time or later")),
  search: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(200),
      v.description("Beginnings of words in the name, serial number, model, id or users; all must be found"),
      v.transform((text) => wordsOf([text])),
      v.minLength(1, "has no word in it"),
      v.maxLength(8, "has more than 8 words"),
    ),
  ),
};

type Given = { [Name in keyof typeof deviceFilters]?: v.InferOutput<(typeof deviceFilters)[Name]> };

export function filtersFrom({
  os,
  os_min,
  os_max,
  seen_before,
  seen_after,
  search,
  ...rest
}: Given): DeviceFilters {
  return {
    ...rest,
    osMin: latest(os, os_min),
    osMax: earliest(os, os_max),
    seenBefore: seen_before,
    seenAfter: seen_after,
    words: search,
  };
}

const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);

const earliest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
