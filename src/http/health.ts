import { type Context, Hono } from "hono";
import { name, version } from "../../package.json";
import { readEnv } from "../env.ts";
import { problem } from "./api/route/problem.ts";
import type { AppEnv } from "./app-env.ts";

/** For monitoring; all answer without a token, and also with a broken configuration. */
export const health = new Hono<AppEnv>();

health.get("/healthz", (c) => c.json({ status: "ok" }));

// Clients of NanoMDM's API also read `version`.
health.get("/version", (c) => c.json({ name, version }));

health.get("/readyz", async (c) => {
  const { findUnready, remindersOf, selftestOf } = await import("./readiness.ts");
  const unready = await findUnready(c.env);
  const more = c.req.query("verbose") === undefined ? {} : { selftest: await selftestOf(c.env) };
  if (unready.length === 0) return c.json({ status: "ready", ...(await remindersOf(c.env)), ...more });
  return notReady(c, unready, more);
});

/** Every other route, while a binding or variable is missing or malformed. */
export const configured = async (
  c: Context<AppEnv>,
  next: () => Promise<void>,
): Promise<Response | undefined> => {
  const configuration = readEnv(c.env);
  if (!configuration.ok) return notReady(c, configuration.refusal);
  c.set("configuration", configuration.value);
  await next();
  return undefined;
};

function notReady(
  c: Context<AppEnv>,
  unready: { name: string; problem: string; remedy: string }[],
  more: Record<string, unknown> = {},
): Response {
  const detail = unready.map(({ name: thing, problem: what }) => `${thing}: ${what}`).join("; ");
  return problem(c, "misconfigured", detail, { members: { problems: unready, ...more } });
}
