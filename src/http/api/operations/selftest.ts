import { Hono } from "hono";
import * as v from "valibot";
import { harmful } from "../../../selftest/judge.ts";
import { testFromOutside } from "../../../selftest/keep.ts";
import { publicOrigin } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";

const Finding = v.pipe(
  v.object({
    probe: v.string(),
    request: v.string(),
    outcome: v.pipe(v.string(), v.description("`ours`, or who else answered, such as `challenged`")),
    detail: v.string(),
    remedy: v.pipe(v.nullable(v.string()), v.description("What to do; null: nothing is wrong")),
  }),
  v.title("SelftestFinding"),
);

const Selftest = v.pipe(
  v.object({
    address: v.string(),
    tested_at: Time,
    devices_reach_us: v.boolean(),
    findings: v.array(Finding),
  }),
  v.title("Selftest"),
);

export const selftest = new Hono<ApiEnv>();

selftest.get(
  "/selftest",
  describeRoute(
    "Ask the public address from outside, as devices do",
    { 200: Selftest },
    {
      tag: "operations",
      detail:
        "Tells a challenge, a log-in, a block or a redirect in front of this server from its own answers. The job `selftest` does the same every hour.",
    },
  ),
  allow("operator"),
  async (c) => {
    const { address, testedAt, findings } = await testFromOutside(c.env, publicOrigin(c), Date.now());
    return c.json({
      address,
      tested_at: isoTime(testedAt),
      devices_reach_us: harmful(findings).length === 0,
      findings,
    });
  },
);
