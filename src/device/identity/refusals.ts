import { attestedOther } from "../../mdm/proven.ts";
import type { Enrollment, Identity, IdentityRefusal, VerifiedIdentity } from "./enrollment.ts";
import { whyNotFollowed } from "./identity-line.ts";

/** Why a certificate is not accepted, decided only from values. */
export const notVouched = ({ reason, detail }: { reason: string; detail: string }): IdentityRefusal => ({
  reason: "identity-not-issued",
  detail: `${reason}: ${detail}`,
});

export const spent: IdentityRefusal = {
  reason: "identity-spent",
  detail: "the certificate was already used for an enrollment: each new one needs its own certificate",
};

export function unusable(
  { generation, pendingGeneration }: Enrollment,
  identity: Identity,
  now: number,
  graceMs = 0,
): IdentityRefusal | undefined {
  if (identity.revokedAt !== null)
    return { reason: "identity-revoked", detail: "the certificate was revoked" };
  if (identity.unboundAt !== null) {
    return {
      reason: "identity-unbound",
      detail: "an administrator unbound the certificate from this device",
    };
  }
  if (identity.generation !== generation && identity.generation !== pendingGeneration) return spent;
  if (identity.retiresAt !== null && identity.retiresAt <= now) {
    return {
      reason: "identity-retired",
      detail: "the device has used a newer certificate for longer than the overlap",
    };
  }
  if (identity.notAfter + graceMs <= now) {
    return {
      reason: "identity-expired",
      detail: `the certificate expired on ${new Date(identity.notAfter).toISOString()}`,
    };
  }
  return undefined;
}

export function usedBySomebodyElse(
  enrollment: Enrollment,
  issued: VerifiedIdentity,
  serial: string | undefined,
): IdentityRefusal | undefined {
  if (issued.claimedBy !== undefined && issued.claimedBy !== enrollment.deviceId) {
    return {
      reason: "identity-of-another-device",
      detail: "the certificate already belongs to another device",
    };
  }
  const { udid, serial: namedSerial } = issued.issuedFor ?? {};
  if (udid !== undefined && udid !== enrollment.deviceId) {
    return { reason: "issued-for-another-device", detail: `the certificate was issued for UDID ${udid}` };
  }
  if (namedSerial !== undefined && namedSerial !== serial) {
    return {
      reason: "issued-for-another-device",
      detail: `the certificate was issued for serial number ${namedSerial}, and the device reports ${serial ?? "none"}`,
    };
  }
  const other = attestedOther(issued.issuedFor?.attested, { deviceId: enrollment.deviceId, serial });
  if (other !== undefined) return { reason: "issued-for-another-device", detail: other };
  if (issued.renewalOf !== undefined && issued.renewalOf.deviceId !== enrollment.deviceId) {
    return {
      reason: "issued-for-another-device",
      detail: `the certificate renews an identity of ${issued.renewalOf.deviceId}`,
    };
  }
  return undefined;
}

/** A serial number comes at the beginning of an enrollment, is compared with the certificate there, and cannot change. */
export function tellsAnother(
  { generation, serial, pendingSerial }: Enrollment,
  known: Identity,
  told: string | undefined,
): IdentityRefusal | undefined {
  if (known.generation !== generation)
    return told === pendingSerial ? undefined : changed(pendingSerial, told);
  return serialChanged(serial, told);
}

/** A renewal may leave it out. */
export const serialChanged = (
  known: string | undefined,
  told: string | undefined,
): IdentityRefusal | undefined =>
  known === undefined || told === undefined || known === told ? undefined : changed(known, told);

export const changed = (known: string | undefined, told: string | undefined): IdentityRefusal => ({
  reason: "serial-number-changed",
  detail: `this enrollment began with the serial number ${known ?? "(none)"}, and the device now reports ${told ?? "(none)"}`,
});

export function voidRenewal(
  { generation, identities }: Enrollment,
  renewed: string | undefined,
  now: number,
): IdentityRefusal | undefined {
  const why = whyNotFollowed(identities, renewed, generation, now);
  return why === undefined
    ? undefined
    : { reason: "renewal-void", detail: `the identity that the certificate renews ${why}` };
}
