import type { DeviceAttestation } from "../acme/attested-facts.ts";
import { type Bytes, sha256, toBase64, toHex } from "../base/bytes.ts";
import { type CertificateRow, findByIssueKey, recordCertificate } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import type { CertificateUse, IdentityPurpose, IssuedFor, RenewalOf } from "../db/schema/certificates.ts";
import type { AltName } from "../pki/alt-names.ts";
import type { KeyUsage } from "../pki/certificate.ts";
import { issueLeaf, serialFrom } from "../pki/issue.ts";
import { keyShape } from "../pki/keys.ts";
import { fingerprint, parseCertificate } from "../pki/parse-certificate.ts";
import { type Authority, credentialOf } from "./authority.ts";

/**
 * Issues an identity for any protocol, and records it before it is sent.
 *
 * Two requests with one issue key may run at the same time: both sign, the first row stays, and both answer with it. The
 * other certificate was never sent to anyone.
 */
export type IdentityOrder = {
  /** Name, DER. */
  subject: Bytes;
  spki: Bytes;
  altNames?: readonly AltName[];
  lifetimeMs: number;
  purpose: IdentityPurpose;
  issuedFor: IssuedFor | undefined;
  renewalOf: RenewalOf | undefined;
  how: "scep" | "acme";
  attestation?: DeviceAttestation | undefined;
  /** Repeated calls return the same certificate; undefined: a new one each time. */
  issueKey: string | undefined;
  /** Known to be the first with its key, so no earlier answer is searched. */
  isFirst?: boolean;
  challengeId: string | undefined;
  transactionId: string | undefined;
  /** Absent: it is an identity. */
  use?: CertificateUse & { deviceId: string; renewAt: number };
};

export async function issueIdentity(
  env: Env,
  authority: Authority,
  order: IdentityOrder,
  now: number,
): Promise<CertificateRow> {
  const db = openDb(env.DB);
  const { issueKey, isFirst = false, use } = order;
  const earlier = issueKey === undefined || isFirst ? undefined : await findByIssueKey(db, issueKey);
  if (earlier) return earlier;
  const { subject, spki, altNames = [], lifetimeMs } = order;
  const serial = serialFrom(crypto.getRandomValues(new Uint8Array(16)));
  const keyUsage = usagesFor(spki);
  const leaf = { serial, subject, spki, altNames, lifetimeMs, now, keyUsage };
  const der = await issueLeaf(leaf, await credentialOf(env, authority));
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(`issued a certificate that cannot be read: ${parsed.refusal.detail}`);
  const certificate = parsed.value;
  return recordCertificate(db, {
    fingerprint: await fingerprint(der),
    authorityId: authority.id,
    serial: certificate.serial,
    subject: certificate.subjectText,
    // An identity is claimed by the first device that uses it.
    deviceId: use?.deviceId ?? null,
    issuedFor: order.issuedFor ?? null,
    challengeId: order.challengeId ?? null,
    purpose: order.purpose,
    renewalOf: order.renewalOf ?? null,
    how: order.how,
    issueKey: issueKey ?? null,
    transactionId: order.transactionId ?? null,
    spkiHash: toHex(await sha256(spki)),
    use: use ? kept(use) : null,
    renewAt: use?.renewAt ?? null,
    attestation: order.attestation ?? null,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuedAt: now,
    revokedAt: null,
    reason: null,
    standing: null,
    standingSeq: 0,
    der: toBase64(der),
  });
}

const kept = ({ name, declaration, userId, generation }: CertificateUse): CertificateUse => ({
  name,
  declaration,
  userId,
  generation,
});

/** Nothing can be encrypted to a key on an elliptic curve. */
function usagesFor(spki: Bytes): readonly KeyUsage[] {
  const shape = keyShape(spki);
  return shape.ok && shape.value.kind === "ec"
    ? ["digitalSignature"]
    : ["digitalSignature", "keyEncipherment"];
}
