/**
 * Which device may have a serial number, decided only from values: one enrolled device at a time, the first one, unless
 * an administrator's challenge names the number.
 *
 * An Authenticate only checks, so that a sender that only begins an enrollment keeps nobody out. The number is claimed
 * when the enrollment is committed (`serial-claims.ts`).
 */
export type SerialStanding = {
  serial: string;
  /** Another enrolled device that has it, according to that device's own object. */
  heldBy: string | undefined;
  /** The claim as it was read: a new claim replaces this one and no other. */
  claim: { deviceId: string; claimedAt: number } | undefined;
  /** When this device claimed it, during this request. */
  claimedAt?: number;
};

export type SerialRights = {
  /** What happens to a second device with the same number. */
  conflict: "refuse" | "flag";
  /** An administrator's challenge names the number. */
  mayTakeOver: boolean;
};

/** How long a device has to complete its enrollment after it claimed a number. No other device can claim it then. */
export const claimHoldsMs = 10_000;

export type SerialDecision =
  /** Another device has it. */
  | { does: "refuse"; heldBy: string }
  /** Both stay enrolled, and the number belongs to the other one. */
  | { does: "dispute"; heldBy: string }
  /** It must be claimed, or the claim is too old; `from`: the device that loses it. */
  | { does: "ask" }
  | { does: "claim"; from: string | undefined }
  | { does: "hold" };

export function decideSerial(
  serial: string,
  standing: SerialStanding | undefined,
  { conflict, mayTakeOver }: SerialRights,
  now: number,
): SerialDecision {
  if (standing?.serial !== serial) return { does: "ask" };
  const { heldBy, claimedAt } = standing;
  if (claimedAt !== undefined) return { does: claimedAt + claimHoldsMs > now ? "hold" : "ask" };
  if (heldBy === undefined || mayTakeOver) return { does: "claim", from: heldBy };
  return conflict === "flag" ? { does: "dispute", heldBy } : { does: "refuse", heldBy };
}
