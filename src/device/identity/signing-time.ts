import { day } from "../../base/time.ts";
import type { DeviceRow } from "../store/rows.ts";
import type { DeviceTurn } from "../turn.ts";
import type { IdentityRefusal } from "./enrollment.ts";

/**
 * The times at which devices say they signed. The device's clock proves nothing by itself. But within one enrollment the
 * time may hardly run back, so that a recorded message is of little use after a day. Macs send no signing time.
 *
 * The surprise: a time in the future counts as now, because a fast clock may be corrected.
 */
const toleranceMs = day;

export function ranBack({ device, proven: { signedAt } }: DeviceTurn): IdentityRefusal | undefined {
  const latest = device?.signed_at;
  if (latest == null || signedAt === undefined || signedAt >= latest - toleranceMs) return undefined;
  return {
    reason: "signing-time-ran-back",
    detail: `the message says ${spelled(signedAt)}, and an earlier message says ${spelled(latest)}`,
  };
}

/** The stored value, written together with other changes: an hour more or less does not matter. */
export function laterSigning(
  { proven: { signedAt }, now }: DeviceTurn,
  device: Pick<DeviceRow, "signed_at"> | undefined,
): { signed_at?: number } {
  if (signedAt === undefined) return {};
  const said = Math.min(signedAt, now);
  return said > (device?.signed_at ?? 0) ? { signed_at: said } : {};
}

const spelled = (time: number): string => new Date(time).toISOString();
