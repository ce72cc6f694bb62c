import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type OrderRefusal, orderActivity } from "../../../apple-business/portal/order-activity.ts";
import type { ActivityOrder } from "../../../business-api/activity.ts";
import { findPortalAccount } from "../../../db/portal-accounts.ts";
import { findActivity, listActivities, listActivityDevices } from "../../../db/portal-activities.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, query } from "../route/validate.ts";
import { ActivityDevice, ApiActivity, presentActivity, presentActivityDevice } from "./api-account-json.ts";
import { unknownApiAccount } from "./api-accounts.ts";
import { serialNumbers } from "./device-json.ts";
import { appleProblems, refusedByApple } from "./refused.ts";

/** Devices move between the organisation's servers: what was ordered, and what came of it. */
export const apiActivities = new Hono<ApiEnv>();

const mostAtOnce = 1_000;
const problems = ["not-found", "invalid-request", "unconfirmed", ...appleProblems] as const;

const named = {
  serial_numbers: serialNumbers(mostAtOnce),
  confirm: v.optional(v.pipe(v.number(), v.description("How many serial numbers are named"))),
};
const deadline = v.pipe(
  v.string(),
  v.isoTimestamp("must be a time such as 2026-12-15T17:00:00Z"),
  v.description("At most 90 days ahead"),
);

const Move = v.pipe(
  v.strictObject({
    ...named,
    server_id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,100}$/)),
    deadline: v.pipe(
      v.nullable(deadline),
      v.description("null: none; a device moves when it is set up the next time"),
    ),
  }),
  v.title("ApiMove"),
);
const NewDeadline = v.pipe(v.strictObject({ ...named, deadline }), v.title("ApiMoveDeadline"));
const Cancelling = v.pipe(v.strictObject(named), v.title("ApiMoveCancelling"));

apiActivities.post(
  "/:name/moves",
  describeRoute(
    "Move devices to another device management server, by a deadline",
    { 202: ApiActivity },
    {
      problems,
      detail:
        "Devices that are in use tell their person, and move by themselves at the deadline. The new server must be able to enroll them by then. Repeat how many they are in `confirm`. The answer is the activity, which is followed to its end.",
    },
  ),
  allow("admin"),
  body(Move),
  (c) => {
    const { server_id: serverId, deadline: by, ...rest } = c.req.valid("json");
    const order = { what: "move", serverId, deadline: by === null ? undefined : Date.parse(by) } as const;
    return ordered(c, order, rest, "would be moved to another server");
  },
);

apiActivities.post(
  "/:name/moves/deadline",
  describeRoute(
    "Change the deadline of devices that are to move",
    { 202: ApiActivity },
    {
      problems,
      detail:
        "A deadline that is over makes them move at once, and their person cannot put it off. Repeat how many they are in `confirm`.",
    },
  ),
  allow("admin"),
  body(NewDeadline),
  (c) => {
    const { deadline: by, ...rest } = c.req.valid("json");
    return ordered(c, { what: "deadline", deadline: Date.parse(by) }, rest, "would get another deadline");
  },
);

apiActivities.post(
  "/:name/moves/cancel",
  describeRoute(
    "Cancel the migration of devices that have not begun to move",
    { 202: ApiActivity },
    { problems, detail: "Repeat how many they are in `confirm`." },
  ),
  allow("admin"),
  body(Cancelling),
  (c) => ordered(c, { what: "cancel" }, c.req.valid("json"), "would not move by a deadline any more"),
);

apiActivities.get(
  "/:name/activities",
  describeRoute(
    "List what was ordered, the newest first",
    { 200: pageOf(ApiActivity) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  query(pageQuery(v.tuple([v.number(), v.string()]))),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listActivities(c.var.db, row.name, limit + 1, cursor);
    return c.json(page(rows, limit, presentActivity, ({ createdAt, id }) => [createdAt, id]));
  },
);

apiActivities.get(
  "/:name/activities/:id",
  describeRoute("Read what came of an order", { 200: ApiActivity }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findActivity(c.var.db, c.req.param("name"), c.req.param("id"));
    return row ? c.json(presentActivity(row)) : unknownActivity(c);
  },
);

apiActivities.get(
  "/:name/activities/:id/devices",
  describeRoute(
    "List what came of an order for each device, by serial number",
    { 200: pageOf(ActivityDevice) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  query(pageQuery(v.tuple([v.string()]))),
  async (c) => {
    const row = await findActivity(c.var.db, c.req.param("name"), c.req.param("id"));
    if (!row) return unknownActivity(c);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listActivityDevices(c.var.db, row.id, limit + 1, cursor?.[0] ?? "");
    return c.json(page(rows, limit, presentActivityDevice, ({ serial }) => [serial]));
  },
);

const unknownActivity = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `${c.req.param("name")} has no activity ${c.req.param("id")}`);

async function ordered(
  c: Context<ApiEnv>,
  order: ActivityOrder,
  given: { serial_numbers: string[]; confirm?: number | undefined },
  would: string,
): Promise<Response> {
  const row = await findPortalAccount(c.var.db, c.req.param("name") ?? "");
  if (!row) return unknownApiAccount(c);
  const serials = [...new Set(given.serial_numbers)];
  if (given.confirm !== serials.length) {
    const detail = `${serials.length} devices ${would}; if it is meant so, say "confirm": ${serials.length}`;
    return problem(c, "unconfirmed", detail, { members: { targets: serials.length } });
  }
  const by = c.var.caller.tokenId;
  const made = await orderActivity(c.env, row.name, order, serials, by, Date.now());
  if (!made.ok) return refusedOrder(c, row.name, made.refusal);
  const Location = `/api/v1/ade/api-accounts/${row.name}/activities/${made.value.id}`;
  return c.json(presentActivity(made.value), 202, { Location });
}

function refusedOrder(c: Context<ApiEnv>, account: string, refusal: OrderRefusal): Response {
  switch (refusal.reason) {
    case "apple":
      return refusedByApple(c, account, refusal.apple);
    case "under-way":
      return problem(c, "conflict", refusal.detail);
    case "deadline":
      return invalid(c, [{ pointer: "/deadline", code: "deadline", detail: refusal.detail }]);
    case "unknown-server":
      return invalid(c, [{ pointer: "/server_id", code: "unknown-server", detail: refusal.detail }]);
  }
}
