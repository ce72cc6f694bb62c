import { ok } from "../../base/result.ts";
import { type Completer, withKeys } from "./completer.ts";

/** Only for Macs: others take no PIN. Every Mac gets one, because its hardware decides whether a PIN is needed. */
export const pin: Completer = async (payload, { subject }) =>
  ok(
    subject.context.platform === "macos" && subject.context.channel === "device"
      ? withKeys(payload, new Map([["PIN", newPin()]]))
      : payload,
  );

/** Six digits; every PIN is equally likely. */
export function newPin(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const fair = 4_294_000_000;
  return random < fair ? String(random % 1_000_000).padStart(6, "0") : newPin();
}
