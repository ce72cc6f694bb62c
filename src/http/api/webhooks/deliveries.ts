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
  v.object({ replayed: v.pipe(v.number(), v.integer(), v.description("How many messages wait again")) }),
  v.title("WebhookReplayed"),
);

/** What came of the messages of one target. */
export const webhookDeliveries = new Hono<ApiEnv>();

webhookDeliveries.get(
  "/:id/deliveries",
  describeRoute(
    "List what was tried lately, newest first",
    { 200: pageOf(Delivery) },
    { problems: ["not-found"], detail: "The last two thousand attempts or so. Without what was sent." },
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
    "Try again what was given up",
    { 200: Replayed },
    {
      problems: ["not-found"],
      detail:
        "All of it, or the events named. Each is sent before what waits of its device, and after what was sent since it was given up.",
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
    "Send everything after an event, again or at last",
    { 204: "It goes on from there" },
    {
      problems: ["not-found"],
      detail:
        "Whatever waits is dropped: it comes again, or is skipped. Messages that are sent again have the ids they had.",
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
