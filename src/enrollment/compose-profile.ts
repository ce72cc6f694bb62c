import { directoryUrl } from "../acme/resources.ts";
import type { Bytes } from "../base/bytes.ts";
import { log } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { hour } from "../base/time.ts";
import { openDb } from "../db/open.ts";
import { listPushCertificates } from "../db/push-certificates.ts";
import type { IssuedFor } from "../db/schema/certificates.ts";
import type { ChallengeEnrollment } from "../db/schema/challenges.ts";
import type { Platform } from "../mdm/platform.ts";
import { PlistReal } from "../plist/value.ts";
import { acmeKeys } from "../profiles/acme-payload.ts";
import { buildEnrollmentProfile, certificateUuid, type ProfileKeys } from "../profiles/enrollment-profile.ts";
import type { MdmKeys } from "../profiles/mdm-payload.ts";
import { namesOfSettings } from "./alternative-names.ts";
import { type Authority, issuingAuthority, loadAuthorities } from "./authority.ts";
import { type MintedChallenge, mintChallenge, readEnrollment } from "./challenges.ts";
import type { EnrollmentSettings } from "./enrollment-setting-values.ts";
import { loadEnrollmentSettings } from "./enrollment-settings.ts";
import {
  type Address,
  decideTerms,
  type EnrollmentKind,
  placeholderWarning,
  type TermsRefusal,
} from "./enrollment-terms.ts";
import { type IdentityWay, identityWay, type KnownMachine, type WayRefusal } from "./identity-way.ts";

/**
 * An enrollment profile for one enrollment: the settings, its own challenge, and the authority. The challenge remembers
 * the keys of the profile, and so does the device that enrolls with it.
 */
export type ProfileOrder = {
  kind: EnrollmentKind;
  issuedFor: IssuedFor;
  address: Address;
  /** The name that people read; from the general settings. */
  organization: string;
  /** The challenge of an earlier profile for this order: used again instead of a new one. */
  again?: MintedChallenge;
  /** The sign-in that led to it. */
  grant?: string;
  /** The known facts about the device: others get nothing that is only for Macs, and no attestation if they cannot attest. */
} & KnownMachine;

export type ComposedProfile = {
  profile: Bytes;
  /** The challenge in the profile. */
  challenge: string;
  /** When its challenge expires. */
  expiresAt: number;
  warning?: string;
};

export type ComposeRefusal = TermsRefusal | WayRefusal | { reason: "no-authority"; detail: string };

/** Whether a profile could be composed now, and its values: makes no challenge. */
export async function foreseeProfile(
  env: Env,
  settings: EnrollmentSettings,
  {
    kind,
    issuedFor,
    address,
    ...machine
  }: Pick<ProfileOrder, "kind" | "issuedFor" | "address"> & KnownMachine,
  now: number,
): Promise<Result<{ mdm: MdmKeys; way: IdentityWay; warning?: string }, ComposeRefusal>> {
  const authority = issuingAuthority(await loadAuthorities(env, now));
  if (!authority) return refuse(noAuthority);
  const pushTopic = settings.mdm.Topic === undefined ? await onlyPushTopic(env) : undefined;
  const terms = decideTerms(settings, kind, address, { account: issuedFor.account, pushTopic });
  if (!terms.ok) return terms;
  const way = identityWay(settings.attestation[kind] ?? "off", machine);
  if (!way.ok) return way;
  const { mdm, placeholderTopic } = terms.value;
  return ok({ mdm, way: way.value, ...(placeholderTopic && { warning: placeholderWarning }) });
}

/** The topic of the push certificates in use. If there are several, the settings must choose. */
async function onlyPushTopic(env: Env): Promise<string | undefined> {
  const inUse = (await listPushCertificates(openDb(env.DB))).filter((row) => row.inUse);
  const [topic, ...others] = new Set(inUse.map((row) => row.topic));
  return others.length === 0 ? topic : undefined;
}

