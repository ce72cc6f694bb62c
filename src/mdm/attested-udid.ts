/**
 * Whether the UDID in an attestation is that of a device. For a Mac with Apple silicon, Apple attests the provisioning
 * UDID, but the Mac enrolls with another UDID, which has the form of a UUID, unlike that of any other device. So for a Mac
 * the UDID proves nothing, and the serial number decides.
 */
export const fitsAttestedUdid = (attested: string | undefined, udid: string): boolean =>
  attested === undefined || hardwareUuid.test(udid) || attested.toUpperCase() === udid.toUpperCase();

const hardwareUuid = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i;
