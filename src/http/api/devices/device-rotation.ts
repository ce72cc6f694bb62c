import { Hono } from "hono";
import type { RotationRefusal } from "../../../device/results/rotate-admin.ts";
import { Command, commandProblems, presentCommand } from "../commands/command-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { type ProblemSlug, problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";

export const deviceRotation = new Hono<ApiEnv>();

deviceRotation.post(
  "/:id/escrow/managed-admin/rotate",
  describeRoute(
    "Give the managed administrator of a Mac a new password",
    { 202: Command },
    {
      problems: ["not-found", "conflict"],
      detail:
        "The answer is the question for the account, which waits for the Mac. When the Mac has answered, it gets SetAutoAdminPassword with a new random password, which is in escrow before it is sent. The old password stays the current one until the Mac has acknowledged. While a rotation is in progress, another request changes nothing.",
    },
  ),
  allow("operator"),
  async (c) => {
    const rotated = await c.env.DEVICE.getByName(c.req.param("id")).rotateManagedAdmin();
    if (!rotated.ok) return problem(c, slugOf(rotated.refusal), rotated.refusal.detail);
    return c.json(presentCommand(rotated.value), 202);
  },
);

const slugOf = ({ reason }: RotationRefusal): ProblemSlug =>
  reason === "no-managed-admin" ? "conflict" : commandProblems[reason];