export async function composeProfile(
  env: Env,
  order: ProfileOrder,
  now: number,
): Promise<Result<ComposedProfile, ComposeRefusal>> {
  const settings = await loadEnrollmentSettings(env, now);
  const foreseen = await foreseeProfile(env, settings, order, now);
  if (!foreseen.ok) return foreseen;
  const { mdm, way, warning } = foreseen.value;
  if (warning) log({ event: "enrollment.placeholder_topic", detail: warning });
  const identifier = settings.profile.PayloadIdentifier;
  const mint = () =>
    mintChallenge(
      openDb(env.DB),
      {
        issuedFor: order.issuedFor,
        purpose: "enrollment",
        enrollment: {
          kind: order.kind,
          profile: { ...mdm },
          identifier,
          ...attestationIn(way),
          ...(bringsEscrow(settings, order.kind, order.platform) && { fileVaultEscrow: true }),
          ...grantIn(order),
          ...promisedNames(settings),
        },
        lifetimeMs: settings.challenge_hours * hour,
      },
      now,
    );
  const { challenge, expiresAt } = order.again ?? (await mint());
  // The terms of a challenge do not change with the settings.
  const { by } = order.again ? wayOf(await readEnrollment(openDb(env.DB), challenge)) : way;
  const filling = { ...order, identifier, mdm, challenge, by, ...(warning && { warning }) };
  const profile = await fillProfile(env, settings, filling, now);
  return ok({ profile, challenge, expiresAt, ...(warning && { warning }) });
}

const promisedNames = ({ scep }: EnrollmentSettings): Pick<ChallengeEnrollment, "altNames"> => {
  const altNames = namesOfSettings(scep);
  return altNames.length > 0 ? { altNames } : {};
};

const attestationIn = (way: IdentityWay) => (way.by === "acme" ? { attestation: way.attestation } : {});

const grantIn = ({ grant }: ProfileOrder) => (grant === undefined ? {} : { grant });

/** An identity is renewed with the protocol that issued it. */
const wayOf = (enrollment: ChallengeEnrollment | undefined): IdentityWay =>
  enrollment?.attestation ? { by: "acme", attestation: enrollment.attestation } : { by: "scep" };

export type RenewalOrder = {
  deviceId: string;
  /** The identity to be renewed. */
  fingerprint: string;
  /** The terms of the enrollment: it gets the same again, whatever the settings are now. */
  terms: Required<Pick<ChallengeEnrollment, "profile">> & ChallengeEnrollment;
  publicUrl: string | undefined;
  organization: string;
  platform: Platform | undefined;
  lifetimeMs: number;
};

/** The profile of an enrolled device again, with a challenge for an identity of only that device. */
export async function composeRenewal(
  env: Env,
  order: RenewalOrder,
  now: number,
): Promise<Result<ComposedProfile, ComposeRefusal>> {
  const { terms, deviceId, fingerprint } = order;
  if (!issuingAuthority(await loadAuthorities(env, now))) return refuse(noAuthority);
  const settings = await loadEnrollmentSettings(env, now);
  const given = terms.profile as MdmKeys;
  const origin = order.publicUrl ?? new URL(given.ServerURL).origin;
  const identifier = terms.identifier ?? settings.profile.PayloadIdentifier;
  const { challenge, expiresAt } = await mintChallenge(
    openDb(env.DB),
    {
      issuedFor: { deviceId },
      purpose: "renewal",
      renewalOf: { deviceId, fingerprint },
      enrollment: { ...terms, ...promisedNames(settings) },
      lifetimeMs: order.lifetimeMs,
    },
    now,
  );
  const filling = {
    kind: terms.kind as EnrollmentKind,
    organization: order.organization,
    platform: order.platform,
    address: { origin, publicUrl: order.publicUrl },
    identifier,
    mdm: await withoutLostPins(given, identifier, settings.certificates),
    challenge,
    by: wayOf(terms).by,
  };
  return ok({ profile: await fillProfile(env, settings, filling, now), challenge, expiresAt });
}

const noAuthority: ComposeRefusal = {
  reason: "no-authority",
  detail: "no authority issues identities yet: POST /api/v1/authorities makes one",
};

