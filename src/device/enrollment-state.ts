import { ok, type Result, refuse } from "../base/result.ts";
import type { DeviceKind, DirectoryChange } from "../events/event.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";
import type { SerialStanding } from "./serial-number.ts";

/**
 * Whom a device's object believes: the identity rules, decided from values alone.
 *
 * An enrollment from Authenticate to its end is a generation. The active one keeps its identities, queue and escrow
 * until the first TokenUpdate of a newer one commits that: whoever merely announces an enrollment changes nothing.
 *
 * Leaves to others: the proof that the caller holds a certificate's key (`mdm/identify`), and whether a certificate that
 * the object never saw is one of ours and for whom (`enrollment/vouch`), which is asked only when it matters.
 *
 * The surprise: devices renew their identity both with a new Authenticate and without one. Both keep everything.
 */
export type Identity = {
  fingerprint: string;
  generation: number;
  notAfter: number;
  pinnedAt: number;
  /** When the overlap with its renewal ends; null while nothing newer was used. */
  retiresAt: number | null;
  revokedAt: number | null;
};

export type Enrollment = {
  deviceId: string;
  serial: string | undefined;
  /** The committed generation; 0 before the first. */
  generation: number;
  state: "pending" | "enrolled" | "unenrolled";
  pendingGeneration: number | null;
  /** What the Authenticate of the pending generation told. */
  pendingSerial?: string | undefined;
  identities: readonly Identity[];
  /** An administrator chose to end this enrollment by the answer to its next request. */
  ending: boolean;
  /** The active generation has authenticated anew and not yet sent its TokenUpdate. */
  reauthenticated: boolean;
};

/** What is known of a certificate that chains to one of our authorities, is valid now and not revoked. */
export type VouchedIdentity = {
  fingerprint: string;
  notAfter: number;
  /** Whom the challenge or the attestation was minted for. */
  issuedFor: IssuedFor | undefined;
  renewalOf: { deviceId: string; fingerprint?: string | undefined } | undefined;
  /** Which device has claimed it; a certificate serves one only. */
  claimedBy: string | undefined;
  /** What the profile that carried the challenge made of the device. */
  terms: EnrollmentTerms | undefined;
};

type IssuedFor = {
  udid?: string | undefined;
  serial?: string | undefined;
  account?: string | undefined;
  /** It may take the place of an enrollment of the device that it names. */
  replaces?: boolean | undefined;
};

/** The kind of an enrollment, and the MDM payload keys that it was given: six of those can never change. */
export type EnrollmentTerms = { kind: string; profile?: Record<string, unknown>; identifier?: string };

export type IdentityPolicy = {
  /** How long an expired identity may still fetch its renewal. */
  graceMs: number;
  /** How long an identity stays good after its renewal was first used. */
  overlapMs: number;
  /** Whether an enrolled device may be replaced by an enrollment that does not name it. */
  allowReplacement: boolean;
};

export type IdentityRefusal = {
  reason:
    | "unknown-device"
    | "identity-revoked"
    | "identity-retired"
    | "identity-expired"
    | "identity-not-bound"
    | "identity-not-vouched"
    | "identity-of-another-device"
    | "issued-for-another-device"
    | "replacement-not-allowed"
    | "signing-time-ran-back"
    | "serial-number-changed"
    | "serial-number-in-use"
    | "not-committed";
  detail: string;
};

/** The answer depends on who issued the certificate and for whom, or on a setting. Find out, and ask again. */
export type NeedsConsult = { needs: "consult" };

/** All else holds, but the certificate must be claimed for this device before it is pinned. */
export type NeedsClaim = { needs: "claim" };

/** What the directory remembers of a device, for an object that was lost. */
export type ListedDevice = {
  state: Enrollment["state"];
  kind: DeviceKind;
  generation: number;
  facts: DeviceFacts;
  proven?: ProvenIdentifiers;
  channels: readonly NonNullable<DirectoryChange["channel"]>[];
};

/** What was found out. A certificate that nobody vouches for comes with the reason why not. */
export type Consulted<Policy extends IdentityPolicy = IdentityPolicy> = {
  policy: Policy;
  listed: ListedDevice | undefined;
  /** Of the serial number that was asked about. */
  serial?: SerialStanding;
  vouched: Result<VouchedIdentity, { reason: string; detail: string }>;
};

export type AuthenticateDecision =
  | { does: "renew"; adds: Identity | undefined }
  | { does: "open"; identity: Identity; terms: EnrollmentTerms | undefined };

