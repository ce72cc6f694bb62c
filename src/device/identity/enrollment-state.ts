import type { DeviceAttestation } from "../../acme/attested-facts.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { DeviceKind, DirectoryChange } from "../../events/event.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import { attestedOther, type ProvenIdentifiers } from "../../mdm/proven.ts";
import { ancestorsOf, whyNotFollowed } from "./identity-line.ts";
import type { SerialStanding } from "./serial-number.ts";
import { takesPlace } from "./taken-over.ts";

/**
 * The identity rules: which senders a device's object accepts, decided only from values.
 *
 * An enrollment from Authenticate to its end is a generation. The active one keeps its identities, queue and escrow until
 * the first TokenUpdate of a newer one commits that. A sender that only begins an enrollment changes nothing.
 *
 * Leaves to others: the proof that the caller has a certificate's key (`mdm/identify`), and whether this server issued a
 * certificate that is new to the object, and for whom (`enrollment/verify-issued`), which is asked only when needed.
 *
 * The surprise: devices renew their identity with or without a new Authenticate. Everything is kept in both cases.
 *
 * A certificate begins one generation, once, and one certificate replaces it. Ended identities are remembered, so that
 * neither they nor renewals that they requested earlier can be used (`identity-line.ts`).
 */
export type Identity = {
  fingerprint: string;
  generation: number;
  notAfter: number;
  pinnedAt: number;
  /** When the overlap with its renewal ends; null while no newer identity was used. */
  retiresAt: number | null;
  revokedAt: number | null;
  /** The reason, as a CRL spells it. */
  revokedFor: string | null;
  /** When an administrator unbound it; this is final. */
  unboundAt: number | null;
  /** The identity that it replaces. */
  renewalOf: string | null;
};

export type Enrollment = {
  deviceId: string;
  serial: string | undefined;
  /** The committed generation; 0 before the first. */
  generation: number;
  state: "pending" | "enrolled" | "unenrolled" | "erased";
  pendingGeneration: number | null;
  /** What the Authenticate of the pending generation reported. */
  pendingSerial?: string | undefined;
  identities: readonly Identity[];
  /** An administrator ended this enrollment: the answer to its next request will say so. */
  ending: boolean;
  /** The active generation has sent Authenticate again and not yet its TokenUpdate. */
  reauthenticated: boolean;
};

/** Facts about a certificate that chains to one of our authorities, is valid now and is not revoked. */
export type VerifiedIdentity = {
  fingerprint: string;
  notAfter: number;
  /** The device that the challenge or the attestation was made for. */
  issuedFor: IssuedFor | undefined;
  renewalOf: { deviceId: string; fingerprint?: string | undefined } | undefined;
  /** The device that has claimed it; a certificate is for one device only. */
  claimedBy: string | undefined;
  /** It has been the identity of an enrollment, according to the directory. */
  hasServed: boolean;
  /** The terms of the profile that had the challenge. */
  terms: EnrollmentTerms | undefined;
  attestation?: DeviceAttestation | undefined;
  /** The authority of a former MDM issued it. */
  isForeign?: boolean;
};

type IssuedFor = {
  udid?: string | undefined;
  serial?: string | undefined;
  account?: string | undefined;
  /** It may replace an enrollment of the device that it names. */
  replaces?: boolean | undefined;
  /** The device, as attested by Apple. */
  attested?: { serial?: string; udid?: string } | undefined;
};

/** The kind of an enrollment and its MDM payload keys; six of those can never change. */
export type EnrollmentTerms = {
  kind: string;
  profile?: Record<string, unknown>;
  identifier?: string;
  /** Its identity was issued by ACME, and so are its renewals. */
  attestation?: "required" | "preferred";
  fileVaultEscrow?: boolean;
  /** The sign-in that the enrollment follows from. */
  grant?: string;
};

