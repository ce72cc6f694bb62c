import { Hono } from "hono";
import * as v from "valibot";
import {
  countProfileStates,
  listProfileStates,
  mostCounted,
  type ProfileStateRow,
  type StatePlace,
} from "../../../db/profile-states.ts";
import { findProfile } from "../../../db/profiles.ts";
import { profileState, profileStates } from "../devices/device-profiles.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { query } from "../route/validate.ts";

const count = v.pipe(v.number(), v.integer());

const Standing = v.pipe(
  v.object({
    device_id: v.string(),
    name: v.pipe(v.nullable(v.string()), v.description("The name of the device")),
    serial: v.nullable(v.string()),
    channel: v.pipe(v.nullable(v.string()), v.description("The user's id; null: the device channel")),
    state: profileState,
    reason: v.nullable(v.string()),
    version: v.nullable(count),
    updated_at: Time,
  }),
  v.title("ProfileStanding"),
);

const Standings = v.pipe(
  v.object({
    ...pageOf(Standing).entries,
    counts: v.pipe(
      v.record(v.picklist(profileStates), count),
      v.description(`How many channels are in each state; ${mostCounted} means this number or more`),
    ),
  }),
  v.title("ProfileStandings"),
);

export const profileDevices = new Hono<ApiEnv>();

profileDevices.get(
  "/:identifier/devices",
  describeRoute(
    "List the state of a profile on channels",
    { 200: Standings },
    {
      tag: "sets",
      problems: ["not-found"],
      detail:
        "By state, as the devices' objects last reported it to the directory, for every channel that has the profile by a set.",
    },
  ),
  allow("viewer"),
  query({
    state: v.optional(profileState),
    ...listQuery(Standing, v.tuple([v.string(), v.string(), v.string()])),
  }),
  async (c) => {
    const identifier = c.req.param("identifier");
    const { state, cursor } = c.req.valid("query");
    const { db } = c.var;
    const [profile, some, counts] = await Promise.all([
      findProfile(db, identifier),
      listProfileStates(db, identifier, state, 1, undefined),
      countProfileStates(db, identifier, profileStates),
    ]);
    // A deleted profile may still have to be removed from devices.
    if (profile === undefined && some.length === 0 && cursor === undefined)
      return problem(c, "not-found", `there is no profile ${JSON.stringify(identifier)}`);
    const source = {
      read: (limit: number, after: StatePlace | undefined) =>
        listProfileStates(db, identifier, state, limit, after),
      present: presentStanding,
      keyOf: (row: ProfileStateRow) => [row.state, row.deviceId, row.userId],
    };
    return listed(c, c.req.valid("query"), source, { counts });
  },
);

const presentStanding = (row: ProfileStateRow) => ({
  device_id: row.deviceId,
  name: row.name,
  serial: row.serial,
  channel: row.userId || null,
  state: row.state,
  reason: row.reason,
  version: row.version,
  updated_at: isoTime(row.updatedAt),
});
