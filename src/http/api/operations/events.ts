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
    at: v.pipe(Time, v.description("When it happened; the directory gets it a little later")),
  }),
  v.title("Event"),
);

const eventId = v.pipe(v.number(), v.integer(), v.minValue(0));

const Events = v.object({
  ...pageOf(Event).entries,
  next_after: v.optional(
    v.pipe(eventId, v.description("With `after`: the value of `after` for the next request")),
  ),
});

const placeInTime = v.tuple([v.number(), v.number()]);

const narrowing = {
  name: v.optional(
    v.pipe(v.string(), v.minLength(1), v.description("The complete name, such as `command.finished`")),
  ),
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
  "A page reads a limited number of events. So with filters it can be short or empty and still have a next_cursor.";

/** The events of the whole fleet. */
export const events = new Hono<ApiEnv>();

events.get(
  "/",
  describeRoute(
    "List what happened, newest first, or follow it",
    { 200: Events },
    {
      problems: ["too-many-listeners"],
      answerTypes: { "text/event-stream": "Server-sent events, each with an Event as its data" },
      detail: `${bounded} With \`after\`, the list has the events after that one, oldest first; with \`wait\`, the answer waits until there is one. With \`Accept: text/event-stream\` the events come as server-sent events. See docs/webhooks.md.`,
    },
  ),
  allow("viewer"),
  query({
    device: v.optional(v.pipe(v.string(), v.minLength(1), v.description("The id of a device"))),
    ...narrowing,
    after: v.optional(
      v.pipe(
        eventId,
        v.description(
          "The id of an event: lists the events after it, oldest first; 0: from the first event on",
        ),
      ),
    ),
    wait: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(0),
        v.maxValue(25),
        v.description("With `after`: how many seconds to wait if there is no event yet"),
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

/** The events of one device. They stay after the device is deleted, so the list of an unknown device is empty, not 404. */
export const deviceEvents = new Hono<ApiEnv>();

deviceEvents.get(
  "/:id/events",
  describeRoute(
    "List what happened to a device, newest first",
    { 200: pageOf(Event) },
    {
      detail: `Without \`channel\`, for all of its channels. This also works for a deleted device. ${bounded}`,
    },
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