export type IdentityPolicy = {
  /** How long an expired identity may still fetch its renewal. */
  graceMs: number;
  /** How long an identity is accepted after its renewal was first used. */
  overlapMs: number;
  /** Whether an enrollment that does not name a device may replace the enrollment of that device. */
  allowReplacement: boolean;
};

export type IdentityRefusal = {
  reason:
    | "unknown-device"
    | "identity-revoked"
    | "identity-unbound"
    | "identity-spent"
    | "identity-retired"
    | "identity-expired"
    | "renewal-void"
    | "too-many-renewals"
    | "identity-not-bound"
    | "identity-not-issued"
    | "identity-of-another-device"
    | "issued-for-another-device"
    | "replacement-not-allowed"
    | "signing-time-ran-back"
    | "serial-number-changed"
    | "serial-number-in-use"
    | "not-committed";
  detail: string;
};

/** The answer depends on who issued the certificate and for whom, or on a setting. Look it up and ask again. */
export type NeedsLookup = { needs: "look-up" };

/** All other rules are met, but the certificate must be claimed for this device before it is pinned. */
export type NeedsClaim = { needs: "claim" };

/** The directory's data about a device, for a lost object. */
export type ListedDevice = {
  state: Enrollment["state"];
  kind: DeviceKind;
  generation: number;
  facts: DeviceFacts;
  proven?: ProvenIdentifiers;
  /** Includes those that are no longer accepted. */
  identities: readonly Identity[];
  attestation?: DeviceAttestation | undefined;
  channels: readonly NonNullable<DirectoryChange["channel"]>[];
  /** The sign-in that its enrollment follows from. */
  grant?: { id: string; account: string } | undefined;
};

/** What was looked up. A certificate that is not accepted comes with the reason. */
export type IdentityLookup<Policy extends IdentityPolicy = IdentityPolicy> = {
  policy: Policy;
  listed: ListedDevice | undefined;
  /** The facts about the serial number in question. */
  serial?: SerialStanding;
  issued: Result<VerifiedIdentity, { reason: string; detail: string }>;
};

/** The object was lost: first it must be restored from the directory's data. */
export type Adoption = { listed: ListedDevice; terms: EnrollmentTerms | undefined };

type Adopting = { adopts: Adoption | undefined };

export type AuthenticateDecision = Adopting &
  (
    | { does: "renew"; adds: Identity | undefined }
    | { does: "open"; identity: Identity; terms: EnrollmentTerms | undefined }
  );

export type MessageDecision = Adopting &
  (
    | { as: "active"; adds: Identity | undefined; retires: string[]; graceOnly: boolean }
    | { as: "pending"; identity: Identity }
  );

export type Claim = { fingerprint: string; lookup: IdentityLookup | undefined; now: number };

export function decideAuthenticate(
  held: Enrollment,
  { fingerprint, lookup, now }: Claim,
  serial: string | undefined,
): Result<AuthenticateDecision | NeedsLookup | NeedsClaim, IdentityRefusal> {
  const { enrollment, adopts } = remembered(held, lookup);
  const known = identityOf(enrollment, fingerprint);
  if (known !== undefined) {
    const refusal = unusable(enrollment, known, now) ?? tellsAnother(enrollment, known, serial);
    if (refusal) return refuse(refusal);
    return known.generation === enrollment.generation
      ? ok({ does: "renew", adds: undefined, adopts })
      : ok({ does: "open", identity: known, terms: undefined, adopts });
  }
  if (lookup === undefined) return ok({ needs: "look-up" });
  if (!lookup.issued.ok) return refuse(notVouched(lookup.issued.refusal));
  const issued = lookup.issued.value;
  const misused = usedBySomebodyElse(enrollment, issued, serial);
  if (misused) return refuse(misused);
  if (issued.renewalOf) {
    const refusal =
      voidRenewal(enrollment, issued.renewalOf.fingerprint, now) ?? serialChanged(enrollment.serial, serial);
    if (refusal) return refuse(refusal);
    if (issued.claimedBy === undefined) return ok({ needs: "claim" });
    return ok({ does: "renew", adds: pin(issued, enrollment.generation, now), adopts });
  }
  if (issued.hasServed) return refuse(spent);
  if (enrollment.state === "enrolled" && !names(enrollment, issued) && !lookup.policy.allowReplacement) {
    return refuse({
      reason: "replacement-not-allowed",
      detail:
        "this device is enrolled; to replace that enrollment, use a challenge that an administrator minted for its UDID or serial number, or set allow_replacement",
    });
  }
  if (issued.claimedBy === undefined) return ok({ needs: "claim" });
  const identity = pin(issued, nextGeneration(enrollment, lookup.listed), now);
  return ok({ does: "open", identity, terms: issued.terms, adopts });
}

