import type { Context } from "hono";
import type { DeviceRefusal, Reply } from "../../device/reply.ts";
import type { DecodeRefusal } from "../../mdm/decode.ts";
import type { IdentifyRefusal } from "../../mdm/identify.ts";
import { writePlist } from "../../plist/write.ts";
import { retryLater } from "./door.ts";

/**
 * The answers to a device. An empty body means zero bytes; a refusal is an empty 400 or 403, which does no harm.
 * A 401 makes a device remove its management profile: only `unenroll` sends one, and only after an administrator has
 * asked for it. Devices that enrolled by a sign-in, and only they, can also get one from `askToSignIn`, which tells where to sign in.
 */
export type DoorRefusal =
  | DeviceRefusal
  | DecodeRefusal
  | IdentifyRefusal
  /** At this moment the server cannot even read which authorities there are. */
  | { reason: "sender-unsettled"; detail: string };

const statuses: Record<DoorRefusal["reason"], 400 | 403 | 404 | 410 | 413 | 503> = {
  "no-identity": 400,
  "signature-too-long": 400,
  "signature-not-base64": 400,
  "signature-invalid": 400,
  "signed-for-another-purpose": 400,
  "proxy-not-trusted": 403,
  "bad-client-certificate": 400,
  "not-a-plist": 400,
  "not-a-message": 400,
  "body-too-large": 413,
  "unknown-message-type": 400,
  "bad-key": 400,
  "no-identifier": 400,
  "bad-identifier": 400,
  "unknown-device": 403,
  "identity-revoked": 403,
  "identity-unbound": 403,
  "identity-spent": 403,
  "identity-retired": 403,
  "identity-expired": 403,
  "identity-not-bound": 403,
  "renewal-void": 403,
  "too-many-renewals": 403,
  "identity-not-issued": 403,
  "identity-of-another-device": 403,
  "issued-for-another-device": 403,
  "replacement-not-allowed": 403,
  "signing-time-ran-back": 403,
  "serial-number-changed": 403,
  "serial-number-in-use": 403,
  "not-committed": 403,
  "too-many-user-channels": 403,
  "user-declined": 410,
  "unknown-declaration": 404,
  "unknown-endpoint": 400,
  "unknown-token-service": 400,
  "user-channel-only": 400,
  "device-channel-only": 400,
  "sender-unsettled": 503,
};

export const refusal = (c: Context, { reason }: DoorRefusal): Response =>
  c.body(null, statuses[reason], statuses[reason] === 503 ? retryLater : {});

export function answer(c: Context, reply: Exclude<Reply, { kind: "refused" }>): Response | Promise<Response> {
  switch (reply.kind) {
    case "empty":
      return c.body(null, 200);
    case "plist":
      return c.body(reply.body, 200, { "Content-Type": "application/xml; charset=UTF-8" });
    case "json":
      return c.body(reply.body, 200, { "Content-Type": "application/json" });
    case "unenroll":
      return unenroll(c, reply.by);
    case "sign-in":
      return signInAgain(c);
    case "authorize":
    case "granted":
    case "look-up":
    case "claim":
      throw new Error(`the device's object left a reply at ${reply.kind}`);
  }
}

/** Loaded when somebody must. */
async function signInAgain(c: Context): Promise<Response> {
  const { askToSignIn } = await import("./ask-to-sign-in.ts");
  return askToSignIn(c);
}

/** https://developer.apple.com/documentation/devicemanagement/errorunrecognizeddevice */
function unenroll(c: Context, by: "document" | "401"): Response {
  if (by === "401") return c.body(null, 401);
  const document = writePlist({
    code: "com.apple.unrecognized.device",
    description: "The administrator has ended the management of this device.",
    message: "Your organization no longer manages this device.",
  });
  return c.body(document, 403, { "Content-Type": "application/xml; charset=UTF-8" });
}
