import { Hono } from "hono";
import * as v from "valibot";
import { findWebhook } from "../../../db/webhooks.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, query } from "../route/validate.ts";
import { DeadLetter, Delivery, presentDeadLetter, presentDelivery } from "./webhook-json.ts";
import { unknown } from "./webhooks.ts";

const byNumber = v.tuple([v.number()]);
const eventId = v.pipe(v.number(), v.integer(), v.minValue(0));

const Replayed = v.pipe(
  v.object({
    replayed: v.pipe(v.number(), v.integer(), v.description("How many messages are queued again")),
  }),
  v.title("WebhookReplayed"),
);

/** The results of the messages to one webhook. */
export const webhookDeliveries = new Hono<ApiEnv>();

webhookDeliveries.get(
  "/:id/deliveries",
  describeRoute(
    "List the latest attempts, newest first",
    { 200: pageOf(Delivery) },
    { problems: ["not-found"], detail: "About the last two thousand attempts, without the bodies." },
  ),
  allow("admin"),
  query({
    failed: v.optional(v.pipe(v.boolean(), v.description("Only what failed")), false),
    ...listQuery(Delivery, byNumber),
  }),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    const { failed } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => c.env.WEBHOOK.getByName(row.id).deliveries(limit, failed, after?.[0]),
      present: presentDelivery,
      keyOf: ({ place }) => [place],
    });
  },
);

webhookDeliveries.get(
  "/:id/dead-letters",
  describeRoute(
    "List the messages that were given up, newest first",
    { 200: pageOf(DeadLetter) },
    { problems: ["not-found"] },
  ),
  allow("admin"),
  query(listQuery(DeadLetter, byNumber)),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => c.env.WEBHOOK.getByName(row.id).deadLetters(limit, after?.[0]),
      present: presentDeadLetter,
      keyOf: ({ event_id }) => [event_id],
    });
  },
);

webhookDeliveries.post(
  "/:id/dead-letters/replay",
  describeRoute(
    "Send messages that were given up again",
    { 200: Replayed },
    {
      problems: ["not-found"],
      detail:
        "All of them, or the named events. Each is sent before the waiting messages of its device, and after those that were sent since it was given up.",
    },
  ),
  allow("admin"),
  body(
    v.pipe(
      v.strictObject({ event_ids: v.optional(v.pipe(v.array(eventId), v.minLength(1), v.maxLength(1_000))) }),
      v.title("DeadLettersToReplay"),
    ),
    { optional: true },
  ),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    const { event_ids } = c.req.valid("json");
    return c.json({ replayed: await c.env.WEBHOOK.getByName(row.id).replayDead(event_ids) });
  },
);

webhookDeliveries.post(
  "/:id/replay",
  describeRoute(
    "Continue after a certain event, and send everything after it",
    { 204: "It continues from there" },
    {
      problems: ["not-found"],
      detail:
        "Waiting messages are dropped: they are sent again or skipped, depending on the event. Messages that are sent again keep their ids.",
    },
  ),
  allow("admin"),
  body(v.pipe(v.strictObject({ after: eventId }), v.title("ReplayFrom"))),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    await c.env.WEBHOOK.getByName(row.id).moveTo(c.req.valid("json").after);
    return c.body(null, 204);
  },
);
