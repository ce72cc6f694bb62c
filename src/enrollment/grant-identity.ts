import { type Bytes, fromBase64, sameSecret, sha256, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { CertificateRow } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import type { IssuedFor } from "../db/schema/certificates.ts";
import type { CertificateRequest } from "../pki/csr.ts";
import { reading } from "../pki/der/malformed.ts";
import { parseDer } from "../pki/der/parse.ts";
import { keyShape } from "../pki/keys.ts";
import { commonName } from "../pki/names.ts";
import type { Granted } from "../scep/reply.ts";
import type { ScepRequest } from "../scep/request.ts";
import type { FailInfo } from "../scep/vocabulary.ts";
import { alternativeNames, namesOf } from "./alternative-names.ts";
import type { Authority } from "./authority.ts";
import { takeChallenge } from "./challenges.ts";
import { type IdentityOrder, issueIdentity } from "./identity.ts";
import { verifyIssued } from "./verify-issued.ts";

/**
 * Who gets an identity by SCEP: a request with a one-time challenge, or one that is signed with the identity to be renewed,
 * if the device's object accepts that identity.
 *
 * The subject of the request is copied: it is only a label, and the server never reads it back. The record of an identity
 * says who it is for, from the challenge.
 *
 * One surprise: certmonger renews with a PKCSReq, signed by the old identity and without a challenge; others still send
 * the challenge that was used. Apple devices never renew by themselves: they get a profile with a new challenge.
 */
/** What a decision depends on besides the request. */
export type ScepContext = {
  env: Env;
  now: number;
  legacyCiphers: boolean;
  staticChallenge: string | null;
  identityLifetimeMs: number;
  /** How many renewals a device may request by itself. */
  renewalsPerDay: number;
};

export type IdentityRequest = { request: ScepRequest; authority: Authority; csr: CertificateRequest };

export type GrantRefusal = { failInfo: FailInfo; detail: string };

const smallestRsaBits = 2048;
const largestRsaBits = 4096;
const longestSubject = 1024;
const emptyName = 2;

export async function grantIdentity(
  context: ScepContext,
  petition: IdentityRequest,
): Promise<Result<Granted, GrantRefusal>> {
  const unfit = unfitRequest(petition.csr);
  if (unfit) return refused(unfit);
  const spkiHash = toHex(await sha256(petition.csr.spki));
  const ordered = await orderFor(context, petition, spkiHash);
  if (!ordered.ok) return ordered;
  const row = await issueIdentity(context.env, petition.authority, ordered.value, context.now);
  // A repeated request gets the first answer, unless that certificate was revoked in the meantime.
  return row.revokedAt === null ? ok({ certificate: derOf(row) }) : refused("its certificate was revoked");
}

function unfitRequest({ spki, subject }: CertificateRequest): string | undefined {
  const shape = keyShape(spki);
  if (!shape.ok) return shape.refusal.detail;
  if (shape.value.kind !== "rsa") return "the key is not RSA";
  const { bits } = shape.value;
  if (bits < smallestRsaBits || bits > largestRsaBits) return `an RSA key of ${bits} bits`;
  if (subject.length > longestSubject) return `a subject of ${subject.length} bytes`;
  // Requests are read as BER, but a certificate must contain DER.
  const strict = reading(() => ok(parseDer(subject)));
  return strict.ok ? undefined : `subject: ${strict.refusal.detail}`;
}

function orderFor(
  context: ScepContext,
  petition: IdentityRequest,
  spkiHash: string,
): Promise<Result<IdentityOrder, GrantRefusal>> {
  const { request, csr } = petition;
  return request.type === "RenewalReq" || csr.challengePassword === undefined
    ? renewal(context, petition, spkiHash)
    : enrolment(context, petition, csr.challengePassword, spkiHash);
}

async function enrolment(
  context: ScepContext,
  petition: IdentityRequest,
  challenge: string,
  spkiHash: string,
): Promise<Result<IdentityOrder, GrantRefusal>> {
  const { env, now, staticChallenge } = context;
  const common = commonOrder(context, petition);
  const byIdentity = () =>
    isSelfSigned(petition.request) ? undefined : renewal(context, petition, spkiHash);
  if (staticChallenge !== null && (await sameSecret(challenge, staticChallenge))) {
    const renewed = await byIdentity();
    return renewed?.ok
      ? renewed
      : ok({ ...common, subject: subjectOf(petition.csr, {}), purpose: "enrollment" });
  }
  const row = await takeChallenge(openDb(env.DB), challenge, spkiHash, now);
  // Clients keep the challenge of their first request, and send it with each renewal.
  if (!row)
    return (
      (await byIdentity()) ?? refused("the challenge is unknown, has expired, or another key has used it")
    );
  const { deviceId, fingerprint } = row.renewalOf ?? {};
  if (deviceId !== undefined && fingerprint !== undefined) {
    const admitted = await admit(env, deviceId, fingerprint, spkiHash, null);
    if (!admitted.ok) return admitted;
  }
  return ok({
    ...common,
    subject: subjectOf(petition.csr, row.issuedFor),
    altNames: alternativeNames(petition.csr, row.enrollment?.altNames),
    purpose: row.purpose,
    issuedFor: row.issuedFor,
    renewalOf: row.renewalOf ?? undefined,
    issueKey: `challenge:${row.id}`,
    isFirst: row.uses === 1,
    challengeId: row.id,
  });
}

async function renewal(
  context: ScepContext,
  petition: IdentityRequest,
  spkiHash: string,
): Promise<Result<IdentityOrder, GrantRefusal>> {
  const { request, csr } = petition;
  const vouched = await verifyIssued(context.env, request.signer, context.now);
  if (!vouched.ok)
    return refused(`no challenge, and the signer is not an accepted identity: ${vouched.refusal.reason}`);
  // The attested key cannot leave its device: the next key must be attested as well.
  if (vouched.value.how === "acme") return refused("an identity from ACME can only be renewed by ACME");
  if (Buffer.compare(csr.subject, request.signer.subject) !== 0)
    return refused("the renewal has another subject than the identity that signed it");
  const { fingerprint, claimedBy: deviceId, issuedFor, challengeId } = vouched.value;
  if (deviceId === undefined) return refused("the signer's identity has not been used by any device");
  const admitted = await admit(context.env, deviceId, fingerprint, spkiHash, context.renewalsPerDay);
  if (!admitted.ok) return admitted;
  // An administrator gave these rights to one identity only.
  const { replaces: _, ...known } = issuedFor ?? {};
  return ok({
    ...commonOrder(context, petition),
    subject: request.signer.subject,
    altNames: namesOf(request.signer),
    purpose: "renewal",
    issuedFor: issuedFor && known,
    renewalOf: { deviceId, fingerprint },
    issueKey: `renewal:${fingerprint}:${spkiHash}`,
    challengeId,
  });
}

/** Only the device's own object knows which identities it accepts now. */
async function admit(
  env: Env,
  deviceId: string,
  fingerprint: string,
  spkiHash: string,
  perDay: number | null,
): Promise<Result<"granted", GrantRefusal>> {
  const admitted = await env.DEVICE.getByName(deviceId).admitRenewal({ fingerprint, spkiHash, perDay });
  return admitted.ok ? admitted : refused(`${admitted.refusal.reason}: ${admitted.refusal.detail}`);
}

/** As Apple devices and most others sign a first request; one signed with an identity asks for another like it. */
const isSelfSigned = ({ signer }: ScepRequest): boolean =>
  Buffer.compare(signer.issuer, signer.subject) === 0;

const commonOrder = (
  { identityLifetimeMs }: ScepContext,
  { request, csr }: IdentityRequest,
): Omit<IdentityOrder, "subject" | "purpose"> => ({
  spki: csr.spki,
  lifetimeMs: identityLifetimeMs,
  issuedFor: undefined,
  renewalOf: undefined,
  how: "scep",
  issueKey: undefined,
  challengeId: undefined,
  transactionId: request.transactionID,
});

function subjectOf({ subject }: CertificateRequest, { serial, udid, account, deviceId }: IssuedFor): Bytes {
  if (subject.length > emptyName) return subject;
  return commonName(serial ?? udid ?? deviceId ?? account ?? "device");
}

function derOf(row: CertificateRow): Bytes {
  const der = fromBase64(row.der);
  if (!der) throw new Error(`certificate ${row.fingerprint} is not stored as base64`);
  return der;
}

const refused = (detail: string): { ok: false; refusal: GrantRefusal } =>
  refuse({ failInfo: "badRequest", detail });
