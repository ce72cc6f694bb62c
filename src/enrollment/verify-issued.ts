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

/**
 * Whether a certificate is one of ours, or of an authority we trust, and what is known of it: whom it was issued for,
 * what it renews, which device uses it.
 *
 * Leaves to others: the proof that the caller holds its key (`mdm/identify`), and what follows for a device
 * (`device/identity/enrollment-state`): here nothing is decided about devices.
 *
 * The record is asked for each time: this is asked when a certificate is about to gain something, and what was taken back a
 * moment ago must not.
 */
export type IssuedIdentity = {
  fingerprint: string;
  authorityId: string;
  notAfter: number;
  purpose: IdentityPurpose;
  how: CertificateRow["how"];
  /** What Apple attested of its key and device. */
  attestation: DeviceAttestation | undefined;
  /** undefined when nothing is known, as of certificates that a former MDM issued. */
  issuedFor: IssuedFor | undefined;
  renewalOf: { deviceId: string; fingerprint?: string } | undefined;
  /** The device that has claimed it; it serves no other. */
  claimedBy: string | undefined;
  /** A device has been served by it, as far as its object has told. */
  hasServed: boolean;
  challengeId: string | undefined;
  /** What its challenge promised: the kind of enrollment and the MDM payload keys of the profile. */
  enrollment: ChallengeEnrollment | undefined;
};

export type IssuedRefusal =
  | NotAnchored
  | { reason: "not-yet-valid"; notBefore: number }
  /** All else holds: who renews late is told apart from strangers by `issued`. */
  | { reason: "expired"; notAfter: number; issued: IssuedIdentity | undefined }
  | { reason: "revoked"; revokedAt: number }
  /** Another certificate has this serial of this authority: a fault of theirs, or one certificate spelled in two ways. */
  | { reason: "serial-taken"; serial: string };

/** Clocks of fresh devices are wrong, and some authorities do not back-date. Expiry has a grace of its own elsewhere. */
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
  const issuance = await findIssuance(openDb(env.DB), name);
  if (issuance && issuance.certificate.revokedAt !== null)
    return refuse({ reason: "revoked", revokedAt: issuance.certificate.revokedAt });
  const { certificate: row, enrollment } =
    issuance ?? (await recordForeign(env, certificate, anchored.value, now));
  // Anybody can turn an ECDSA signature into a second one that holds as well, and so give a certificate, revoked or
  // claimed, another fingerprint. Its serial stays.
  if (row.fingerprint !== name) return refuse({ reason: "serial-taken", serial: row.serial });
  const issued = vouchedBy(row, enrollment);
  return outOfTime(certificate, now, issued) ?? ok(issued);
}

/** True only for the first device that claims a certificate, and for the same device again. */
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

/** A certificate that somebody else's authority issued gets its row when it is first seen, so that it can be claimed and revoked. */
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
