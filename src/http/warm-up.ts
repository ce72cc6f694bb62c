import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { walkTurn } from "../device/client/warm-up.ts";
import { empty } from "../device/reply.ts";
import { masterKeys } from "../pki/master.ts";
import type { AppEnv } from "./app-env.ts";
import { mdmDoor } from "./device/mdm.ts";
import { sampleConnect } from "./device/sample-connect.ts";
import { configured } from "./health.ts";

/**
 * While the isolate starts, runs once what every connect runs. V8 compiles a function when it first runs, and that is
 * most of what the first request of a fresh isolate would cost (`npm run bench` measures it); the start is not charged
 * to a request.
 *
 * The surprise: the platform allows no bodies, random values or calls to objects this early, so the path is run in
 * pieces, with stand-ins.
 */
export function warmUp(app: Hono<AppEnv>): void {
  // The result does not matter: if the platform forbids a part or a variable is malformed, that part stays cold.
  void walk(app).catch(() => undefined);
}

async function walk(app: Hono<AppEnv>): Promise<void> {
  // The router is built at its first request.
  app.router.match("PUT", "/mdm");
  walkTurn();
  await masterKeys(env);
  const answer = await walkDoor();
  answer.headers.set("X-Request-Id", "");
}

/** One connect from the request to its answer, with an object that has no command. */
export async function walkDoor(): Promise<Response> {
  const object = { report: async () => empty };
  const bindings = { ...env, DEVICE: { getByName: () => object } } as unknown as Env;
  // No authority of this server issued the sample's certificate.
  const door = mdmDoor(async () => "anchored");
  return new Hono<AppEnv>().use(configured).route("/", door).fetch(sampleConnect(), bindings);
}