export type SpeakerDecision =
  | { as: "active"; adds: Identity | undefined; retires: string[]; graceOnly: boolean }
  | { as: "pending"; identity: Identity }
  /** The object was lost, and the directory and the certificate agree on whom this is: it is taken up again. */
  | { as: "adopted"; identity: Identity; listed: ListedDevice; terms: EnrollmentTerms | undefined };

export type Claim = { fingerprint: string; consulted: Consulted | undefined; now: number };

export function decideAuthenticate(
  enrollment: Enrollment,
  { fingerprint, consulted, now }: Claim,
  serial: string | undefined,
): Result<AuthenticateDecision | NeedsConsult | NeedsClaim, IdentityRefusal> {
  const known = identityOf(enrollment, fingerprint);
  if (known !== undefined) {
    const refusal = unusable(known, now) ?? tellsAnother(enrollment, known, serial);
    if (refusal) return refuse(refusal);
    return known.generation === enrollment.generation
      ? ok({ does: "renew", adds: undefined })
      : ok({ does: "open", identity: known, terms: undefined });
  }
  if (consulted === undefined) return ok({ needs: "consult" });
  if (!consulted.vouched.ok) return refuse(notVouched(consulted.vouched.refusal));
  const { policy } = consulted;
  const vouched = consulted.vouched.value;
  const misused = usedBySomebodyElse(enrollment, vouched, serial);
  if (misused) return refuse(misused);
  if (renews(enrollment, vouched)) {
    const other = serialChanged(enrollment.serial, serial);
    if (other) return refuse(other);
    if (vouched.claimedBy === undefined) return ok({ needs: "claim" });
    return ok({ does: "renew", adds: pin(vouched, enrollment.generation, now) });
  }
  const remembered = rememberedOf(enrollment, consulted);
  const isReplacement = remembered
    ? !isOf(enrollment.deviceId, vouched) &&
      !names({ ...enrollment, serial: remembered.facts.SerialNumber }, vouched)
    : enrollment.state === "enrolled" && !names(enrollment, vouched);
  if (isReplacement && !policy.allowReplacement) {
    return refuse({
      reason: "replacement-not-allowed",
      detail:
        "this device is enrolled; to replace that enrollment, use a challenge that an administrator minted for its UDID or serial number, or set allow_replacement",
    });
  }
  if (vouched.claimedBy === undefined) return ok({ needs: "claim" });
  const { generation, pendingGeneration } = enrollment;
  const next = Math.max(generation, pendingGeneration ?? 0, remembered?.generation ?? 0) + 1;
  return ok({ does: "open", identity: pin(vouched, next, now), terms: vouched.terms });
}

/** Every message but Authenticate. */
export function decideSpeaker(
  enrollment: Enrollment,
  claim: Claim,
): Result<SpeakerDecision | NeedsConsult | NeedsClaim, IdentityRefusal> {
  const { fingerprint, consulted, now } = claim;
  const known = identityOf(enrollment, fingerprint);
  if (known === undefined) return decideStranger(enrollment, claim);
  const expired = known.notAfter <= now;
  const retires = supersededBy(enrollment, known);
  if ((expired || retires.length > 0) && consulted === undefined) return ok({ needs: "consult" });
  const refusal = unusable(known, now, consulted?.policy.graceMs);
  if (refusal) return refuse(refusal);
  if (known.generation !== enrollment.generation) return ok({ as: "pending", identity: known });
  return ok({ as: "active", adds: undefined, retires, graceOnly: expired });
}

function decideStranger(
  enrollment: Enrollment,
  { consulted, now }: Claim,
): Result<SpeakerDecision | NeedsConsult | NeedsClaim, IdentityRefusal> {
  if (consulted === undefined) return ok({ needs: "consult" });
  const remembered = rememberedOf(enrollment, consulted);
  if (isBlank(enrollment) && remembered === undefined) {
    return refuse({ reason: "unknown-device", detail: `no enrollment of ${enrollment.deviceId} is known` });
  }
  if (!consulted.vouched.ok) return refuse(notVouched(consulted.vouched.refusal));
  const vouched = consulted.vouched.value;
  if (!renews(enrollment, vouched) && !(remembered && isOf(enrollment.deviceId, vouched))) {
    return refuse({
      reason: "identity-not-bound",
      detail: "the certificate is not the one this device enrolled with, nor a renewal of it",
    });
  }
  const serial = enrollment.serial ?? remembered?.facts.SerialNumber;
  const misused = usedBySomebodyElse(enrollment, vouched, serial);
  if (misused) return refuse(misused);
  if (vouched.claimedBy === undefined) return ok({ needs: "claim" });
  if (remembered) {
    const identity = pin(vouched, remembered.generation, now);
    return ok({ as: "adopted", identity, listed: remembered, terms: vouched.terms });
  }
  const adds = pin(vouched, enrollment.generation, now);
  const retires = supersededBy({ ...enrollment, identities: [...enrollment.identities, adds] }, adds);
  return ok({ as: "active", adds, retires, graceOnly: false });
}

