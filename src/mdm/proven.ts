import { fitsAttestedUdid } from "./attested-udid.ts";

/**
 * Which claims of a device are proven. A device reports its own serial number and UDID, and may report those of another
 * device: they are proven if the challenge of its identity names them or Apple attests them.
 */
export type ProvenIdentifiers = {
  /** `disputed`: another enrolled device has it, with a better right. */
  serial_number?: Voucher | "disputed";
  udid?: Voucher;
  /** The account that the challenge was made for. */
  account?: string;
};

/** The strongest proof: an attestation by Apple counts most. */
export type Voucher = (typeof vouchers)[number];

export const vouchers = ["challenge", "attestation"] as const;

type Known = { serial?: string | undefined; udid?: string | undefined };

/** `issuedFor`: what the challenge of the identity named, and what was attested with its key. */
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

/** Why the identity does not belong to this device; undefined: no attested fact contradicts it. */
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
