import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type EventFilters, type EventRow, eventPlace, listEvents } from "../../../db/events.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time, time } from "../route/times.ts";
import { query } from "../route/validate.ts";

const Event = v.pipe(
  v.object({
    id: v.pipe(v.number(), v.integer()),
    device_id: v.pipe(v.nullable(v.string()), v.description("null: it concerns the server itself")),
    channel: v.pipe(v.nullable(v.string()), v.description("The id of the user; null: the device channel")),
    name: v.string(),
    detail: v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
    at: v.pipe(Time, v.description("When it happened; the directory learns of it a little later")),
  }),
  v.title("Event"),
);

const placeInTime = v.tuple([v.number(), v.number()]);

const narrowing = {
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.description("Such as `command.finished`, whole"))),
  since: v.optional(time("Only what happened at this time or later")),
};

const bounded =
  "A page looks at a bounded number of events, so with filters it can be short, or empty, and still have a next_cursor.";

/** What happened in the whole fleet. */
export const events = new Hono<ApiEnv>();

events.get(
  "/",
  describeRoute("List what happened, newest first", { 200: pageOf(Event) }, { detail: bounded }),
  allow("viewer"),
  query({
    device: v.optional(v.pipe(v.string(), v.minLength(1), v.description("The id of a device"))),
    ...narrowing,
    ...pageQuery(placeInTime),
  }),
  (c) => {
    const { device, name, since, limit, cursor } = c.req.valid("query");
    return listed(c, { deviceId: device, name, since }, limit, cursor);
  },
);

/** What happened to one device. Its history outlives it, so a device that is not there has an empty list. */
export const deviceEvents = new Hono<ApiEnv>();

deviceEvents.get(
  "/:id/events",
  describeRoute(
    "List what happened to a device, newest first",
    { 200: pageOf(Event) },
    { detail: `Without \`channel\`, on all of its channels. Also of a device that was deleted. ${bounded}` },
  ),
  allow("viewer"),
  query({ ...channelQuery, ...narrowing, ...pageQuery(placeInTime) }),
  (c) => {
    const { channel, name, since, limit, cursor } = c.req.valid("query");
    return listed(c, { deviceId: c.req.param("id"), userId: channel, name, since }, limit, cursor);
  },
);

async function listed(
  c: Context<ApiEnv>,
  filters: EventFilters,
  limit: number,
  cursor: v.InferOutput<typeof placeInTime> | undefined,
): Promise<Response> {
  const { rows, stoppedAt } = await listEvents(c.var.db, filters, limit + 1, cursor);
  return c.json(page(rows, limit, present, (row) => eventPlace(filters, row), stoppedAt));
}

const present = (row: EventRow): v.InferInput<typeof Event> => ({
  id: row.id,
  device_id: row.deviceId || null,
  channel: row.userId,
  name: row.name,
  detail: row.detail,
  at: isoTime(row.at),
});
