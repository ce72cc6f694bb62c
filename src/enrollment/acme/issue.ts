import type { CheckedRequest } from "../../acme/certificate-request.ts";
import type { IssuedCertificate, Order } from "../../acme/order.ts";
import { type AcmeRefusal, acmeRefusal } from "../../acme/problem.ts";
import { type Bytes, fromBase64 } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import { isKeyKnown } from "../../db/certificates.ts";
import { openDb } from "../../db/open.ts";
import { toPem } from "../../pki/pem.ts";
import { type Authority, issuingAuthority, loadAuthorities } from "../authority.ts";
import { challengeId, takeChallenge } from "../challenges.ts";
import { type IdentityOrder, issueIdentity } from "../identity.ts";
import { obstacleToUse, termsOfUse } from "../uses/issue.ts";
import { termsOfIdentity } from "./identity-terms.ts";
import { issuedForWith, type Promised, promisedBy } from "./promise.ts";

/**
 * Issues the certificate of a ready order, in the same way as SCEP: this key uses up the client identifier, and repeated
 * requests get the same certificate. Before this, nothing about the order is in D1.
 */
export async function issueFor(
  env: Env,
  { order, promised }: { order: Order; promised: Promised },
  request: CheckedRequest,
  now: number,
): Promise<Result<IssuedCertificate, AcmeRefusal>> {
  const db = openDb(env.DB);
  const authority = authorityFor(promised, await loadAuthorities(env, now));
  if (!authority) return acmeRefusal("serverInternal", "no authority issues these certificates");
  const { spki, spkiHash } = request;
  // Checked before the identifier is used up, so that another request can still use it.
  const obstacle = await obstacleToUse(env, promised, spki);
  if (obstacle) return { ok: false, refusal: obstacle };
  if (order.key && (await isKeyKnown(db, spkiHash, await challengeId(order.identifier))))
    return acmeRefusal("badCSR", "its key was already certified for another enrollment");
  const row = await takeChallenge(db, order.identifier, spkiHash, now, "acme");
  if (!row)
    return acmeRefusal("unauthorized", "the client identifier has expired, or another key has used it");
  const issuedFor = issuedForWith(promisedBy(row), order.key?.facts);
  const use = row.enrollment?.use;
  const terms = use ? termsOfUse(use, issuedFor, now) : await termsOfIdentity(env, request, issuedFor, now);
  const ordered: IdentityOrder = {
    ...terms,
    spki,
    purpose: row.purpose,
    issuedFor,
    renewalOf: row.renewalOf ?? undefined,
    how: "acme",
    attestation: order.key && { by: "acme", madeAt: order.key.madeAt, facts: order.key.facts },
    issueKey: `challenge:${row.id}`,
    isFirst: row.uses === 1,
    challengeId: row.id,
    transactionId: undefined,
  };
  const issued = await issueIdentity(env, authority, ordered, now);
  if (issued.revokedAt !== null) return acmeRefusal("unauthorized", "its certificate was revoked");
  return ok({ fingerprint: issued.fingerprint, pem: chainOf(storedDer(issued.der), authority) });
}

function authorityFor({ use }: Promised, authorities: readonly Authority[]): Authority | undefined {
  if (use?.authority === undefined) return issuingAuthority(authorities);
  return authorities.find(({ id, sealedKey }) => id === use.authority && sealedKey !== null);
}

/** The leaf first: Apple's client uses the first certificate with its key. */
const chainOf = (leaf: Bytes, { certificate, chain }: Authority): string =>
  [leaf, certificate.der, ...chain].map((der) => toPem("CERTIFICATE", der)).join("");

function storedDer(text: string): Bytes {
  const der = fromBase64(text);
  if (!der) throw new Error("a stored certificate is not base64");
  return der;
}
