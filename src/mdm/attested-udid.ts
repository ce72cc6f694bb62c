/**
 * Whether the UDID in an attestation is that of a device. What Apple attests of a Mac with Apple silicon is its
 * provisioning UDID, while it enrolls with another, which has the form of a UUID as no other device's has: of a Mac it
 * says nothing, and the serial number decides.
 */
export const fitsAttestedUdid = (attested: string | undefined, udid: string): boolean =>
  attested === undefined || hardwareUuid.test(udid) || attested.toUpperCase() === udid.toUpperCase();

const hardwareUuid = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i;
