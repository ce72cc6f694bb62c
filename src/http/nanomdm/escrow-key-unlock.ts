import { Hono } from "hono";
import { readUnlock } from "../../ade/unlock.ts";
import { readEnv } from "../../env.ts";
import { announceServerEvent } from "../../events/announce.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { readForm } from "../body.ts";
import { failed } from "./answers.ts";

const largestBody = 16 * 1024;

/** Takes the Activation Lock off one device. Apple's answer goes on as it comes; what prevented one is an error of ours. */
export const escrowKeyUnlock = new Hono<ApiEnv>();

escrowKeyUnlock.post("/v1/escrowkeyunlock", async (c) => {
  const form = await readForm(c.req.raw, largestBody);
  if (form === undefined) return failed(c, 400, `the body has more than ${largestBody} bytes`);
  const topic = form.get("topic") ?? "";
  if (topic === "") return failed(c, 400, "topic is missing");
  const unlock = readUnlock(form);
  if (!unlock.ok) return failed(c, 400, unlock.refusal.detail);
  const configuration = readEnv(c.env);
  if (!configuration.ok) return failed(c, 500, "the server is not configured; see /readyz");
  const { serial } = unlock.value;
  c.set("about", serial);
  const { unlockActivation } = await import("../../push/unlock-activation.ts");
  const service = configuration.value.unlock;
  const now = Date.now();
  const answer = await unlockActivation(c.env, { service, topic, unlock: unlock.value }, now);
  // NanoMDM answers 500 where there is no certificate, and where Apple cannot be asked.
  if (!answer.ok) return failed(c, 500, `${new URL(service.url).host}: ${answer.refusal.detail}`);
  const { status, headers, body } = answer.value;
  const detail = { serial_number: serial, status, by: c.var.caller.tokenId };
  await announceServerEvent(c.env, { name: "activation_lock.unlock_asked", detail }, now);
  return new Response(status === 204 || status === 304 ? null : body, {
    status,
    headers: { "Content-Type": headers.get("content-type") ?? "application/octet-stream" },
  });
});

escrowKeyUnlock.all("/v1/escrowkeyunlock", (c) => c.text("Method Not Allowed", 405));
