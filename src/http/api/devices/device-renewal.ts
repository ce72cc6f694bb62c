import { Hono } from "hono";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { noDevice } from "./device-json.ts";
import { IdentityRenewal, presentRenewal } from "./renewal-json.ts";

export const deviceRenewal = new Hono<ApiEnv>();

deviceRenewal.post(
  "/:id/renew-identity",
  describeRoute(
    "Renew a device's identity now, before it is due",
    { 202: IdentityRenewal },
    {
      detail:
        "Queues its enrollment profile with a new challenge. While a renewal is in progress, another request changes nothing.",
      problems: ["not-found", "conflict"],
    },
  ),
  allow("operator"),
  async (c) => {
    const id = c.req.param("id");
    const device = c.env.DEVICE.getByName(id);
    const asked = await device.renewIdentity();
    const described = await device.describe();
    if (described === undefined) return problem(c, "not-found", noDevice(id));
    if (!asked)
      return problem(
        c,
        "conflict",
        "its identity cannot be renewed by a profile: it is not enrolled, or it enrolled without a profile of this server",
      );
    return c.json(presentRenewal(described.renewal), 202);
  },
);
