import type { Context } from "hono";
import { log } from "../../base/log.ts";
import { claimFor, consult } from "../../device/consult.ts";
import type { Proven } from "../../device/turn.ts";
import type { Presented, ProvenIdentity } from "../../mdm/identify.ts";
import type { AppEnv } from "../app-env.ts";
import { trace } from "../trace.ts";
import { type DoorRefusal, refusal } from "./answer.ts";

/** What all doors share that a device speaks through with its identity. */
export function presentedBy(c: Context<AppEnv>): Presented {
  const mdmSignature = c.req.header("Mdm-Signature");
  // The platform's facts of a connection are kilobytes that are parsed when they are asked for.
  if (mdmSignature !== undefined) return { mdmSignature };
  return {
    tlsClientAuth: c.var.configuration.mutualTls ? tlsClientAuthOf(c) : undefined,
    clientCert: c.req.header("Client-Cert"),
    proxySecret: c.req.header("X-Edgemdm-Proxy-Secret"),
  };
}

const tlsClientAuthOf = (c: Context): Presented["tlsClientAuth"] =>
  (c.req.raw.cf as IncomingRequestCfProperties | undefined)?.tlsClientAuth ?? undefined;

/** One call as a rule. More when the object asks whose the certificate is, and that it be claimed. */
export async function askUntilSettled<Answer extends { kind: string }>(
  env: Env,
  deviceId: string,
  identity: ProvenIdentity,
  say: (proven: Proven) => Promise<Answer>,
): Promise<Answer> {
  const { fingerprint, signedAt } = identity;
  const first = await say({ fingerprint, signedAt, consulted: undefined });
  if (first.kind !== "consult") return first;
  const consulted = await consult(env, deviceId, identity, Date.now());
  const second = await say({ fingerprint, signedAt, consulted });
  if (second.kind !== "claim") return second;
  const claimed = await claimFor(env, consulted, fingerprint, deviceId);
  return say({ fingerprint, signedAt, consulted: claimed });
}

/** Says no, and why, to the log; to the sender only a status that cannot unenrol a device. */
export function turnAway(c: Context<AppEnv>, refused: DoorRefusal): Response {
  const { requestId, deviceId } = trace(c);
  log({
    event: "device.refused",
    reason: refused.reason,
    detail: refused.detail,
    device_id: deviceId,
    request_id: requestId,
  });
  return refusal(c, refused);
}
