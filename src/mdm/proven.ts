/**
 * What of a device's claims somebody else has vouched for. A device tells its serial number and its UDID itself, and
 * may tell another's: they count as far as the challenge of its identity names them.
 */
export type ProvenIdentifiers = {
  /** `disputed`: another enrolled device goes by it, with a better right. */
  serial_number?: Voucher | "disputed";
  udid?: Voucher;
  /** Whom the challenge was minted for. */
  account?: string;
};

/** Who vouched for it. */
export type Voucher = (typeof vouchers)[number];

export const vouchers = ["challenge"] as const;

/** `issuedFor`: what the challenge of the identity named. */
export function provenBy(
  issuedFor: { serial?: string | undefined; udid?: string | undefined; account?: string | undefined },
  claimed: { deviceId: string; serial: string | undefined },
): ProvenIdentifiers {
  const { serial, udid, account } = issuedFor;
  return {
    ...(serial !== undefined && serial === claimed.serial && { serial_number: "challenge" as const }),
    ...(udid !== undefined && udid === claimed.deviceId && { udid: "challenge" as const }),
    ...(account !== undefined && { account }),
  };
}
