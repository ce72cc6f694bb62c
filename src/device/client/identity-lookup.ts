import { fromBase64 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { day } from "../../base/time.ts";
import { type CertificateRow, findCertificate } from "../../db/certificates.ts";
import { findListed } from "../../db/directory.ts";
import { openDb } from "../../db/open.ts";
import {
  claimCertificate,
  type IssuedIdentity,
  type IssuedRefusal,
  verifyIssued,
} from "../../enrollment/verify-issued.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import type { ProvenIdentity } from "../../mdm/identify.ts";
import type { Certificate } from "../../pki/certificate.ts";
import { parseCertificate } from "../../pki/parse-certificate.ts";
import type { Identity, ListedDevice, VerifiedIdentity } from "../identity/enrollment.ts";
import type { IdentityLookup } from "../identity/enrollment-state.ts";
import type { DevicePolicy } from "../turn.ts";
import { claimFrom, serialStanding } from "./serial-claims.ts";

/**
 * What a device's object does not know: whose a certificate is that it has never seen, and the settings. It asks only
 * when an answer depends on them, which never happens for a usual request of an enrolled device.
 */
export async function lookUpIdentity(
  env: Env,
  deviceId: string,
  identity: ProvenIdentity,
  now: number,
  serialNumber?: string,
): Promise<IdentityLookup<DevicePolicy>> {
  const [policy, issued, listed, serial] = await Promise.all([
    policyOf(env, now),
    issuedIdentity(env, identity, now),
    listedDevice(env, deviceId),
    serialNumber === undefined ? undefined : serialStanding(env, serialNumber, deviceId),
  ]);
  return { policy, issued: issued, listed, ...(serial && { serial }) };
}

/** The same, after claiming the certificate and the serial number for this device. Only one device can claim each. */
export async function claimFor(
  env: Env,
  lookup: IdentityLookup<DevicePolicy>,
  fingerprint: string,
  deviceId: string,
  number: { serial?: string | undefined; from?: string | undefined } = {},
): Promise<IdentityLookup<DevicePolicy>> {
  if (!lookup.issued.ok) return lookup;
  const claimed = await claimCertificate(env, fingerprint, deviceId);
  const issued = ok({ ...lookup.issued.value, claimedBy: claimed ? deviceId : "another device" });
  const { serial } = lookup;
  const isAsked = serial !== undefined && serial.serial === number.serial;
  if (!claimed || !isAsked) return { ...lookup, issued: issued };
  const claim = await claimFrom(env, serial, deviceId, number.from, Date.now());
  return { ...lookup, issued: issued, serial: claim };
}

/** For messages that name no device: the device that has claimed the certificate. */
export async function deviceOfIdentity(env: Env, fingerprint: string): Promise<string | undefined> {
  return (await findCertificate(openDb(env.DB), fingerprint))?.deviceId ?? undefined;
}

export async function policyOf(env: Env, now: number): Promise<DevicePolicy> {
  // Checking the settings needs a library that the path of an enrolled device must not load.
  const { loadSettings } = await import("../../admin/settings.ts");
  const settings = await loadSettings(env, now);
  return {
    graceMs: settings.identity_grace_days * day,
    overlapMs: settings.identity_overlap_days * day,
    allowReplacement: settings.allow_replacement,
    serialConflict: settings.serial_conflict,
    userChannels: settings.user_channels_per_device,
    unknownDevice: settings.unknown_device,
    userAuthenticate: settings.user_authenticate,
    returnToService: settings.return_to_service
      ? { wifiProfile: fromBase64(settings.return_to_service_wifi_profile ?? "") }
      : null,
  };
}

type Reason = { reason: string; detail: string };

async function issuedIdentity(
  env: Env,
  { certificate, fingerprint }: ProvenIdentity,
  now: number,
): Promise<Result<VerifiedIdentity, Reason>> {
  const whole = certificate ?? (await recordedCertificate(env, fingerprint));
  if (whole === undefined) {
    return refuse({
      reason: "unknown-certificate",
      detail: `this server issued no certificate ${fingerprint}`,
    });
  }
  const issued = await verifyIssued(env, whole, now);
  return issued.ok ? ok(identityOf(issued.value)) : refuse(whyNot(issued.refusal));
}

export async function listedDevice(env: Env, deviceId: string): Promise<ListedDevice | undefined> {
  const { device, channels, identities, grant } = await findListed(openDb(env.DB), deviceId);
  if (device === undefined) return undefined;
  const { state, kind, generation } = device;
  return {
    state,
    kind,
    generation,
    // A device may have enrolled in another way since.
    grant: kind === "user" || kind === "account_device" ? grant : undefined,
    proven: device.proven,
    attestation: device.attestation ?? undefined,
    facts: withoutNulls({
      DeviceName: device.name,
      ModelName: device.modelName,
      Model: device.model,
      OSVersion: device.osVersion,
      BuildVersion: device.build,
      ProductName: device.productName,
      SerialNumber: device.serial,
      IMEI: device.imei,
      MEID: device.meid,
    }),
    identities: identities.flatMap(rememberedIdentity),
    channels: channels.map(({ topic, ...channel }) => ({ ...channel, ...(topic === null ? {} : { topic }) })),
  };
}

const rememberedIdentity = ({ standing, ...row }: CertificateRow): Identity[] =>
  standing === null
    ? []
    : [
        {
          ...standing,
          fingerprint: row.fingerprint,
          notAfter: row.notAfter,
          revokedAt: row.revokedAt,
          revokedFor: row.reason,
          renewalOf: row.renewalOf?.fingerprint ?? null,
        },
      ];

const withoutNulls = (facts: { [K in keyof DeviceFacts]: string | null }): DeviceFacts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));

async function recordedCertificate(env: Env, fingerprint: string): Promise<Certificate | undefined> {
  const row = await findCertificate(openDb(env.DB), fingerprint);
  const der = row && fromBase64(row.der);
  const parsed = der && parseCertificate(der);
  return parsed?.ok ? parsed.value : undefined;
}

const identityOf = (issued: IssuedIdentity): VerifiedIdentity => ({
  fingerprint: issued.fingerprint,
  notAfter: issued.notAfter,
  issuedFor: issued.issuedFor,
  renewalOf: issued.renewalOf,
  claimedBy: issued.claimedBy,
  hasServed: issued.hasServed,
  terms: issued.enrollment,
  attestation: issued.attestation,
  ...(issued.how === "import" && { isForeign: true }),
});

function whyNot(refusal: IssuedRefusal): Reason {
  switch (refusal.reason) {
    case "untrusted":
      return { reason: "untrusted", detail: "no authority of this server issued the certificate" };
    case "not-yet-valid":
      return { reason: "not-yet-valid", detail: `valid from ${new Date(refusal.notBefore).toISOString()}` };
    case "expired":
      return { reason: "expired", detail: `expired on ${new Date(refusal.notAfter).toISOString()}` };
    case "revoked":
      return { reason: "revoked", detail: `revoked on ${new Date(refusal.revokedAt).toISOString()}` };
    case "other-use":
      return {
        reason: "untrusted",
        detail: `the certificate is no identity of a device: it was issued for ${refusal.use}`,
      };
    case "serial-taken":
      return {
        reason: "untrusted",
        detail: `its authority gave serial ${refusal.serial} to another certificate`,
      };
  }
}
