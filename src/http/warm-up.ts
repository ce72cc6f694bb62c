import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { utf8 } from "../base/bytes.ts";
import { walkTurn } from "../device/warm-up.ts";
import { connectType, decodeMessage } from "../mdm/decode.ts";
import { masterKeys } from "../pki/master.ts";
import { verifySample } from "../pki/sample-signature.ts";
import type { AppEnv } from "./app-env.ts";
import { deviceDoor } from "./device/door.ts";
import { configured } from "./health.ts";

/**
 * Runs what every connect runs once while the isolate starts. V8 compiles a function when it first runs, and that is
 * most of what the first request of a fresh isolate would cost (`npm run bench` measures it); the start is not charged
 * to a request.
 *
 * The surprise: the platform allows neither bodies nor random values this early, so the path is walked in pieces.
 */
export function warmUp(app: Hono<AppEnv>): void {
  // What comes of it does not matter: where the platform forbids a part, or a variable is malformed, that stays cold.
  void walk(app).catch(() => undefined);
}

async function walk(app: Hono<AppEnv>): Promise<void> {
  // The router is put together when it is first asked.
  app.router.match("PUT", "/mdm");
  decodeMessage(connectType, idleReport);
  const door = deviceDoor().put("/mdm", (c) => c.body(null));
  const answer = await new Hono<AppEnv>()
    .use(configured)
    .route("/", door)
    .fetch(new Request("https://localhost/mdm", { method: "PUT" }), env);
  answer.headers.set("X-Request-Id", "");
  walkTurn();
  await masterKeys(env);
  await verifySample();
}

const idleReport = utf8(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>UDID</key><string>0</string></dict></plist>
`);