/** Every message except Authenticate. */
export function decideMessage(
  held: Enrollment,
  { fingerprint, lookup, now }: Claim,
): Result<MessageDecision | NeedsLookup | NeedsClaim, IdentityRefusal> {
  const { enrollment, adopts } = remembered(held, lookup);
  const known = identityOf(enrollment, fingerprint);
  if (known === undefined) return decideStranger(enrollment, lookup, adopts, now);
  const expired = known.notAfter <= now;
  const retires = supersededBy(enrollment, known);
  if ((expired || retires.length > 0) && lookup === undefined) return ok({ needs: "look-up" });
  const refusal = unusable(enrollment, known, now, lookup?.policy.graceMs);
  if (refusal) return refuse(refusal);
  if (known.generation !== enrollment.generation) return ok({ as: "pending", identity: known, adopts });
  return ok({ as: "active", adds: undefined, retires, graceOnly: expired, adopts });
}

function decideStranger(
  enrollment: Enrollment,
  lookup: IdentityLookup | undefined,
  adopts: Adoption | undefined,
  now: number,
): Result<MessageDecision | NeedsLookup | NeedsClaim, IdentityRefusal> {
  if (lookup === undefined) return ok({ needs: "look-up" });
  if (isBlank(enrollment)) {
    return refuse({ reason: "unknown-device", detail: `no enrollment of ${enrollment.deviceId} is known` });
  }
  if (!lookup.issued.ok) return refuse(notVouched(lookup.issued.refusal));
  const issued = takesPlace(enrollment, lookup.issued.value);
  if (!issued.renewalOf) {
    return refuse({
      reason: "identity-not-bound",
      detail: "the certificate is neither the one this device enrolled with nor a renewal of it",
    });
  }
  const refusal =
    usedBySomebodyElse(enrollment, issued, enrollment.serial) ??
    voidRenewal(enrollment, issued.renewalOf.fingerprint, now);
  if (refusal) return refuse(refusal);
  if (issued.claimedBy === undefined) return ok({ needs: "claim" });
  const adds = pin(issued, enrollment.generation, now);
  const retires = supersededBy(enrollment, adds);
  return ok({ as: "active", adds, retires, graceOnly: false, adopts });
}

/** Whether an identity may be renewed. `byItself`: the request is signed with it, and nobody ordered it. */
export function decideGrant(
  enrollment: Enrollment,
  fingerprint: string,
  { byItself, now }: { byItself: boolean; now: number },
): IdentityRefusal | undefined {
  if (!byItself) return isBlank(enrollment) ? undefined : voidRenewal(enrollment, fingerprint, now);
  const known = identityOf(enrollment, fingerprint);
  if (known === undefined || enrollment.state !== "enrolled" || enrollment.ending)
    return {
      reason: "identity-not-bound",
      detail: "the certificate is not the identity of an enrolled device",
    };
  return unusable(enrollment, known, now) ?? voidRenewal(enrollment, fingerprint, now);
}

export const notVouched = ({ reason, detail }: { reason: string; detail: string }): IdentityRefusal => ({
  reason: "identity-not-issued",
  detail: `${reason}: ${detail}`,
});

