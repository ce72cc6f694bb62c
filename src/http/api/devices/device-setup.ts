import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { SetupDescription } from "../../../device/setup/describe.ts";
import { stepNames } from "../../../device/setup/steps.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { query } from "../route/validate.ts";

const text = v.nullable(v.string());

const Step = v.object({
  name: v.picklist(stepNames),
  state: v.pipe(
    v.picklist(["running", "done", "failed", "late"]),
    v.description("late: it took longer than a step may; the device was not held for it any longer"),
  ),
  holds: v.pipe(v.boolean(), v.description("The device is held until this ends")),
  age_seconds: v.pipe(
    v.number(),
    v.integer(),
    v.description("How long it has been going on, or how long it took"),
  ),
  began_at: Time,
  ended_at: TimeOrNull,
  command_uuid: text,
  error: text,
});

const Setup = v.pipe(
  v.object({
    state: v.pipe(
      v.picklist(["running", "releasing", "released", "stuck"]),
      v.description(
        "releasing: the device has yet to fetch the command that lets it go; stuck: it refused that command each time",
      ),
    ),
    began_at: Time,
    released_at: TimeOrNull,
    released_by: v.pipe(
      text,
      v.description("complete, time-limit, device (it left by itself), or the token that let it go"),
    ),
    ends_at: v.pipe(Time, v.description("It is let go then, whatever is still to be done")),
    command_uuid: v.pipe(text, v.description("Of the command that lets it go")),
    steps: v.array(Step),
  }),
  v.title("Setup"),
);

export const deviceSetup = new Hono<ApiEnv>();

deviceSetup.get(
  "/:id/setup",
  describeRoute(
    "Show how the set-up of a device stands",
    { 200: Setup },
    {
      problems: ["not-found"],
      detail: "Of a device that awaits, or has awaited, configuration in Setup Assistant.",
    },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const setup = await c.env.DEVICE.getByName(c.req.param("id")).describeSetup(channel);
    return setup ? c.json(present(setup, Date.now())) : none(c);
  },
);

deviceSetup.post(
  "/:id/setup/release",
  describeRoute(
    "Let a device out of Setup Assistant now",
    { 202: Setup },
    {
      problems: ["not-found", "conflict"],
      detail: "Whatever is still to be done is done afterwards. Asked again, it changes nothing.",
    },
  ),
  allow("helpdesk"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const device = c.env.DEVICE.getByName(c.req.param("id"));
    const released = await device.releaseSetup(channel, c.var.caller.tokenId);
    if (!released.ok) {
      const slug = released.refusal.reason === "no-set-up" ? "not-found" : "conflict";
      return problem(c, slug, released.refusal.detail);
    }
    const setup = await device.describeSetup(channel);
    return setup ? c.json(present(setup, Date.now()), 202) : none(c);
  },
);

const none = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", "no set-up of this device is known: it has not awaited configuration");

const present = (setup: SetupDescription, now: number) => ({
  state: setup.state,
  began_at: isoTime(setup.beganAt),
  released_at: isoTimeOrNull(setup.releasedAt),
  released_by: setup.releasedBy,
  ends_at: isoTime(setup.endsAt),
  command_uuid: setup.commandUuid,
  steps: setup.steps.map((step) => ({
    name: step.name,
    state: step.state,
    holds: step.holds,
    age_seconds: Math.round(((step.endedAt ?? now) - step.beganAt) / 1000),
    began_at: isoTime(step.beganAt),
    ended_at: isoTimeOrNull(step.endedAt),
    command_uuid: step.commandUuid,
    error: step.error,
  })),
});
