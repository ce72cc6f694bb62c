import { type Context, Hono } from "hono";
import * as v from "valibot";
import {
  type EventFilters,
  type EventPlace,
  type EventRow,
  eventPlace,
  lastEventId,
  listEvents,
} from "../../../db/events.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { countQuery, pageOf, pageQuery } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time, time } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { longPoll, stream, wantsStream } from "./live-events.ts";

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

const eventId = v.pipe(v.number(), v.integer(), v.minValue(0));

const Events = v.object({
  ...pageOf(Event).entries,
  next_after: v.optional(v.pipe(eventId, v.description("With `after`: what to ask for next"))),
});

const placeInTime = v.tuple([v.number(), v.number()]);

const narrowing = {
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.description("Such as `command.finished`, whole"))),
  state: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(40),
      v.description("The state that it tells of, such as `error`"),
    ),
  ),
  since: v.optional(time("Only what happened at this time or later")),
};

const bounded =
  "A page looks at a bounded number of events, so with filters it can be short, or empty, and still have a next_cursor.";

/** What happened in the whole fleet. */
export const events = new Hono<ApiEnv>();

events.get(
  "/",
  describeRoute(
    "List what happened, newest first, or follow it",
    { 200: Events },
    {
      problems: ["too-many-listeners"],
      answerTypes: { "text/event-stream": "Server-sent events, each with an Event as its data" },
      detail: `${bounded} With \`after\`, what came after that event, oldest first, and with \`wait\` as soon as there is anything. With \`Accept: text/event-stream\` as server-sent events. See docs/webhooks.md.`,
    },
  ),
  allow("viewer"),
  query({
    device: v.optional(v.pipe(v.string(), v.minLength(1), v.description("The id of a device"))),
    ...narrowing,
    after: v.optional(
      v.pipe(
        eventId,
        v.description("The id of an event: what came after it, oldest first; 0: from the first on"),
      ),
    ),
    wait: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(0),
        v.maxValue(25),
        v.description("With `after`: for how many seconds to wait where there is nothing yet"),
      ),
      0,
    ),
    ...pageQuery(placeInTime),
    ...countQuery,
  }),
  async (c) => {
    const { device, name, state, since, after, wait, limit } = c.req.valid("query");
    const filters = { deviceId: device, name, state };
    if (wantsStream(c)) {
      const told = /^\d{1,15}$/.exec(c.req.header("Last-Event-ID") ?? "")?.[0];
      const from = told === undefined ? after : Number(told);
      return stream(c, filters, from ?? (await lastEventId(c.var.db)), present);
    }
    if (after !== undefined) return longPoll(c, filters, { after, limit, waitSeconds: wait }, present);
    return eventList(c, c.req.valid("query"), { deviceId: device, name, state, since });
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
  query({ ...channelQuery, ...narrowing, ...pageQuery(placeInTime), ...countQuery }),
  (c) => {
    const { channel, name, state, since } = c.req.valid("query");
    const deviceId = c.req.param("id");
    return eventList(c, c.req.valid("query"), { deviceId, userId: channel, name, state, since });
  },
);

const eventList = (
  c: Context<ApiEnv>,
  asked: { limit: number; cursor?: EventPlace | undefined; count: boolean },
  filters: EventFilters,
): Promise<Response> =>
  listed(c, asked, {
    read: (limit, after: EventPlace | undefined) => listEvents(c.var.db, filters, limit, after),
    present,
    keyOf: (row) => eventPlace(filters, row),
  });

const present = (row: EventRow): v.InferInput<typeof Event> => ({
  id: row.id,
  device_id: row.deviceId || null,
  channel: row.userId,
  name: row.name,
  detail: row.detail,
  at: isoTime(row.at),
});
