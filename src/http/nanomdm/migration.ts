import { Hono } from "hono";
import { loadSettings } from "../../admin/settings.ts";
import { takeOver } from "../../device/client/take-over.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { readBody } from "../body.ts";
import { failed } from "./answers.ts";

const largestBody = 1024 * 1024;

/** What `nano2nano` sends: the check-in messages of each device, one a call, the device's own before those of its users. */
export const migration = new Hono<ApiEnv>();

migration.all("/migration", async (c) => {
  const { migration: isOpen } = await loadSettings(c.env, Date.now());
  if (!isOpen) return failed(c, 403, "no fleet is taken over (setting migration)");
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return failed(c, 400, `the body has more than ${largestBody} bytes`);
  const taken = await takeOver(c.env, body.value);
  if (taken.ok) return c.body(null, 200);
  const { reason, detail } = taken.refusal;
  return failed(c, 400, `${reason}: ${detail}`);
});
