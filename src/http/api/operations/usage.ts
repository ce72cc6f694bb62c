import { Hono } from "hono";
import * as v from "valibot";
import { readSettings } from "../../../admin/settings.ts";
import { readUsageOfMonth } from "../../../problems/usage/month.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";

const count = v.pipe(v.number(), v.integer());

const Usage = v.pipe(
  v.object({
    counted: v.pipe(v.boolean(), v.description("false: nothing is known, and `trouble` says why")),
    trouble: v.pipe(v.nullable(v.string()), v.description("Why Cloudflare's count could not be read")),
    as_of: v.pipe(Time, v.description("When Cloudflare was asked; an answer is kept for five minutes")),
    days: v.pipe(
      v.array(
        v.object({
          day: v.pipe(v.string(), v.description("In UTC")),
          worker_requests: count,
          object_requests: count,
          object_rows_read: count,
          object_rows_written: count,
          database_rows_read: count,
          database_rows_written: count,
        }),
      ),
      v.description("From the first of this month until today"),
    ),
  }),
  v.title("Usage"),
);

/** What the account used this month, by Cloudflare's own count. */
export const usage = new Hono<ApiEnv>();

usage.get(
  "/",
  describeRoute(
    "Read what the Cloudflare account used this month",
    { 200: Usage },
    {
      tag: "operations",
      detail:
        "Cloudflare counts the whole account, with all of its Workers. It is asked with the token of the setting `cloudflare_api_token`.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const { askedAt, usage: told } = await readUsageOfMonth(await readSettings(c.env), Date.now());
    return c.json({
      counted: "days" in told,
      trouble: "trouble" in told ? told.trouble : null,
      as_of: isoTime(askedAt),
      days: "days" in told ? told.days.map(({ day, used }) => ({ day, ...underscored(used) })) : [],
    });
  },
);

const underscored = (used: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(used).map(([name, value]) => [name.replaceAll("-", "_"), value]));
