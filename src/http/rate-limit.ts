import type { Context, MiddlewareHandler } from "hono";
import { logFault } from "../base/log.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Limits by the platform, where there are any: without the binding, or where it fails, nobody is kept out. They count for
 * each place of Cloudflare's by itself, and a little late: against floods, and never as a lock.
 *
 * Strangers have no id that proves anything: they are counted by their address, behind which may be a whole school.
 */
export async function isOverLimit(
  limiter: RateLimit | undefined,
  c: Context,
  /** Who has proven what this is. */
  known?: string,
): Promise<boolean> {
  const address = c.req.header("CF-Connecting-IP");
  if (limiter === undefined || address === undefined || isThisMachine(address)) return false;
  try {
    return !(await limiter.limit({ key: known ?? address })).success;
  } catch (fault) {
    logFault("rate_limit.failed", fault);
    return false;
  }
}

/** For the doors where nobody has proven anything yet: what stands behind them is computing, or a code that may be guessed. */
export const limitStrangers: MiddlewareHandler<AppEnv> = async (c, next) =>
  (await isOverLimit(c.env.ENROLL_LIMIT, c))
    ? c.text("too many requests from this address: wait a minute\n", 429, retryAfter)
    : next();

/** Somebody who tries things out, or simulates a fleet, at a local start. */
const isThisMachine = (address: string): boolean => address === "127.0.0.1" || address === "::1";

/** The period of the limits in wrangler.toml. */
export const retryAfter = { "Retry-After": "60" };
