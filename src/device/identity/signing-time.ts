import { day } from "../../base/time.ts";
import type { DeviceRow } from "../store/rows.ts";
import type { DeviceTurn } from "../turn.ts";
import type { IdentityRefusal } from "./enrollment-state.ts";

/**
 * When devices say that they signed. It is their own idea of the time, and proves nothing by itself; but it may hardly run
 * back within one enrollment, so that what somebody caught and sends again is worth little after a day. Macs sign no time.
 *
 * The surprise: a time in the future counts as now. A clock that was ahead may be set right.
 */
const toleranceMs = day;

export function ranBack({ device, proven: { signedAt } }: DeviceTurn): IdentityRefusal | undefined {
  const latest = device?.signed_at;
  if (latest == null || signedAt === undefined || signedAt >= latest - toleranceMs) return undefined;
  return {
    reason: "signing-time-ran-back",
    detail: `the message says ${spelled(signedAt)}, and one that said ${spelled(latest)} was heard before`,
  };
}

/** What is kept of it, with whatever else is written: an hour more or less does not matter. */
export function laterSigning(
  { proven: { signedAt }, now }: DeviceTurn,
  device: Pick<DeviceRow, "signed_at"> | undefined,
): { signed_at?: number } {
  if (signedAt === undefined) return {};
  const said = Math.min(signedAt, now);
  return said > (device?.signed_at ?? 0) ? { signed_at: said } : {};
}

const spelled = (time: number): string => new Date(time).toISOString();
