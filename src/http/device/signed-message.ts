import type { Context } from "hono";
import { sha256, toHex, utf8 } from "../../base/bytes.ts";
import { log } from "../../base/log.ts";
import { claimFor, lookUpIdentity } from "../../device/client/identity-lookup.ts";
import type { IdentityLookup } from "../../device/identity/enrollment-state.ts";
import type { DevicePolicy, Proven } from "../../device/turn.ts";
import type { Presented, ProvenIdentity } from "../../mdm/identify.ts";
import type { AppEnv } from "../app-env.ts";
import { trace } from "../trace.ts";
import { type DoorRefusal, refusal } from "./answer.ts";

/** What all routes share that a device calls with its identity. */
export function presentedBy(c: Context<AppEnv>): Presented {
  const mdmSignature = c.req.header("Mdm-Signature");
  // The platform's facts about a connection are kilobytes that are parsed only when read.
  if (mdmSignature !== undefined) return { mdmSignature };
  return {
    tlsClientAuth: c.var.configuration.mutualTls ? tlsClientAuthOf(c) : undefined,
    clientCert: c.req.header("Client-Cert"),
    proxySecret: c.req.header("X-Edgemdm-Proxy-Secret"),
  };
}

const tlsClientAuthOf = (c: Context): Presented["tlsClientAuth"] =>
  (c.req.raw.cf as IncomingRequestCfProperties | undefined)?.tlsClientAuth ?? undefined;

type Settling = { kind: string; serial?: string | undefined; from?: string | undefined };

/** The most questions that an object asks: certificate and settings, a serial number, a claim, a token. */
const mostSaid = 5;

/** Usually one call. More if the object asks whose the certificate is, and then asks to claim it. */
export async function askUntilSettled<Answer extends Settling>(
  env: Env,
  deviceId: string,
  identity: ProvenIdentity,
  say: (proven: Proven) => Promise<Answer>,
  token?: string,
): Promise<Answer> {
  const { fingerprint, signedAt } = identity;
  let lookup: IdentityLookup<DevicePolicy> | undefined;
  let authorization: Proven["authorization"];
  for (let said = 0; said < mostSaid; said++) {
    const answer = await say({
      fingerprint,
      signedAt,
      lookup: lookup,
      ...(token !== undefined && { token, authorization }),
    });
    if (answer.kind === "look-up") {
      lookup = await lookUpIdentity(env, deviceId, identity, Date.now(), answer.serial);
    } else if (answer.kind === "claim" && lookup !== undefined) {
      lookup = await claimFor(env, lookup, fingerprint, deviceId, answer);
    } else if (answer.kind === "authorize" && token !== undefined) {
      authorization = await authorize(env, deviceId, token);
    } else {
      return answer;
    }
  }
  throw new Error("the device's object asked too many questions");
}

/** Hash of the token that a device shows which enrolled by a sign-in. No other shows one. */
export async function shownToken(c: Context<AppEnv>): Promise<string | undefined> {
  const header = c.req.header("Authorization");
  const token = header === undefined ? undefined : /^Bearer ([\w-]{43})$/.exec(header)?.[1];
  return token === undefined ? undefined : toHex(await sha256(utf8(token)));
}

/** Loaded for a token that the object does not know: once a sign-in. */
async function authorize(env: Env, deviceId: string, token: string): Promise<Proven["authorization"]> {
  const { authorizeDevice } = await import("../../enrollment/account/grants.ts");
  return (await authorizeDevice(env, deviceId, token, Date.now())) ?? "none";
}

/** Refuses. The reason goes to the log; the sender gets only a status that cannot unenroll a device. */
export function refuseRequest(c: Context<AppEnv>, refused: DoorRefusal): Response {
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
