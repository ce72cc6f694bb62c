import { Hono } from "hono";
import * as v from "valibot";
import type { AssignedProfile } from "../../../device/desired/profiles/describe.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTimeOrNull, TimeOrNull } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { noDevice } from "./device-json.ts";

export const profileStates = ["pending", "installed", "failed", "not_applicable", "removing"] as const;

export const profileState = v.pipe(
  v.picklist(profileStates),
  v.description(
    "pending: it is being delivered. failed: it could not be delivered, or the device refused it; see the reason. not_applicable: it is not for this kind of device or channel. removing: it is being removed",
  ),
);

const count = v.pipe(v.number(), v.integer());

const OneProfile = v.pipe(
  v.object({
    identifier: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("The user's id; null: the device channel")),
    version: v.pipe(count, v.description("The version that it should have")),
    state: profileState,
    reason: v.nullable(v.string()),
    installed_version: v.pipe(v.nullable(count), v.description("The version that it installed last")),
    installed_at: TimeOrNull,
    command_uuid: v.pipe(v.nullable(v.string()), v.description("The command in progress")),
    attempts: v.pipe(count, v.description("How many times in a row it failed")),
    retry_at: v.pipe(TimeOrNull, v.description("When it is tried again; null: only after something changes")),
    repairs: v.pipe(count, v.description("How many times it was installed again within a day")),
  }),
  v.title("AssignedProfile"),
);

const Profiles = v.pipe(
  v.object({
    items: v.array(OneProfile),
    next_cursor: v.null(),
    looks_at: v.pipe(
      TimeOrNull,
      v.description(
        "When the device next compares its profiles with what it should have; null: nothing has changed since the last time",
      ),
    ),
  }),
  v.title("AssignedProfiles"),
);

export const deviceProfiles = new Hono<ApiEnv>();

deviceProfiles.get(
  "/:id/profiles",
  describeRoute(
    "Read the state of the profiles that a device has through its sets",
    { 200: Profiles },
    {
      tag: "sets",
      problems: ["not-found"],
      detail:
        "For all its channels, as of now. The profiles that the device itself lists are under installed-profiles.",
    },
  ),
  allow("viewer"),
  query({ state: v.optional(profileState) }),
  async (c) => {
    const id = c.req.param("id");
    const { state } = c.req.valid("query");
    const assigned = await c.env.DEVICE.getByName(id).describeProfiles();
    if (assigned === undefined) return problem(c, "not-found", noDevice(id));
    const items = assigned.profiles.filter((profile) => state === undefined || profile.state === state);
    const looks_at = isoTimeOrNull(assigned.looksAt);
    return c.json({ items: items.map(present), next_cursor: null, looks_at });
  },
);

const present = (profile: AssignedProfile) => ({
  identifier: profile.identifier,
  channel: profile.userId || null,
  version: profile.version,
  state: profile.state,
  reason: profile.reason,
  installed_version: profile.installedVersion,
  installed_at: isoTimeOrNull(profile.installedAt),
  command_uuid: profile.commandUuid,
  attempts: profile.attempts,
  retry_at: isoTimeOrNull(profile.retryAt),
  repairs: profile.repairs,
});
