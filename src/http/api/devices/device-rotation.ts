import { Hono } from "hono";
import * as v from "valibot";
import type { RotationRefusal } from "../../../device/results/rotate-admin.ts";
import { Command, commandProblems, presentCommand } from "../commands/command-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { type ProblemSlug, problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { params } from "../route/validate.ts";
import { presentRotation, Rotation } from "./rotation-json.ts";

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

deviceRotation.post(
  "/:id/escrow/:name/rotate",
  describeRoute(
    "Change a FileVault key or a recovery lock now",
    { 202: Rotation },
    {
      problems: ["not-found", "conflict"],
      detail:
        "The Mac gets a command for another one, within seconds of its next connect. The old value stays the current one until the Mac has answered. `rotations` of the device shows that until it is done. While a change is in progress, another request changes nothing.",
    },
  ),
  allow("operator"),
  params({ name: v.picklist(["filevault-key", "recovery-lock"]) }),
  async (c) => {
    const { name } = c.req.valid("param");
    const device = c.env.DEVICE.getByName(c.req.param("id"));
    const asked = await device.rotateSecret(name);
    if (!asked.ok)
      return problem(
        c,
        asked.refusal.reason === "unknown-device" ? "not-found" : "conflict",
        asked.refusal.detail,
      );
    const rotation = (await device.describe())?.rotations.find((one) => one.name === name);
    return rotation
      ? c.json(presentRotation(rotation), 202)
      : problem(c, "conflict", `the ${name} has been changed just now`);
  },
);

const slugOf = ({ reason }: RotationRefusal): ProblemSlug =>
  reason === "no-managed-admin" ? "conflict" : commandProblems[reason];
