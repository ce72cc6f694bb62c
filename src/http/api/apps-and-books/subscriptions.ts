import { Hono } from "hono";
import * as v from "valibot";
import type { Subscription, SubscriptionSeat } from "../../../apps-and-books/subscription.ts";
import { findLocation } from "../../../db/content-locations.ts";
import { listSubscriptionSeats, listSubscriptions } from "../../../licences/subscriptions.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { encodeCursor, pageOf, pageQuery } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { params, query } from "../route/validate.ts";
import { adamId } from "./location-json.ts";
import { unknownLocation } from "./locations.ts";
import { refusedLocation } from "./refused.ts";

/** Subscriptions of a location, as Apple says at this moment. Nothing here changes one. */
export const locationSubscriptions = new Hono<ApiEnv>();

const problems = ["not-found", "apple-refused", "apple-unavailable"] as const;
const count = v.pipe(v.number(), v.integer());

const SeatCounts = v.pipe(
  v.object({
    renewing: v.pipe(count, v.description("Go on when the period ends")),
    expiring: v.pipe(count, v.description("End with the period")),
  }),
  v.title("SubscriptionSeatCounts"),
);

const ContentSubscription = v.pipe(
  v.object({
    adam_id: v.string(),
    app_adam_id: v.pipe(v.nullable(v.string()), v.description("The app that it is sold in")),
    status: v.pipe(v.nullable(v.string()), v.description("Apple's word, such as `ACTIVE`")),
    period_ends_on: v.pipe(v.nullable(v.string()), v.description("A day, such as `2027-01-15`")),
    total: SeatCounts,
    assigned: SeatCounts,
    available: SeatCounts,
  }),
  v.title("ContentSubscription"),
);

const presentSubscription = (one: Subscription): v.InferInput<typeof ContentSubscription> => ({
  adam_id: one.adamId,
  app_adam_id: one.parentAdamId ?? null,
  status: one.status ?? null,
  period_ends_on: one.periodEndDate ?? null,
  total: one.total,
  assigned: one.assigned,
  available: one.available,
});

const ContentSubscriptionUser = v.pipe(
  v.object({
    client_user_id: v.string(),
    renewing: v.pipe(v.boolean(), v.description("false: the user has it until the period ends")),
  }),
  v.title("ContentSubscriptionUser"),
);

const presentSeat = (seat: SubscriptionSeat): v.InferInput<typeof ContentSubscriptionUser> => ({
  client_user_id: seat.clientUserId,
  renewing: seat.isRenewing,
});

/** Apple's own cursor. Apple decides how many items a page has. */
const { cursor } = pageQuery(v.tuple([v.pipe(v.string(), v.maxLength(1_000))]));

const cursorOf = (next: string | undefined): string | null =>
  next === undefined ? null : encodeCursor([next]);

locationSubscriptions.get(
  "/:name/subscriptions",
  describeRoute(
    "List the subscriptions of a location, as Apple says now",
    { 200: pageOf(ContentSubscription) },
    {
      problems,
      detail:
        "Only listed: this server neither gives seats to users nor tells Apple that it manages subscriptions. What was bought once and has no seats left is listed with zeros.",
    },
  ),
  allow("operator"),
  query({ cursor }),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const listed = await listSubscriptions(c.env, row, c.req.valid("query").cursor?.[0]);
    if (!listed.ok) return refusedLocation(c, row.name, listed.refusal);
    const { items, next } = listed.value;
    return c.json({ items: items.map(presentSubscription), next_cursor: cursorOf(next) });
  },
);

locationSubscriptions.get(
  "/:name/subscriptions/:subscription/users",
  describeRoute(
    "List who has a seat of a subscription, as Apple says now",
    { 200: pageOf(ContentSubscriptionUser) },
    { problems },
  ),
  allow("operator"),
  params({ name: v.string(), subscription: adamId }),
  query({ cursor }),
  async (c) => {
    const { name, subscription } = c.req.valid("param");
    const row = await findLocation(c.var.db, name);
    if (!row) return unknownLocation(c);
    const listed = await listSubscriptionSeats(c.env, row, subscription, c.req.valid("query").cursor?.[0]);
    if (!listed.ok) return refusedLocation(c, row.name, listed.refusal);
    const { items, next } = listed.value;
    return c.json({ items: items.map(presentSeat), next_cursor: cursorOf(next) });
  },
);
