import type { Context } from "hono";
import { readEnv } from "../env.ts";

/** The address that devices and people are given: the configured one, else the one this request came to. */
export function publicOrigin(c: Context): string {
  const configuration = readEnv(c.env as Env);
  const configured = configuration.ok ? configuration.value.publicUrl : undefined;
  return configured ?? new URL(c.req.url).origin;
}
