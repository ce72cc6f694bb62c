import { Hono } from "hono";
import type { AppEnv } from "../app-env.ts";
import { logRequestFault } from "../fault.ts";

export const retryLater = { "Retry-After": "60" };

/**
 * The base of every app that devices use. Our own faults answer an empty 503, so that the device comes back. They never
 * answer 401, which makes it drop its management profile, nor a problem document, which it cannot read.
 */
export function deviceDoor(): Hono<AppEnv> {
  const door = new Hono<AppEnv>();
  door.onError((fault, c) => {
    logRequestFault(fault, c);
    return c.body(null, 503, retryLater);
  });
  return door;
}
