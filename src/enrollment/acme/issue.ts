import type { CheckedRequest } from "../../acme/certificate-request.ts";
import type { IssuedCertificate, Order } from "../../acme/order.ts";
import { type AcmeRefusal, acmeRefusal } from "../../acme/problem.ts";
import { type Bytes, fromBase64 } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import { day } from "../../base/time.ts";
import { isKeyKnown } from "../../db/certificates.ts";
import { openDb } from "../../db/open.ts";
import type { IssuedFor } from "../../db/schema/certificates.ts";
import { commonName } from "../../pki/names.ts";
import { toPem } from "../../pki/pem.ts";
import { type Authority, issuingAuthority, loadAuthorities } from "../authority.ts";
import { challengeId, takeChallenge } from "../challenges.ts";
import { issueIdentity } from "../identity.ts";
import { issuedForWith, promisedBy } from "./promise.ts";

/**
 * Issues the identity of a ready order, in the same way as SCEP: this key uses up the client identifier, and repeated
 * requests get the same certificate. Before this, nothing about the order is in D1.
 */
export async function issueFor(
  env: Env,
  order: Order,
  request: CheckedRequest,
  now: number,
): Promise<Result<IssuedCertificate, AcmeRefusal>> {
  const db = openDb(env.DB);
  const authority = issuingAuthority(await loadAuthorities(env, now));
  if (!authority) return acmeRefusal("serverInternal", "no authority issues identities yet");
  const { spki, spkiHash } = request;
  // Checked before the identifier is used up, so that another request can still use it.
  if (order.key && (await isKeyKnown(db, spkiHash, await challengeId(order.identifier))))
    return acmeRefusal("badCSR", "its key was already certified for another enrollment");
  const row = await takeChallenge(db, order.identifier, spkiHash, now, "acme");
  if (!row)
    return acmeRefusal("unauthorized", "the client identifier has expired, or another key has used it");
  const issuedFor = issuedForWith(promisedBy(row), order.key?.facts);
  const issued = await issueIdentity(
    env,
    authority,
    {
      subject: subjectOf(request, issuedFor),
      spki,
      lifetimeMs: await identityLifetimeMs(env, now),
      purpose: row.purpose,
      issuedFor,
      renewalOf: row.renewalOf ?? undefined,
      how: "acme",
      attestation: order.key && { by: "acme", madeAt: order.key.madeAt, facts: order.key.facts },
      issueKey: `challenge:${row.id}`,
      isFirst: row.uses === 1,
      challengeId: row.id,
      transactionId: undefined,
    },
    now,
  );
  if (issued.revokedAt !== null) return acmeRefusal("unauthorized", "its certificate was revoked");
  return ok({ fingerprint: issued.fingerprint, pem: chainOf(storedDer(issued.der), authority) });
}

/** The leaf first: Apple's client uses the first certificate with its key. */
const chainOf = (leaf: Bytes, { certificate, chain }: Authority): string =>
  [leaf, certificate.der, ...chain].map((der) => toPem("CERTIFICATE", der)).join("");

const emptyName = 2;

/** Only a label, as in SCEP: the record says who an identity is for. */
function subjectOf(
  { subject }: CheckedRequest,
  { serial, udid, account, deviceId, attested }: IssuedFor,
): Bytes {
  if (subject.length > emptyName) return subject;
  return commonName(attested?.serial ?? serial ?? udid ?? deviceId ?? account ?? "device");
}

/** Checking the settings needs a library that nothing else of an order needs. */
async function identityLifetimeMs(env: Env, now: number): Promise<number> {
  const { loadSettings } = await import("../../admin/settings.ts");
  return (await loadSettings(env, now)).identity_validity_days * day;
}

function storedDer(text: string): Bytes {
  const der = fromBase64(text);
  if (!der) throw new Error("a stored certificate is not base64");
  return der;
}