export const notVouched = ({ reason, detail }: { reason: string; detail: string }): IdentityRefusal => ({
  reason: "identity-not-vouched",
  detail: `${reason}: ${detail}`,
});

const identityOf = (enrollment: Enrollment, fingerprint: string): Identity | undefined =>
  enrollment.identities.find((identity) => identity.fingerprint === fingerprint);

const pin = (vouched: VouchedIdentity, generation: number, now: number): Identity => ({
  fingerprint: vouched.fingerprint,
  generation,
  notAfter: vouched.notAfter,
  pinnedAt: now,
  retiresAt: null,
  revokedAt: null,
});

function unusable(identity: Identity, now: number, graceMs = 0): IdentityRefusal | undefined {
  if (identity.revokedAt !== null)
    return { reason: "identity-revoked", detail: "the certificate was revoked" };
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
  vouched: VouchedIdentity,
  serial: string | undefined,
): IdentityRefusal | undefined {
  if (vouched.claimedBy !== undefined && vouched.claimedBy !== enrollment.deviceId) {
    return { reason: "identity-of-another-device", detail: "the certificate already serves another device" };
  }
  const { udid, serial: namedSerial } = vouched.issuedFor ?? {};
  if (udid !== undefined && udid !== enrollment.deviceId) {
    return { reason: "issued-for-another-device", detail: `the certificate was issued for UDID ${udid}` };
  }
  if (namedSerial !== undefined && namedSerial !== serial) {
    return {
      reason: "issued-for-another-device",
      detail: `the certificate was issued for serial number ${namedSerial}, and the device tells ${serial ?? "none"}`,
    };
  }
  if (vouched.renewalOf !== undefined && vouched.renewalOf.deviceId !== enrollment.deviceId) {
    return {
      reason: "issued-for-another-device",
      detail: `the certificate renews one of ${vouched.renewalOf.deviceId}`,
    };
  }
  return undefined;
}

/** A serial number is told when an enrollment begins, is held against the certificate there, and stays. */
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
  detail: `this enrollment began with the serial number ${known ?? "(none)"}, and the device now tells ${told ?? "(none)"}`,
});

const isBlank = ({ generation, pendingGeneration }: Enrollment): boolean =>
  generation === 0 && pendingGeneration === null;

/**
 * An enrolled device whose object holds no enrollment was not forgotten by an administrator, who takes its entry out of
 * the directory as well: the object was lost, or came back without its content.
 */
const rememberedOf = (enrollment: Enrollment, { listed }: Consulted): ListedDevice | undefined =>
  isBlank(enrollment) && listed?.state === "enrolled" ? listed : undefined;

/** The certificate serves this device by the record of its claim, or was issued as a renewal for it. */
const isOf = (deviceId: string, { claimedBy, renewalOf }: VouchedIdentity): boolean =>
  claimedBy === deviceId || renewalOf?.deviceId === deviceId;

/** A renewal renews an identity of the active generation that could still be used, or is in its grace. */
function renews(enrollment: Enrollment, { renewalOf }: VouchedIdentity): boolean {
  if (enrollment.generation === 0 || renewalOf?.deviceId !== enrollment.deviceId) return false;
  const active = enrollment.identities.filter(({ generation }) => generation === enrollment.generation);
  return active.some(
    (identity) =>
      identity.revokedAt === null &&
      (renewalOf.fingerprint === undefined || renewalOf.fingerprint === identity.fingerprint),
  );
}

/**
 * A device is named by its UDID, or by the serial number that the present enrollment told us; by whoever may replace
 * what is enrolled, since a challenge can be minted before its device enrolls.
 */
const names = (enrollment: Enrollment, { issuedFor }: VouchedIdentity): boolean =>
  issuedFor?.replaces === true &&
  (issuedFor.udid === enrollment.deviceId ||
    (issuedFor.serial !== undefined && issuedFor.serial === enrollment.serial));

/** Older identities of the same generation whose overlap begins now, at the first use of a newer one. */
const supersededBy = (enrollment: Enrollment, used: Identity): string[] =>
  enrollment.identities
    .filter(({ generation, pinnedAt, retiresAt, fingerprint }) => {
      const older =
        pinnedAt < used.pinnedAt || (pinnedAt === used.pinnedAt && used.fingerprint !== fingerprint);
      return (
        generation === used.generation && fingerprint !== used.fingerprint && older && retiresAt === null
      );
    })
    .map(({ fingerprint }) => fingerprint);
