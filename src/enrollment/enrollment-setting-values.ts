import type { ProfileKeys, ScepKeys } from "../profiles/enrollment-profile.ts";
import { allRights, type MdmKeys, serverCapabilities } from "../profiles/mdm-payload.ts";
import type { AccountRule, EnrollmentSso } from "./account/rules.ts";

/**
 * The settings for enrollment profiles, and who may get one. Apple's keys keep their names; a value that is not set is
 * absent here and null in the API. A delivered profile does not change: a change is only for new enrollments.
 */
export type EnrollmentSettings = {
  mdm: Partial<MdmKeys>;
  scep: Partial<Omit<ScepKeys, "URL" | "Challenge" | "CAFingerprint">>;
  profile: Partial<Omit<ProfileKeys, "RemovalDate" | "PayloadExpirationDate" | "DurationUntilRemoval">> & {
    PayloadIdentifier: string;
    /** ISO 8601. */
    RemovalDate?: string;
    PayloadExpirationDate?: string;
    DurationUntilRemoval?: number;
  };
  /** Whether Apple attests the keys of enrollments of this kind; absent: off. */
  attestation: Partial<Record<"device" | "ade" | "account_device" | "user", AttestationPolicy>>;
  account_driven: AccountDrivenSettings;
  /** PEM; certificates that devices must trust before they can connect to this server. */
  certificates: readonly string[];
  include_authority: boolean;
  /** The text that a Mac shows to a person who lost the recovery key; absent: this profile does not escrow recovery keys. */
  file_vault_escrow?: string;
  /** Cloudflare checks client certificates in front of this Worker. */
  mutual_tls: boolean;
  accepted_hosts: readonly string[];
  open_enrollment: boolean;
  challenge_hours: number;
};

/** How people enroll devices by signing in. Absent values have their defaults. */
export type AccountDrivenSettings = {
  sso?: EnrollmentSso;
  /** Absent: no. */
  enabled?: boolean;
  /** How devices sign in; absent: `apple-as-web`. */
  method?: SignInMethod;
  /** After how many days people must sign in again; absent: never. */
  sign_in_days?: number;
  /** Who enrolls how; the first rule that matches is used. */
  rules?: readonly AccountRule[];
};

export const defaultEnrollmentSettings: EnrollmentSettings = {
  mdm: {
    AccessRights: allRights,
    SignMessage: true,
    CheckOutWhenRemoved: true,
    ServerCapabilities: serverCapabilities,
  },
  scep: { Keysize: 2048, "Key Usage": 5, KeyIsExtractable: false },
  profile: { PayloadIdentifier: "edgemdm.enrollment" },
  attestation: {},
  account_driven: {},
  certificates: [],
  include_authority: false,
  mutual_tls: false,
  accepted_hosts: [],
  open_enrollment: false,
  challenge_hours: 24,
};

/** null removes a value, or resets it to its default if it must have one; groups are changed key by key. */
export type EnrollmentPatch = {
  [Name in keyof EnrollmentSettings]?: unknown;
};

const groups = ["mdm", "scep", "profile", "attestation", "account_driven"] as const;
const isGroup = (name: string): name is (typeof groups)[number] =>
  (groups as readonly string[]).includes(name);

export function patched(settings: EnrollmentSettings, patch: EnrollmentPatch): EnrollmentSettings {
  const changed: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    const base = isGroup(name) ? { ...settings[name] } : changed;
    const standard = isGroup(name) ? defaultEnrollmentSettings[name] : defaultEnrollmentSettings;
    const changes = isGroup(name) ? ((value ?? {}) as object) : { [name]: value };
    for (const [key, wanted] of Object.entries(changes)) put(base, standard, key, wanted, isGroup(name));
    if (isGroup(name)) changed[name] = value === null ? standard : base;
  }
  return changed as EnrollmentSettings;
}

// Inside a group null means absent, default or not: a user enrollment must be able to have no AccessRights.
function put(base: object, standard: object, key: string, wanted: unknown, inGroup: boolean): void {
  const target = base as Record<string, unknown>;
  const fallback = (standard as Record<string, unknown>)[key];
  if (wanted !== null) target[key] = wanted;
  else if (fallback === undefined || (inGroup && key !== "PayloadIdentifier")) delete target[key];
  else target[key] = fallback;
}

export const signInMethods = ["apple-as-web", "apple-oauth2"] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** `preferred`: if the device can. Others get their identity by SCEP. */
export const attestationPolicies = ["required", "preferred", "off"] as const;
export type AttestationPolicy = (typeof attestationPolicies)[number];
