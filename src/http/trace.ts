import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { log } from "../base/log.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * One request, one id, one log line. The line has the route's pattern and never the path or the query, because those
 * contain device ids and codes.
 */
export class Trace {
  route?: string;
  deviceId?: string;
  tokenId?: string;
  #requestId: string | undefined;

  // Made when first read: there is no randomness while an isolate starts and runs the path of a device.
  get requestId(): string {
    this.#requestId ??= crypto.randomUUID();
    return this.#requestId;
  }
}

// Keyed by the request itself, because the admin API is a separate app with its own contexts.
const traces = new WeakMap<Request, Trace>();

export function trace(c: Context): Trace {
  const known = traces.get(c.req.raw);
  if (known !== undefined) return known;
  const opened = new Trace();
  traces.set(c.req.raw, opened);
  return opened;
}

/** Handlers call this once they know which device sent the request or is its subject. */
export function noteDevice(c: Context, deviceId: string): void {
  trace(c).deviceId = deviceId;
}

/** For addresses without parameters: finding the route would cost more than the rest of the line. */
export function notePlainRoute(c: Context): void {
  trace(c).route = c.req.path;
}

/** Stores the pattern of the route that answers, such as `/api/v1/tokens/:id`. */
export function noteRoute(c: Context): void {
  const line = trace(c);
  if (line.route !== undefined) return;
  const route = matchedRoutes(c).findLast(({ method }) => method !== "ALL");
  if (route !== undefined) line.route = route.path;
}

export const traced: MiddlewareHandler<AppEnv> = async (c, next) => {
  const startedAt = Date.now();
  const line = trace(c);
  await next();
  noteRoute(c);
  // Not with `c.header`, which copies an existing answer.
  c.res.headers.set("X-Request-Id", line.requestId);
  log({
    event: "request",
    route: line.route ?? "none",
    method: c.req.method,
    status: c.res.status,
    ms: Date.now() - startedAt,
    request_id: line.requestId,
    device_id: line.deviceId,
    token_id: line.tokenId,
  });
};
