import type { Context } from "hono";
import { readEnv } from "../env.ts";

/** The address for devices and people: the configured one, otherwise the one of this request. */
export const publicOrigin = (c: Context): string => deviceAddress(c).origin;

/** The same, and whether it is the configured one. */
export function deviceAddress(c: Context): { origin: string; publicUrl: string | undefined } {
  const configuration = readEnv(c.env as Env);
  const publicUrl = configuration.ok ? configuration.value.publicUrl : undefined;
  return { origin: publicUrl ?? new URL(c.req.url).origin, publicUrl };
}
