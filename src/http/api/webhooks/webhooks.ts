import { type Context, Hono } from "hono";
import * as v from "valibot";
import { hour } from "../../../base/time.ts";
import { findWebhook, listWebhooks } from "../../../db/webhooks.ts";
import {
  createWebhook,
  removeWebhook,
  rotateSecret,
  updateWebhook,
  type WebhookRefusal,
} from "../../../webhooks/manage.ts";
import { openWebhook } from "../../../webhooks/webhook.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, query } from "../route/validate.ts";
import { NewWebhook, WebhookPatch } from "./new-webhook.ts";
import {
  CreatedWebhook,
  NewSecret,
  PingOutcome,
  presentPing,
  presentProgress,
  presentSecrets,
  presentWebhook,
  Webhook,
  WebhookDetail,
} from "./webhook-json.ts";

/** Where events are sent. Only administrators may change this: the receiver reads what every device says. */
export const webhooks = new Hono<ApiEnv>();

webhooks.get(
  "/",
  describeRoute("List the webhooks, oldest first", {
    200: v.object({ items: v.array(Webhook), next_cursor: v.null() }),
  }),
  allow("admin"),
  async (c) => c.json({ items: (await listWebhooks(c.var.db)).map(presentWebhook), next_cursor: null }),
);

webhooks.post(
  "/",
  describeRoute(
    "Create a webhook",
    { 201: CreatedWebhook },
    { problems: ["conflict"], detail: "It gets all events from now on. See docs/webhooks.md." },
  ),
  allow("admin"),
  body(NewWebhook),
  idempotent(),
  async (c) => {
    const { include_secrets, hmac_key, secret, after, ...given } = c.req.valid("json");
    const input = { ...given, includeSecrets: include_secrets, hmacKey: hmac_key, secret, after };
    const made = await createWebhook(c.env, input, c.var.caller.tokenId, Date.now());
    if (!made.ok) return refused(c, made.refusal);
    const { row, private: held } = made.value;
    return c.json({ ...presentWebhook(row), ...presentSecrets(held) }, 201, {
      Location: `/api/v1/webhooks/${row.id}`,
    });
  },
);

webhooks.get(
  "/:id",
  describeRoute(
    "Read one webhook and its progress",
    { 200: WebhookDetail },
    {
      tagged: ["name", "topics", "include_secrets", "state", "updated_at"],
      problems: ["not-found"],
      detail: "With `secrets=true` also its complete address and its signing secrets; that is audited.",
    },
  ),
  allow("admin"),
  query({ secrets: v.optional(v.boolean(), false) }),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    const progress = presentProgress(row, await c.env.WEBHOOK.getByName(row.id).report());
    if (!c.req.valid("query").secrets) return c.json({ ...presentWebhook(row), progress });
    c.set("audit", "always");
    const { private: held } = await openWebhook(c.env, row);
    return c.json({ ...presentWebhook(row), ...presentSecrets(held), progress });
  },
);

webhooks.patch(
  "/:id",
  describeRoute(
    "Change, pause or resume a webhook",
    { 200: Webhook },
    {
      problems: ["not-found", "conflict"],
      detail:
        "After a pause it sends the events since then, as far as they are kept (setting events_days). Waiting messages are tried at once.",
    },
  ),
  allow("admin"),
  body(WebhookPatch),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    const { include_secrets, hmac_key, ...given } = c.req.valid("json");
    const change = {
      ...given,
      ...(include_secrets !== undefined && { includeSecrets: include_secrets }),
      ...(hmac_key !== undefined && { hmacKey: hmac_key }),
    };
    const changed = await updateWebhook(c.env, row, change, Date.now());
    return changed.ok ? c.json(presentWebhook(changed.value)) : refused(c, changed.refusal);
  },
);

webhooks.delete(
  "/:id",
  describeRoute(
    "Delete a webhook with its waiting messages",
    { 204: "Deleted" },
    { problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => ((await removeWebhook(c.env, c.req.param("id"))) ? c.body(null, 204) : unknown(c)),
);

webhooks.post(
  "/:id/secret",
  describeRoute(
    "Give a webhook a new secret; the old one is also used for a while",
    { 200: CreatedWebhook },
    { problems: ["not-found", "conflict"] },
  ),
  allow("admin"),
  body(NewSecret, { optional: true }),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    const { secret, overlap_hours } = c.req.valid("json");
    const input = { secret, overlapMs: overlap_hours * hour };
    const rotated = await rotateSecret(c.env, row, input, Date.now());
    if (!rotated.ok) return refused(c, rotated.refusal);
    return c.json({ ...presentWebhook(row), ...presentSecrets(rotated.value) });
  },
);

webhooks.post(
  "/:id/ping",
  describeRoute(
    "Send a test message now, once, outside the queue",
    { 200: PingOutcome },
    { problems: ["not-found"], detail: "This also works while it is paused." },
  ),
  allow("admin"),
  async (c) => {
    const row = await findWebhook(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c);
    const answer = await c.env.WEBHOOK.getByName(row.id).ping(c.var.caller.tokenId);
    return answer ? c.json(presentPing(answer)) : unknown(c);
  },
);

export const unknown = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `no webhook has the id ${c.req.param("id")}`);

function refused(c: Context<ApiEnv>, refusal: WebhookRefusal): Response {
  const { reason, detail } = refusal;
  if ("field" in refusal) return invalid(c, [{ pointer: `/${refusal.field}`, code: reason, detail }]);
  return problem(c, "conflict", detail);
}
