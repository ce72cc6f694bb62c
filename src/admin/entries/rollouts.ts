import * as v from "valibot";
import { wholeNumber } from "./forms.ts";

// How changes go from ring to ring.

const planName = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]*$/, "must be small letters, digits and hyphens"),
  v.maxLength(64),
  v.notValues(["none"], "none is the word for no rings"),
);

const ring = v.union([
  v.strictObject({
    percent: v.pipe(
      wholeNumber(1, 99, "A share of all devices that the change concerns, the earlier rings included"),
    ),
  }),
  v.strictObject({
    sets: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
      v.minLength(1),
      v.maxLength(20),
      v.description("The devices that have one of these sets"),
    ),
  }),
]);

const plan = v.pipe(
  v.strictObject({
    name: planName,
    rings: v.pipe(
      v.array(ring),
      v.minLength(1),
      v.maxLength(8),
      v.description("The first rings; all other devices are the last one"),
    ),
    hours: v.optional(wholeNumber(1, 720, "From the opening of one ring to the next, in hours"), 24),
    silent_hours: v.optional(
      v.nullable(
        wholeNumber(1, 720, "After how many hours without an outcome a device is silent; null: as `hours`"),
      ),
      null,
    ),
    max_failed_percent: v.optional(
      wholeNumber(0, 100, "The rollout halts when more devices of a ring fail"),
      5,
    ),
    max_silent_percent: v.optional(
      wholeNumber(0, 100, "The rollout halts when more devices of a ring are silent"),
      20,
    ),
  }),
  v.check(({ rings }) => areRising(rings), "each share must be larger than the one before"),
);

function areRising(rings: readonly v.InferOutput<typeof ring>[]): boolean {
  const shares = rings.flatMap((one) => ("percent" in one ? [one.percent] : []));
  return shares.every((share, index) => index === 0 || share > (shares[index - 1] ?? 0));
}

export const rolloutEntries = {
  rollout_plans: v.optional(
    v.pipe(
      v.array(plan),
      v.maxLength(20),
      v.check(
        (plans) => new Set(plans.map(({ name }) => name)).size === plans.length,
        "two plans must not have the same name",
      ),
      v.description("How changes reach devices ring by ring, by name"),
    ),
    [
      {
        name: "standard",
        rings: [{ percent: 10 }, { percent: 30 }],
        hours: 24,
        silent_hours: null,
        max_failed_percent: 5,
        max_silent_percent: 20,
      },
    ],
  ),
  connectivity_rollout: v.optional(
    v.pipe(
      v.nullable(planName),
      v.description(
        "The plan for changes of what a device needs to reach the server (Wi-Fi, VPN, filters), unless the change names another; null: none",
      ),
    ),
    "standard",
  ),
} as const;
