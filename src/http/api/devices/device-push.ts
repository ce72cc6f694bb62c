import { Hono } from "hono";
import * as v from "valibot";
import { answerText } from "../../../push/answer.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";

const Push = v.pipe(
  v.object({
    outcome: v.pipe(
      v.picklist([
        "delivered",
        "unregistered",
        "token-for-other-topic",
        "retry",
        "certificate-trouble",
        "topic-trouble",
        "our-mistake",
        "no-certificate",
      ]),
      v.description("delivered: Apple accepted it. The device has it when it connects"),
    ),
    detail: v.pipe(
      v.string(),
      v.description("The outcome with its reason, as it is recorded on the channel"),
    ),
    apns_id: v.pipe(v.nullable(v.string()), v.description("Apple's id for the push")),
  }),
  v.title("Push"),
);

export const devicePush = new Hono<ApiEnv>();

devicePush.post(
  "/:id/push",
  describeRoute(
    "Wake a channel of a device now",
    { 200: Push },
    {
      problems: ["not-found", "conflict"],
      detail: "The answer comes after Apple's answer. Commands are pushed automatically.",
    },
  ),
  allow("operator"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const pushed = await c.env.DEVICE.getByName(c.req.param("id")).push(channel);
    if (!pushed.ok) {
      const slug = pushed.refusal.reason === "unknown-channel" ? "not-found" : "conflict";
      return problem(c, slug, pushed.refusal.detail);
    }
    const answer = pushed.value;
    const id = answer.outcome === "delivered" ? answer.id : undefined;
    return c.json({ outcome: answer.outcome, detail: answerText(answer), apns_id: id ?? null });
  },
);
