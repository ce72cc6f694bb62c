import { ok, type Result, refuse } from "../../base/result.ts";
import { day } from "../../base/time.ts";
import type { Turn } from "../turn.ts";
import { enrollmentOf } from "../turn.ts";
import type { IdentityRefusal } from "./enrollment.ts";
import { decideGrant } from "./enrollment-state.ts";

/** A renewal that may be granted. */
export type RenewalRequest = {
  /** The identity that it replaces. */
  fingerprint: string;
  /** The fingerprint of the key that it is for. */
  spkiHash: string;
  /** How many keys a day an identity may request without an order; null: this one was ordered. */
  perDay: number | null;
};

/**
 * Whether a renewal may be granted. This is asked before it is issued, because a device with a worthless certificate
 * could not connect any more. It is decided again at the first use of the renewal.
 */
export function admitRenewal(turn: Turn, request: RenewalRequest): Result<"granted", IdentityRefusal> {
  const { store, deviceId, now } = turn;
  const { fingerprint, perDay } = request;
  const device = store.exists() ? store.device() : undefined;
  const enrollment = enrollmentOf(store, deviceId, device);
  const refusal =
    decideGrant(enrollment, fingerprint, { byItself: perDay !== null, now }) ?? count(turn, request);
  if (refusal === undefined) return ok("granted");
  if (device !== undefined) {
    const { reason, detail } = refusal;
    turn.tell({ name: "device.refused", detail: { reason, detail, fingerprint } });
  }
  return refuse(refusal);
}

/** The same key again is the same request: its answer may have been lost. */
function count({ store, now }: Turn, { spkiHash, perDay }: RenewalRequest): IdentityRefusal | undefined {
  if (perDay === null) return undefined;
  store.forgetRenewalRequests(now - day);
  const asked = store.renewalRequests();
  if (asked.includes(spkiHash)) return undefined;
  if (asked.length >= perDay) {
    return {
      reason: "too-many-renewals",
      detail: `a device gets at most ${perDay} renewals a day that nobody ordered (setting renewal_requests_per_day)`,
    };
  }
  store.addRenewalRequest(spkiHash, now);
  return undefined;
}
