import { canonicalJson, type Json } from "../../../../src/declarations/canonical-json.ts";
import {
  defaultEnrollmentSettings,
  type EnrollmentSettings,
  patched,
} from "../../../../src/enrollment/enrollment-setting-values.ts";
import { EnrollmentPatch } from "../../../../src/http/api/enrollment/enrollment-settings-json.ts";
import { membersOf } from "../api.ts";
import { patchedKind } from "../patched-kind.ts";
import type { Tree } from "../thing.ts";

/** Null in an answer is absent in a file. */
const withoutNulls = (value: Json): Json =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([key, member]) =>
          member === null ? [] : [[key, withoutNulls(member)]],
        ),
      );

export const enrollment = patchedKind({
  place: "enrollment",
  one: "settings for enrollment",
  path: "/enrollment/settings",
  schema: EnrollmentPatch,
  settable: ({ effective: _effective, ...rest }) => withoutNulls(rest) as Tree,
  merged: (current, wanted) => patched(current as unknown as EnrollmentSettings, wanted) as unknown as Tree,
  exported: (current) => ({
    value: saidOf(current, defaultEnrollmentSettings as unknown as Tree),
    secrets: [],
  }),
});

/** What is not as it is without being said; null for what was taken away. */
function saidOf(current: Tree, defaults: Tree): Tree {
  const names = new Set([...Object.keys(current), ...Object.keys(defaults)]);
  return Object.fromEntries(
    [...names].flatMap((name): [string, Json][] => {
      const [value, standard] = [current[name] ?? null, defaults[name] ?? null];
      if (canonicalJson(value) === canonicalJson(standard)) return [];
      return isGroup(value) && isGroup(standard)
        ? [[name, saidOf(value, membersOf(standard) as Tree)]]
        : [[name, value]];
    }),
  );
}

const isGroup = (value: Json): value is Tree =>
  value !== null && typeof value === "object" && !Array.isArray(value);
