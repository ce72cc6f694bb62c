import * as v from "valibot";
import { templateTroubles } from "../../../assignment/device-name.ts";
import { setActivationName } from "../../../assignment/set-activation.ts";
import type { MemberLists, SetWhole } from "../../../db/sets.ts";
import { parsePredicate } from "../../../declarations/predicate.ts";
import { ruleFilters } from "../devices/device-query.ts";
import { askedPlan, begunRollout } from "../rollouts/plan-json.ts";
import { printableTrimmed } from "../route/printable.ts";
import type { RequestError } from "../route/request-error.ts";
import { isoTime, Time } from "../route/times.ts";

/** Sets as the API writes them. */
export const setName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(128),
  v.regex(printableTrimmed, "must be printable, without spaces at its ends"),
);

const mostMembers = 500;

export const identifiers = (description: string) =>
  v.pipe(
    v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(400))),
    v.maxLength(mostMembers, `must have ${mostMembers} entries at most`),
    v.description(description),
  );

/** The filters of the device list, with the same names; a device must match all that are given. */
const SetFilter = v.pipe(
  v.nullable(
    v.pipe(
      v.strictObject(ruleFilters),
      v.check(
        (filter) => Object.keys(filter).length > 0,
        "is empty; leave it out for a set without a filter",
      ),
    ),
  ),
  v.description(
    "Enrolled devices have the set on their device channel for as long as they match; null: only channels that were given the set have it",
  ),
);

const entries = {
  name: v.string(),
  description: v.string(),
  profiles: v.array(v.string()),
  declarations: v.array(v.string()),
  apps: v.array(v.string()),
  optional: v.pipe(
    v.object({
      profiles: v.array(v.string()),
      declarations: v.array(v.string()),
      apps: v.array(v.string()),
    }),
    v.description("What a channel with the set gets only if it is chosen there"),
  ),
  filter: v.nullable(v.record(v.string(), v.union([v.string(), v.boolean()]))),
  activate: v.boolean(),
  predicate: v.nullable(v.string()),
  device_name: v.pipe(v.nullable(v.string()), v.description("How devices with the set are called")),
  activation: v.pipe(
    v.nullable(v.string()),
    v.description("The server's own activation of the set's configurations, by its identifier"),
  ),
  by_policy: v.pipe(
    v.array(v.object({ policy: v.string(), declarations: v.array(v.string()) })),
    v.description(
      "What software-update policies put here. It is deleted with its policy; PUT does not change it",
    ),
  ),
  created_at: Time,
  updated_at: Time,
};

export const SetBody = v.pipe(v.object(entries), v.title("Set"));

export const Warnings = v.array(v.object({ code: v.string(), detail: v.string() }));
export const SetWithWarnings = v.pipe(
  v.object({ ...entries, warnings: Warnings, rollout: begunRollout }),
  v.title("SavedSet"),
);

export const presentSet = async ({ row, members, apps, byPolicy }: SetWhole) => ({
  name: row.name,
  description: row.description,
  ...members,
  apps: apps.required,
  optional: { ...members.optional, apps: apps.optional },
  filter: row.filter,
  activate: row.activate,
  predicate: row.predicate,
  device_name: row.deviceName,
  activation: row.activate ? await setActivationName(row.name) : null,
  by_policy: byPolicy,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

/** The condition under which a set's configurations are in force. */
const Predicate = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(20_000),
  v.rawCheck(({ dataset, addIssue }) => {
    const parsed = dataset.typed ? parsePredicate(dataset.value) : undefined;
    if (parsed?.ok === false)
      addIssue({ message: `at character ${parsed.refusal.at + 1}: ${parsed.refusal.detail}` });
  }),
  v.description(
    "Apple's predicate, as in an activation: the configurations are in force only on devices for which it is true",
  ),
);

/** How devices with the set are called. */
const DeviceName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(500),
  v.regex(printableTrimmed, "must be printable, without spaces at its ends"),
  v.rawCheck(({ dataset, addIssue }) => {
    for (const message of dataset.typed ? templateTroubles(dataset.value) : []) addIssue({ message });
  }),
  v.description(
    "A name with variables, such as `{{device.model}}-{{device.serial_number}}`. Supervised devices and Macs are called so, and called so again when they have another name. Of several sets of a device, the first by name decides",
  ),
);

/** What people and administrators can choose for a device that has the set. */
const Offers = v.pipe(
  v.strictObject({
    profiles: v.optional(identifiers("Identifiers of the profile library"), []),
    declarations: v.optional(identifiers("Identifiers of configurations"), []),
    apps: v.optional(identifiers("Names of the library of apps"), []),
  }),
  v.description(
    "What a channel with the set gets only if it is chosen there. What one of its sets requires, it gets in any case",
  ),
  v.title("SetOffers"),
);

/** What PUT takes. */
export const NewSet = v.pipe(
  v.strictObject({
    description: v.optional(v.pipe(v.string(), v.maxLength(1_000)), ""),
    profiles: v.optional(identifiers("Identifiers of the profile library"), []),
    declarations: v.optional(identifiers("Identifiers of declarations"), []),
    apps: v.optional(identifiers("Names of the library of apps: only devices get them, not their users"), []),
    optional: v.optional(Offers, {}),
    filter: v.optional(SetFilter, null),
    activate: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          "The server makes the activation for the configurations in the list and keeps it up to date",
        ),
      ),
      false,
    ),
    predicate: v.optional(v.nullable(Predicate), null),
    rollout: v.optional(askedPlan),
    device_name: v.optional(v.nullable(DeviceName), null),
  }),
  v.forward(
    v.check(
      ({ activate, predicate }) => activate || predicate === null,
      'is the condition of the activation: it needs "activate": true',
    ),
    ["predicate"],
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const kind of ["profiles", "declarations", "apps"] as const) {
      const required = new Set(dataset.value[kind]);
      const both = dataset.value.optional[kind].find((identifier) => required.has(identifier));
      if (both !== undefined)
        addIssue({ message: `has ${both} in its ${kind} and among the optional ones: choose one` });
    }
  }),
  v.title("NewSet"),
);

type NamedLists = MemberLists & { apps: readonly string[] };
export type Named = NamedLists & { optional: NamedLists };

export function memberErrors(named: Named, missing: NamedLists): RequestError[] {
  return (["profiles", "declarations", "apps"] as const).flatMap((kind) =>
    missing[kind].map((identifier) => ({
      pointer: pointerTo(named, kind, identifier),
      code: "unknown",
      detail: `there is no ${kind.slice(0, -1)} ${identifier}`,
    })),
  );
}

function pointerTo(named: Named, kind: keyof NamedLists, identifier: string): string {
  const at = named[kind].indexOf(identifier);
  return at < 0 ? `/optional/${kind}/${named.optional[kind].indexOf(identifier)}` : `/${kind}/${at}`;
}

export const noSet = (name: string): string => `there is no set ${JSON.stringify(name)}`;