export const spent: IdentityRefusal = {
  reason: "identity-spent",
  detail: "the certificate was already used for an enrollment: each new one needs its own certificate",
};

const identityOf = (enrollment: Enrollment, fingerprint: string): Identity | undefined =>
  enrollment.identities.find((identity) => identity.fingerprint === fingerprint);

const pin = (issued: VerifiedIdentity, generation: number, now: number): Identity => ({
  fingerprint: issued.fingerprint,
  generation,
  notAfter: issued.notAfter,
  pinnedAt: now,
  retiresAt: null,
  revokedAt: null,
  revokedFor: null,
  unboundAt: null,
  renewalOf: issued.renewalOf?.fingerprint ?? null,
});

function unusable(
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

function usedBySomebodyElse(
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
function tellsAnother(
  { generation, serial, pendingSerial }: Enrollment,
  known: Identity,
  told: string | undefined,
): IdentityRefusal | undefined {
  if (known.generation !== generation)
    return told === pendingSerial ? undefined : changed(pendingSerial, told);
  return serialChanged(serial, told);
}

/** A renewal may leave it out. */
const serialChanged = (known: string | undefined, told: string | undefined): IdentityRefusal | undefined =>
  known === undefined || told === undefined || known === told ? undefined : changed(known, told);

const changed = (known: string | undefined, told: string | undefined): IdentityRefusal => ({
  reason: "serial-number-changed",
  detail: `this enrollment began with the serial number ${known ?? "(none)"}, and the device now reports ${told ?? "(none)"}`,
});

const isBlank = ({ generation, pendingGeneration }: Enrollment): boolean =>
  generation === 0 && pendingGeneration === null;

/**
 * The directory lists an enrolled device whose object has no enrollment. An administrator who deletes a device deletes its
 * entry in the directory too, so the object was lost or was restored without its content. The same rules are applied to
 * the directory's data.
 */
function remembered(
  enrollment: Enrollment,
  lookup: IdentityLookup | undefined,
): { enrollment: Enrollment } & Adopting {
  const listed = lookup?.listed;
  if (!isBlank(enrollment) || listed?.state !== "enrolled") return { enrollment, adopts: undefined };
  const { generation, identities, facts } = listed;
  const terms = lookup?.issued.ok ? lookup.issued.value.terms : undefined;
  return {
    enrollment: { ...enrollment, state: "enrolled", generation, identities, serial: facts.SerialNumber },
    adopts: { listed, terms },
  };
}

/** No other device is known to have had it. */
const nextGeneration = (enrollment: Enrollment, listed: ListedDevice | undefined): number =>
  Math.max(
    enrollment.generation,
    enrollment.pendingGeneration ?? 0,
    listed?.generation ?? 0,
    ...enrollment.identities.map(({ generation }) => generation),
  ) + 1;

function voidRenewal(
  { generation, identities }: Enrollment,
  renewed: string | undefined,
  now: number,
): IdentityRefusal | undefined {
  const why = whyNotFollowed(identities, renewed, generation, now);
  return why === undefined
    ? undefined
    : { reason: "renewal-void", detail: `the identity that the certificate renews ${why}` };
}

/**
 * Whether a device is named by its UDID or by the serial number of its present enrollment. The challenge must allow a
 * replacement, because it can be made before its device enrolls.
 */
const names = (enrollment: Enrollment, { issuedFor }: VerifiedIdentity): boolean =>
  issuedFor?.replaces === true &&
  (issuedFor.udid === enrollment.deviceId ||
    (issuedFor.serial !== undefined && issuedFor.serial === enrollment.serial));

/** The identity that this one replaces; its overlap begins now, at the first use of this one. */
const supersededBy = ({ identities }: Enrollment, used: Identity): string[] =>
  ancestorsOf(identities, used)
    .filter(({ retiresAt, unboundAt }) => retiresAt === null && unboundAt === null)
    .map(({ fingerprint }) => fingerprint);
