/**
 * Which device may go by a serial number, decided from values alone: one enrolled device at a time, and whoever was
 * there first, unless an administrator's challenge names the number.
 *
 * An Authenticate only looks, so that whoever merely announces an enrollment keeps nobody out. The claim is made when
 * the enrollment comes into force (`serial-claims.ts`).
 */
export type SerialStanding = {
  serial: string;
  /** Another enrolled device that goes by it, as its own object says. */
  heldBy: string | undefined;
  /** The claim as it was read: a new one takes the place of this one and of no other. */
  claim: { deviceId: string; claimedAt: number } | undefined;
  /** When this device claimed it, just now. */
  claimedAt?: number;
};

export type SerialRights = {
  /** What becomes of a second device with the same number. */
  conflict: "refuse" | "flag";
  /** An administrator's challenge names the number. */
  mayTakeOver: boolean;
};

/** How long a device that claimed a number has until it is enrolled. Nobody else claims it meanwhile. */
export const claimHoldsMs = 10_000;

export type SerialDecision =
  /** It is another device's. */
  | { does: "refuse"; heldBy: string }
  /** Both stay enrolled, and the number counts for the other one. */
  | { does: "dispute"; heldBy: string }
  /** To be claimed, or claimed too long ago; `from`: the device that it is taken from. */
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
