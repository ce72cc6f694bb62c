import { fitsAttestedUdid } from "./attested-udid.ts";

/**
 * What of a device's claims somebody else has vouched for. A device tells its serial number and its UDID itself, and
 * may tell another's: they count as far as the challenge of its identity names them, or Apple attests them.
 */
export type ProvenIdentifiers = {
  /** `disputed`: another enrolled device goes by it, with a better right. */
  serial_number?: Voucher | "disputed";
  udid?: Voucher;
  /** Whom the challenge was minted for. */
  account?: string;
};

/** Who vouched for it: Apple's word is worth the most. */
export type Voucher = (typeof vouchers)[number];

export const vouchers = ["challenge", "attestation"] as const;

type Known = { serial?: string | undefined; udid?: string | undefined };

/** `issuedFor`: what the challenge of the identity named, and what was attested beside its key. */
export function provenBy(
  issuedFor: Known & { account?: string | undefined; attested?: Known | undefined },
  claimed: { deviceId: string; serial: string | undefined },
): ProvenIdentifiers {
  const { serial, udid, account, attested } = issuedFor;
  const serialBy = voucherOf(claimed.serial, attested?.serial, serial);
  const udidBy = voucherOf(claimed.deviceId, attested?.udid, udid);
  return {
    ...(serialBy && { serial_number: serialBy }),
    ...(udidBy && { udid: udidBy }),
    ...(account !== undefined && { account }),
  };
}

const voucherOf = (
  claimed: string | undefined,
  attested: string | undefined,
  named: string | undefined,
): Voucher | undefined => {
  if (claimed === undefined) return undefined;
  if (attested?.toUpperCase() === claimed.toUpperCase()) return "attestation";
  return named === claimed ? "challenge" : undefined;
};

/** Why the identity is not this device's; undefined: nothing that was attested speaks against it. */
export function attestedOther(
  attested: Known | undefined,
  claimed: { deviceId: string; serial: string | undefined },
): string | undefined {
  if (attested?.serial !== undefined && attested.serial !== claimed.serial)
    return `the attested serial number is ${attested.serial}, and the device reports ${claimed.serial ?? "none"}`;
  return fitsAttestedUdid(attested?.udid, claimed.deviceId)
    ? undefined
    : `the attested UDID is ${attested?.udid}`;
}
