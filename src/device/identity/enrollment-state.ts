import { ok, type Result, refuse } from "../../base/result.ts";
import {
  type Enrollment,
  type EnrollmentTerms,
  type Identity,
  type IdentityPolicy,
  type IdentityRefusal,
  identityOf,
  isBlank,
  type ListedDevice,
  type VerifiedIdentity,
} from "./enrollment.ts";
import { ancestorsOf } from "./identity-line.ts";
import {
  notVouched,
  serialChanged,
  spent,
  tellsAnother,
  unusable,
  usedBySomebodyElse,
  voidRenewal,
} from "./refusals.ts";
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

/** The answer depends on who issued the certificate and for whom, or on a setting. Look it up and ask again. */
export type NeedsLookup = { needs: "look-up" };

/** All other rules are met, but the certificate must be claimed for this device before it is pinned. */
export type NeedsClaim = { needs: "claim" };

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
