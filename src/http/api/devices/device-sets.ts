import { type Context, Hono } from "hono";
import * as v from "valibot";
import { warningsForDevice } from "../../../assignment/set-warnings.ts";
import { giveChannelSets, type HeldSet, heldSets } from "../../../assignment/sets.ts";
import { findListed } from "../../../db/directory.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, query } from "../route/validate.ts";
import { setName, Warnings } from "../sets/set-json.ts";
import { noDevice } from "./device-json.ts";

/** The sets of one channel. Sets that it has by a filter follow its facts and are not given or taken here. */
const entries = {
  sets: v.array(
    v.object({
      name: v.string(),
      given: v.pipe(v.boolean(), v.description("By somebody")),
      by_rule: v.pipe(v.boolean(), v.description("Because the set's filter matches")),
    }),
  ),
};
const ChannelSets = v.pipe(v.object({ ...entries, warnings: Warnings }), v.title("ChannelSets"));

const SetsBody = v.pipe(
  v.strictObject({
    sets: v.pipe(
      v.array(setName),
      v.maxLength(200),
      v.description("All names; they replace the earlier ones"),
    ),
  }),
  v.title("SetsOfChannel"),
);

export const deviceSets = new Hono<ApiEnv>();

deviceSets.get(
  "/:id/sets",
  describeRoute(
    "Read which sets a channel has",
    { 200: ChannelSets },
    { tag: "sets", problems: ["not-found"] },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const unknown = await unknownChannel(c, channel);
    if (unknown) return unknown;
    const sets = await heldSets(c.var.db, c.req.param("id"), channel);
    const warnings = await warningsForDevice(
      c.env,
      c.var.db,
      c.req.param("id"),
      sets.map(({ name }) => name),
    );
    return c.json({ sets: sets.map(presentHeld), warnings });
  },
);

deviceSets.put(
  "/:id/sets",
  describeRoute(
    "Give sets to a channel",
    { 200: ChannelSets },
    {
      tag: "sets",
      problems: ["not-found"],
      detail: "The device is notified automatically. Warnings name what has no effect at present.",
    },
  ),
  allow("operator"),
  query(channelQuery),
  body(SetsBody),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const names = c.req.valid("json").sets;
    const unknown = await unknownChannel(c, channel);
    if (unknown) return unknown;
    const given = await giveChannelSets(
      c.env,
      { deviceId: c.req.param("id"), userId: channel },
      names,
      Date.now(),
    );
    if (!given.ok) {
      return invalid(
        c,
        given.refusal.names.map((name) => ({
          pointer: `/sets/${names.indexOf(name)}`,
          code: "unknown",
          detail: `there is no set ${JSON.stringify(name)}`,
        })),
      );
    }
    const { sets, warnings } = given.value;
    return c.json({ sets: sets.map(presentHeld), warnings });
  },
);

async function unknownChannel(c: Context<ApiEnv, "/:id/*">, userId: string): Promise<Response | undefined> {
  const id = c.req.param("id");
  const { device, channels } = await findListed(c.var.db, id);
  if (device === undefined) return problem(c, "not-found", noDevice(id));
  if (userId === "" || channels.some((one) => one.userId === userId)) return undefined;
  return problem(c, "not-found", `the device has no user channel ${JSON.stringify(userId)}`);
}

const presentHeld = ({ name, given, byRule }: HeldSet) => ({ name, given, by_rule: byRule });
