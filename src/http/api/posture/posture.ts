import { Hono } from "hono";
import * as v from "valibot";
import { loadSettings } from "../../../admin/settings.ts";
import { judgeAll } from "../../../posture/judge.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { describeRoute } from "../route/route-line.ts";
import { body } from "../route/validate.ts";
import { allowPosture } from "./caller.ts";

const mostDevices = 1_000;

/** Only these two are read; the service sends more, and may send yet more one day. */
const asked = v.pipe(
  v.object({
    device_id: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
    serial_number: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(255))), null),
  }),
  v.title("PostureDevice"),
);
const list = v.pipe(v.array(asked), v.maxLength(mostDevices));

const PostureQuestion = v.pipe(
  v.object({
    devices: v.optional(list),
    Devices: v.optional(v.pipe(list, v.description("The same, as some callers spell it"))),
  }),
  v.check(
    ({ devices, Devices }) => (devices === undefined) !== (Devices === undefined),
    "needs one of devices and Devices",
  ),
  v.title("PostureQuestion"),
);

const PostureAnswer = v.pipe(
  v.object({
    result: v.pipe(
      v.record(
        v.string(),
        v.object({
          s2s_id: v.pipe(v.string(), v.description("The id of the device here; empty: none is known")),
          score: v.pipe(v.number(), v.integer()),
        }),
      ),
      v.description("By `device_id`; one for each device that was asked about"),
    ),
  }),
  v.title("PostureAnswer"),
);

/** The device posture of Cloudflare Access (`custom_s2s`): who of these devices is managed, and how well it stands. */
export const posture = new Hono<ApiEnv>();

posture.post(
  "/",
  describeRoute(
    "Score devices for Cloudflare Access",
    { 200: PostureAnswer },
    {
      tag: "posture",
      audit: "never",
      detail:
        "Cloudflare calls it with a service token (setting posture_callers), anybody else with an API token. A serial number that no enrolled device has, or that two have, scores 0. See docs/posture.md.",
    },
  ),
  allowPosture,
  body(PostureQuestion),
  async (c) => {
    const now = Date.now();
    const { devices, Devices = [] } = c.req.valid("json");
    const questions = devices ?? Devices;
    const serials = questions.flatMap(({ serial_number }) => serial_number || []);
    const { posture_policy: policy } = await loadSettings(c.env, now);
    const judged = await judgeAll(c.var.db, serials, policy, now);
    const result = questions.map(({ device_id, serial_number }) => {
      const known = serial_number ? judged.get(serial_number.toLowerCase()) : undefined;
      return [device_id, { s2s_id: known?.deviceId ?? "", score: known?.score ?? 0 }] as const;
    });
    return c.json({ result: Object.fromEntries(result) });
  },
);