type Filling = {
  kind: EnrollmentKind;
  address: Address;
  organization: string;
  platform?: Platform | undefined;
  identifier: string;
  mdm: MdmKeys;
  challenge: string;
  by: IdentityWay["by"];
  /** People read it during the installation. */
  warning?: string;
};

async function fillProfile(
  env: Env,
  settings: EnrollmentSettings,
  { kind, address, organization, platform, identifier, mdm, challenge, by, warning }: Filling,
  now: number,
): Promise<Bytes> {
  const authority = issuingAuthority(await loadAuthorities(env, now)) as Authority;
  const { PayloadIdentifier: _, PayloadRemovalDisallowed, ...named } = settings.profile;
  const subject = [[["O", organization]], [["CN", "Device identity"]]] as const;
  const common = {
    identifier,
    profile: {
      PayloadDisplayName: `${organization} device management`,
      PayloadOrganization: organization,
      ...timed(named),
      // People can always end a user enrollment.
      ...(PayloadRemovalDisallowed !== undefined && kind !== "user" && { PayloadRemovalDisallowed }),
      ...(warning !== undefined && { PayloadDescription: `Not for use: ${warning}` }),
    },
    mdm,
    certificates: settings.certificates,
    ...(settings.include_authority && { authority: authority.certificate.der }),
    ...(await fileVaultEscrow(env, settings, kind, platform)),
  };
  if (by === "acme") {
    const acme = acmeKeys({
      DirectoryURL: directoryUrl(address.origin),
      ClientIdentifier: challenge,
      Subject: settings.scep.Subject ?? subject,
    });
    return buildEnrollmentProfile({ ...common, acme });
  }
  const scep = {
    Subject: subject,
    ...settings.scep,
    URL: `${address.origin}/scep`,
    Challenge: challenge,
    CAFingerprint: await sha1(authority.certificate.der),
  };
  return buildEnrollmentProfile({ ...common, scep });
}

/** Settings are JSON; a profile has types for dates and durations. */
function timed({
  RemovalDate,
  PayloadExpirationDate,
  DurationUntilRemoval,
  ...rest
}: Omit<EnrollmentSettings["profile"], "PayloadIdentifier">): Partial<ProfileKeys> {
  return {
    ...rest,
    ...(RemovalDate !== undefined && { RemovalDate: new Date(RemovalDate) }),
    ...(PayloadExpirationDate !== undefined && { PayloadExpirationDate: new Date(PayloadExpirationDate) }),
    ...(DurationUntilRemoval !== undefined && { DurationUntilRemoval: new PlistReal(DurationUntilRemoval) }),
  };
}

const bringsEscrow = (
  { file_vault_escrow: location }: EnrollmentSettings,
  kind: EnrollmentKind,
  platform: Platform | undefined,
): boolean => location !== undefined && kind !== "user" && (platform === undefined || platform === "macos");

async function fileVaultEscrow(
  env: Env,
  settings: EnrollmentSettings,
  kind: EnrollmentKind,
  platform: Platform | undefined,
) {
  const { file_vault_escrow: location } = settings;
  if (location === undefined || !bringsEscrow(settings, kind, platform)) return {};
  const { escrowCertificate } = await import("./escrow-certificates.ts");
  return { fileVaultEscrow: { certificate: await escrowCertificate(env), location } };
}

/** Pinning a certificate that is not in the profile would lock the device out. */
async function withoutLostPins(
  mdm: MdmKeys,
  identifier: string,
  certificates: readonly string[],
): Promise<MdmKeys> {
  const uuids = await Promise.all(certificates.map((pem) => certificateUuid(identifier, pem)));
  const kept = { ...mdm };
  for (const key of ["ServerURLPinningCertificateUUIDs", "CheckInURLPinningCertificateUUIDs"] as const) {
    const pins = mdm[key]?.filter((uuid) => uuids.includes(uuid));
    delete kept[key];
    if (pins && pins.length > 0) kept[key] = pins;
  }
  return kept;
}

// Devices compare a SHA-1. It only names the certificate; TLS proves it.
const sha1 = async (der: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-1", der));
