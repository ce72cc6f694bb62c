import * as v from "valibot";
import { longestPolicyName, updatePlatforms } from "../../../declarations/software-update.ts";
import { identifiers } from "../sets/set-json.ts";

/** Policies for software updates, as they are sent. */
const localTime = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 18:00"),
  v.description("On each device's own clock"),
);

const localDateTime = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    "must be a local time such as 2026-12-01T18:00:00, without a zone",
  ),
  v.check((text) => isRealDate(text), "is not a date of the calendar"),
  v.description("On each device's own clock"),
);

export const Target = v.variant("kind", [
  v.strictObject({
    kind: v.literal("version"),
    version: v.pipe(
      v.string(),
      v.regex(/^\d+(\.\d+){0,2}( \([a-z]\))?$/, "must be a version such as 18.2 or 16.1 (a)"),
    ),
    build: v.exactOptional(
      v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,20}$/, "must be a build such as 22C152")),
    ),
    deadline: localDateTime,
  }),
  v.strictObject({
    kind: v.literal("latest"),
    days_after_release: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(365)),
    local_time: v.optional(localTime, "18:00"),
  }),
]);

export const NewPolicy = v.pipe(
  v.strictObject({
    platforms: v.optional(v.pipe(v.array(v.picklist(updatePlatforms)), v.minLength(1)), [
      "ios",
      "ipados",
      "macos",
    ]),
    target: Target,
    details_url: v.optional(v.nullable(v.pipe(v.string(), v.url("must be a URL"), v.maxLength(2_000))), null),
    sets: v.optional(
      v.pipe(
        identifiers("The sets whose channels it applies to; if none, the server makes a set for it"),
        v.maxLength(20),
      ),
      [],
    ),
    rollout: v.optional(
      v.pipe(
        v.nullable(v.pipe(v.string(), v.maxLength(64))),
        v.description(
          "The plan in whose rings devices get a new target, by its name in the setting `rollout_plans`; null: all at once",
        ),
      ),
      null,
    ),
    confirm: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(100),
        v.description(
          "Needed for a deadline in the past or more than two years ahead, or an unknown version: `<version> by <deadline>`, as the refusal says",
        ),
      ),
    ),
  }),
  v.title("NewSoftwareUpdatePolicy"),
);

export const policyName = v.pipe(
  v.string(),
  v.maxLength(longestPolicyName),
  v.regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "must be lower-case letters, digits and hyphens"),
);

const isRealDate = (text: string): boolean =>
  !Number.isNaN(Date.parse(`${text}Z`)) && new Date(`${text}Z`).toISOString().startsWith(text);
