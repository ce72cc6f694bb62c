import type { Hono } from "hono";
import type { ApiEnv } from "./api-env.ts";
import { type RoutePart, routeOf } from "./route-line.ts";

export type Operation = { method: string; pattern: string; path: string; part: RoutePart };

/** Every route of the API with the parts of its route line, in the order of mounting. */
export function operationsOf(app: Hono<ApiEnv>): Operation[] {
  const routes = app.routes.filter(({ method }) => method !== "ALL");
  const lines = Map.groupBy(routes, ({ method, path }) => `${method} ${path}`);
  return [...lines.values()].flatMap((handlers) => {
    const [first] = handlers;
    if (first === undefined) return [];
    const part = routeOf(handlers.map(({ handler }) => handler));
    return [{ method: first.method, pattern: first.path, path: openApiPath(first.path), part }];
  });
}

// Hono's `:name{pattern}` and `:name` -> OpenAPI's `{name}`
const openApiPath = (pattern: string): string => pattern.replace(/:(\w+)(\{[^/]*\})?\??/g, "{$1}");
