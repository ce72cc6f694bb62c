import { Hono } from "hono";
import * as v from "valibot";
import { type Retried, retryKinds } from "../../../device/desired/retry.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body } from "../route/validate.ts";

const kind = v.picklist(retryKinds);
const channel = (description: string) => v.pipe(v.string(), v.maxLength(200), v.description(description));

const RetryWish = v.pipe(
  v.strictObject({
    kind: v.optional(kind),
    name: v.optional(
      v.pipe(
        v.string(),
        v.minLength(1),
        v.maxLength(300),
        v.description("The identifier of the profile or declaration, the name of the app or step"),
      ),
    ),
    channel: v.optional(channel("The user's id; empty: the device channel. All channels unless set")),
  }),
  v.title("RetryWish"),
);

const RetriedThings = v.pipe(
  v.object({
    items: v.array(
      v.object({
        kind,
        name: v.string(),
        channel: v.pipe(v.nullable(v.string()), v.description("The user's id; null: the device channel")),
      }),
    ),
  }),
  v.title("RetriedThings"),
);

export const deviceRetry = new Hono<ApiEnv>();

deviceRetry.post(
  "/:id/retry",
  describeRoute(
    "Try again what failed on a device",
    { 202: RetriedThings },
    {
      problems: ["not-found", "conflict"],
      detail:
        "Profiles, declarations, apps, the device's name, and while it is held in Setup Assistant the steps that are commands: all that failed, or what the body names. The answer lists what is tried again. What has not failed or is in progress stays as it is, so asking again changes nothing.",
    },
  ),
  allow("helpdesk"),
  body(RetryWish, { optional: true }),
  async (c) => {
    const { channel: userId, ...wish } = c.req.valid("json");
    const retried = await c.env.DEVICE.getByName(c.req.param("id")).retry({ ...wish, userId });
    if (!retried.ok) {
      const { reason, detail } = retried.refusal;
      return problem(c, reason === "unknown-device" ? "not-found" : "conflict", detail);
    }
    return c.json({ items: retried.value.map(present) }, 202);
  },
);

const present = ({ kind, name, userId }: Retried) => ({ kind, name, channel: userId || null });
