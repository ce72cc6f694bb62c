import * as v from "valibot";
import { hour } from "../../../base/time.ts";
import type { DeviceFilters } from "../../../db/device-filters.ts";
import { wordsOf } from "../../../events/words.ts";
import { isDate } from "../../../library/attribute-values.ts";
import { platforms, versionKey } from "../../../mdm/platform.ts";
import { time } from "../route/times.ts";
import { kinds, states } from "./device-words.ts";

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

/** `name:number` or `name:date`. */
const bound = (direction: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.description(`An attribute, as \`name:value\`: this number ${direction}, such as 2026-01-31`),
      v.regex(/^[^:]+:./, "must be name:value"),
      v.transform((text) => {
        const colon = text.indexOf(":");
        return { name: text.slice(0, colon), value: text.slice(colon + 1) };
      }),
      v.check(
        ({ value }) => isDate(value) || isNumber(value),
        "must have a number such as 12.5 or a date such as 2026-01-31 as its value",
      ),
    ),
  );

const isNumber = (text: string): boolean => /^-?\d{1,15}(\.\d{1,6})?$/.test(text);

const fact = (description: string) =>
  v.optional(v.pipe(v.boolean(), v.description(`${description}, according to its last report`)));

/** Filters for a list of devices or the targets of a batch. A device must match all of them. */
export const deviceFilters = {
  state: v.optional(v.picklist(states)),
  kind: v.optional(v.picklist(kinds)),
  platform: v.optional(v.picklist(platforms)),
  os: version("This OS version; 17 is 17.0.0"),
  os_min: version("This OS version or a later one"),
  os_max: version("This OS version or an earlier one; 17 is 17.0.0"),
  serial: exactly("The complete serial number"),
  user: exactly("The complete short name of a user who has a channel"),
  person: exactly("The id of the person that it belongs to"),
  user_email: exactly("The e-mail address of the person that it belongs to, in whatever case"),
  user_department: exactly("The department of the person that it belongs to, in whatever case"),
  tag: exactly("A tag, whole"),
  set: exactly("The name of a set that it has on any of its channels"),
  app: exactly("The identifier of an app that it has, according to its last report: `com.apple.Keynote`"),
  failed: v.optional(
    v.pipe(
      v.string(),
      v.description(
        "Something that it should have failed there: `anything`, or a profile, a declaration or an app, such as `profile:office.wifi`",
      ),
      v.regex(
        /^(anything|(profile|declaration|app):.+)$/,
        "must be anything, or profile:, declaration: or app: and a name",
      ),
      v.transform((text): DeviceFilters["failed"] => {
        if (text === "anything") return text;
        const colon = text.indexOf(":");
        const kind = text.slice(0, colon) as "profile" | "declaration" | "app";
        return { kind, name: text.slice(colon + 1) };
      }),
    ),
  ),
  attribute: v.optional(
    v.pipe(
      v.string(),
      v.description("An attribute set by administrators, as `name:value`"),
      v.regex(/^[^:]+:./, "must be name:value"),
      v.transform((text) => {
        const colon = text.indexOf(":");
        return { name: text.slice(0, colon), value: text.slice(colon + 1) };
      }),
    ),
  ),
  attribute_min: bound("or more, or this day or later"),
  attribute_max: bound("or less, or this day or earlier"),
  seen_before: v.optional(time("Last seen before this time")),
  seen_after: v.optional(time("Seen at this time or later")),
  supervised: fact("Whether it is supervised"),
  encrypted: fact("Whether its storage is encrypted: FileVault, or hardware encryption with a passcode"),
  passcode_present: fact("Whether it has a passcode"),
  passcode_compliant: fact("Whether its passcode complies with its profiles"),
  activation_lock: fact("Whether Activation Lock is on"),
  lost_mode: fact("Whether it is in managed Lost Mode"),
  inventory_before: v.optional(time("Last reported its inventory before this time")),
  inventory_after: v.optional(time("Last reported its inventory at this time or later")),
  attested_within: v.optional(
    v.pipe(
      v.string(),
      v.description("Attested by Apple within this number of days or hours, such as `7d`"),
      v.regex(/^[1-9]\d{0,3}[dh]$/, "must be days or hours, such as 7d or 12h"),
      v.transform((text) => Date.now() - Number(text.slice(0, -1)) * (text.endsWith("d") ? 24 : 1) * hour),
    ),
  ),
  search: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(200),
      v.description("Beginnings of words in the name, serial number, model, id or users; all must match"),
      v.transform((text) => wordsOf([text])),
      v.minLength(1, "must have at least one word"),
      v.maxLength(8, "has more than 8 words"),
    ),
  ),
};

type Given = { [Name in keyof typeof deviceFilters]?: v.InferOutput<(typeof deviceFilters)[Name]> };

export function filtersFrom(given: Given): DeviceFilters {
  const { state, kind, platform, serial, user, person, tag, set, app, attribute } = given;
  const { supervised, encrypted, failed } = given;
  return {
    ...{
      state,
      kind,
      platform,
      serial,
      user,
      person,
      tag,
      set,
      app,
      attribute,
      supervised,
      encrypted,
      failed,
    },
    userEmail: given.user_email,
    userDepartment: given.user_department,
    attributeMin: given.attribute_min,
    attributeMax: given.attribute_max,
    osMin: latest(given.os, given.os_min),
    osMax: earliest(given.os, given.os_max),
    seenBefore: given.seen_before,
    seenAfter: given.seen_after,
    passcodePresent: given.passcode_present,
    passcodeCompliant: given.passcode_compliant,
    activationLock: given.activation_lock,
    lostMode: given.lost_mode,
    inventoryBefore: given.inventory_before,
    inventoryAfter: given.inventory_after,
    attestedAfter: given.attested_within,
    words: given.search,
  };
}

const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);

const earliest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/**
 * The filters that a set may have: facts that change only when a device or a person reports something, not by time alone.
 * Every viewer reads sets, so a person is named by id there and not by an address. Which sets a device has, and by them
 * which apps and what failed, follows from the filters of sets: a set cannot depend on it.
 */
const {
  user_email: _userEmail,
  state: _state,
  seen_before: _seenBefore,
  seen_after: _seenAfter,
  inventory_before: _inventoryBefore,
  inventory_after: _inventoryAfter,
  attested_within: _attestedWithin,
  search: _search,
  set: _set,
  app: _app,
  failed: _failed,
  ...lasting
} = deviceFilters;

export const ruleFilters = lasting;
