import { ok, refuse } from "../../base/result.ts";
import { type Completer, withKeys } from "./completer.ts";

/** The device sent its UnlockToken at enrollment and needs it back unchanged. */
export const clearPasscode: Completer = async (payload, { escrowed }) => {
  if (payload.has("UnlockToken")) return ok(payload);
  const token = await escrowed("unlock-token");
  if (token) return ok(withKeys(payload, new Map([["UnlockToken", token]])));
  return refuse({
    reason: "cannot-complete",
    key: "UnlockToken",
    detail:
      "this device has sent no unlock token: the passcode of Macs, Shared iPads and user enrollments cannot be cleared",
  });
};
