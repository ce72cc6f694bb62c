import { Hono } from "hono";
import { repeat } from "../../../commands/repeat.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";
import { channelQuery } from "./device-commands.ts";
import { GivenCommand, orderProblem, presentGiven } from "./order-json.ts";

export const commandRetry = new Hono<ApiEnv>();

commandRetry.post(
  "/:id/commands/:uuid/retry",
  describeRoute(
    "Give a command again that came to nothing",
    { 202: GivenCommand },
    {
      tag: "commands",
      problems: ["not-found", "conflict", "forbidden", "invalid-request"],
      detail:
        "For a command that failed, expired or was cancelled: the same content as a new command. Whoever may give such a command may do this. Asked again while the new command waits, it changes nothing; after its end, try the new one again.",
    },
  ),
  allow("helpdesk"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const { tokenId } = c.var.caller;
    const wish = { deviceId: c.req.param("id"), userId: channel, uuid: c.req.param("uuid") };
    const given = await repeat(c.env, { ...wish, asker: c.var.caller, origin: tokenId }, Date.now());
    if (given.ok) return c.json(presentGiven(given.value), 202);
    const { refusal } = given;
    if (refusal.reason === "not-repeatable") return problem(c, "conflict", refusal.detail);
    return orderProblem(c, refusal, "");
  },
);
