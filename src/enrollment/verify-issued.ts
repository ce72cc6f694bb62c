import type { DeviceAttestation } from "../acme/attested-facts.ts";
import { sha256, toBase64, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { day } from "../base/time.ts";
import {
  type CertificateRow,
  claimForDevice,
  findIssuance,
  type IssuanceRow,
  recordCertificate,
} from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import type { IdentityPurpose, IssuedFor } from "../db/schema/certificates.ts";
import type { ChallengeEnrollment } from "../db/schema/challenges.ts";
import type { Certificate } from "../pki/certificate.ts";
import { fingerprint } from "../pki/parse-certificate.ts";
import { type Anchored, findAnchor, type NotAnchored } from "./anchor.ts";
import { loadAuthorities } from "./authority.ts";
import { markedUse } from "./uses/subject.ts";

/**
 * Whether a certificate is from one of our own or trusted authorities, and its record: who it was issued for, what it
 * renews, which device uses it.
 *
 * Leaves to others: the proof that the caller has its key (`mdm/identify`), and the decisions about the device
 * (`device/identity/enrollment-state`).
 *
 * The record is read each time, because this is called when a certificate is about to get new rights, and one that was
 * just revoked must not get them.
 */
export type IssuedIdentity = {
  fingerprint: string;
  authorityId: string;
  notAfter: number;
  purpose: IdentityPurpose;
  how: CertificateRow["how"];
  /** What Apple attested about its key and device. */
  attestation: DeviceAttestation | undefined;
  /** undefined if nothing is known, for example for certificates from a former MDM. */
  issuedFor: IssuedFor | undefined;
  renewalOf: { deviceId: string; fingerprint?: string } | undefined;
  /** The device that has claimed it; no other device can use it. */
  claimedBy: string | undefined;
  /** A device has used it, according to its object's reports. */
  hasServed: boolean;
  challengeId: string | undefined;
  /** The terms of its challenge: the kind of enrollment and the MDM payload keys of the profile. */
  enrollment: ChallengeEnrollment | undefined;
};

export type IssuedRefusal =
  | NotAnchored
  | { reason: "not-yet-valid"; notBefore: number }
  /** All other checks passed: `issued` distinguishes a late renewal from a stranger. */
  | { reason: "expired"; notAfter: number; issued: IssuedIdentity | undefined }
  | { reason: "revoked"; revokedAt: number }
  /** It was issued for something else, such as a Wi-Fi network. */
  | { reason: "other-use"; use: string }
  /** Another certificate has this serial from this authority: a fault of the authority, or two encodings of one certificate. */
  | { reason: "serial-taken"; serial: string };

/** Clocks of new devices are wrong, and some authorities do not back-date. The end has its own grace elsewhere. */
const clockSkewMs = day;

export async function verifyIssued(
  env: Env,
  certificate: Certificate,
  now: number,
  intermediates: readonly Certificate[] = [],
): Promise<Result<IssuedIdentity, IssuedRefusal>> {
  const name = await fingerprint(certificate.der);
  const authorities = await loadAuthorities(env, now);
  const anchored = await findAnchor({ certificate, fingerprint: name }, authorities, intermediates);
  if (!anchored.ok) return anchored;
  // Also if its record was lost, for example because an old backup was restored.
  const use = markedUse(certificate.subject);
  if (use !== undefined) return refuse({ reason: "other-use", use });
  const issuance = await findIssuance(openDb(env.DB), name);
  if (issuance && issuance.certificate.revokedAt !== null)
    return refuse({ reason: "revoked", revokedAt: issuance.certificate.revokedAt });
  const otherUse = issuance?.certificate.use;
  if (otherUse) return refuse({ reason: "other-use", use: otherUse.name });
  const { certificate: row, enrollment } =
    issuance ?? (await recordForeign(env, certificate, anchored.value, now));
  // From an ECDSA signature anybody can make a second valid one, and so give a revoked or claimed certificate another
  // fingerprint. The serial stays the same.
  if (row.fingerprint !== name) return refuse({ reason: "serial-taken", serial: row.serial });
  const issued = vouchedBy(row, enrollment);
  return outOfTime(certificate, now, issued) ?? ok(issued);
}

/** True only for the first device that claims a certificate, and again for the same device. */
export async function claimCertificate(env: Env, name: string, deviceId: string): Promise<boolean> {
  return claimForDevice(openDb(env.DB), name, deviceId);
}

function outOfTime(
  { notBefore, notAfter }: Certificate,
  now: number,
  issued?: IssuedIdentity,
): { ok: false; refusal: IssuedRefusal } | undefined {
  if (notBefore > now + clockSkewMs) return refuse({ reason: "not-yet-valid", notBefore });
  return notAfter > now ? undefined : refuse({ reason: "expired", notAfter, issued });
}

/** A certificate from another authority gets its row at its first use, so that it can be claimed and revoked. */
async function recordForeign(
  env: Env,
  certificate: Certificate,
  { fingerprint: name, authority }: Anchored,
  now: number,
): Promise<IssuanceRow> {
  const row = await recordCertificate(openDb(env.DB), {
    fingerprint: name,
    authorityId: authority.id,
    serial: certificate.serial,
    subject: certificate.subjectText,
    deviceId: null,
    issuedFor: null,
    challengeId: null,
    purpose: "enrollment",
    renewalOf: null,
    how: "import",
    issueKey: null,
    transactionId: null,
    spkiHash: toHex(await sha256(certificate.spki)),
    use: null,
    renewAt: null,
    attestation: null,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuedAt: now,
    revokedAt: null,
    reason: null,
    standing: null,
    standingSeq: 0,
    der: toBase64(certificate.der),
  });
  return { certificate: row, enrollment: null };
}

function vouchedBy(row: CertificateRow, enrollment: ChallengeEnrollment | null): IssuedIdentity {
  const { deviceId: renewed, fingerprint: previous } = row.renewalOf ?? {};
  return {
    fingerprint: row.fingerprint,
    authorityId: row.authorityId,
    notAfter: row.notAfter,
    purpose: row.purpose,
    how: row.how,
    attestation: row.attestation ?? undefined,
    issuedFor: row.issuedFor ?? undefined,
    renewalOf:
      renewed === undefined ? undefined : { deviceId: renewed, ...(previous && { fingerprint: previous }) },
    claimedBy: row.deviceId ?? undefined,
    hasServed: row.standing !== null,
    challengeId: row.challengeId ?? undefined,
    enrollment: enrollment ?? undefined,
  };
}
