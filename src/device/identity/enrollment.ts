import type { DeviceAttestation } from "../../acme/attested-facts.ts";
import type { ChallengeEnrollment } from "../../db/schema/challenges.ts";
import type { DeviceKind, DirectoryChange } from "../../events/event.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import type { ProvenIdentifiers } from "../../mdm/proven.ts";

/** What is known of an enrollment, its identities and the certificates of its senders; `enrollment-state.ts` decides from it. */
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

export type IssuedFor = {
  udid?: string | undefined;
  serial?: string | undefined;
  account?: string | undefined;
  /** It may replace an enrollment of the device that it names. */
  replaces?: boolean | undefined;
  /** The device, as attested by Apple. */
  attested?: { serial?: string; udid?: string } | undefined;
};

/** The kind of an enrollment and its MDM payload keys; six of those can never change. */
export type EnrollmentTerms = Pick<
  ChallengeEnrollment,
  "kind" | "profile" | "identifier" | "attestation" | "fileVaultEscrow" | "grant"
>;

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

export const identityOf = (enrollment: Enrollment, fingerprint: string): Identity | undefined =>
  enrollment.identities.find((identity) => identity.fingerprint === fingerprint);

export const isBlank = ({ generation, pendingGeneration }: Enrollment): boolean =>
  generation === 0 && pendingGeneration === null;
