import { Hono } from "hono";
import type { AppEnv } from "../app-env.ts";
import { logRequestFault } from "../fault.ts";

export const retryLater = { "Retry-After": "60" };

/**
 * The start of every door that devices use. Faults of ours answer an empty 503, so that the device comes back; never
 * 401, which makes it drop its management profile, and no problem document, which it cannot read.
 */
export function deviceDoor(): Hono<AppEnv> {
  const door = new Hono<AppEnv>();
  door.onError((fault, c) => {
    logRequestFault(fault, c);
    return c.body(null, 503, retryLater);
  });
  return door;
}
