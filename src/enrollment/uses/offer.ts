import { type Bytes, sha256, toBase64Url, toHex, utf8 } from "../../base/bytes.ts";
import { day } from "../../base/time.ts";
import { renewChallenge } from "../../db/challenges.ts";
import { openDb } from "../../db/open.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import type { UseCertificate } from "../../db/use-certificates.ts";
import { canonicalJson } from "../../declarations/canonical-json.ts";
import { derivedSecrets } from "../../pki/seal.ts";
import { clientIdentifierContext } from "../../pki/seal-contexts.ts";
import { challengeId } from "../challenges.ts";
import { documentOf } from "./document.ts";
import type { UseOffer } from "./terms.ts";

/**
 * Documents that make a device get a certificate that is not an identity, with their one-time client identifiers.
 *
 * An identifier follows from the master key and from everything that the certificate depends on: the device, its
 * enrollment, the asset, the terms, and the certificate to be replaced. So a document can be made any number of times and
 * stays the same until another certificate is due, and nothing is stored before the device fetches it.
 */
export type Holder = { deviceId: string; kind: string; serial: string | undefined };

export type UseDocument = { bytes: Bytes; sha256: string; identifier: string; replaces: string };

/** The document that the device should have now. */
export async function presentDocument(
  env: Env,
  offer: UseOffer,
  { deviceId }: Holder,
  origin: string,
  newest: UseCertificate | undefined,
  now: number,
): Promise<UseDocument> {
  const made = await documents(env, offer, deviceId, origin, replacedBy(newest, now));
  const names = await Promise.all(made.map(({ identifier }) => challengeId(identifier)));
  // A new master key does not make every device get another certificate.
  const document = made.find((_, at) => names[at] === newest?.challengeId) ?? made[0];
  if (!document) throw new Error("no master key");
  return document;
}

/**
 * The document with this hash, if the device may have it, after its identifier was made valid: for the device that has
 * just been told of it, also if another certificate became due in the meantime.
 */
export async function serveDocument(
  env: Env,
  offer: UseOffer,
  holder: Holder,
  origin: string,
  newest: UseCertificate | undefined,
  digest: string,
  now: number,
): Promise<Bytes | undefined> {
  const replaceable = new Set([
    newest?.renewalOf?.fingerprint ?? "",
    ...(newest ? [newest.fingerprint] : []),
  ]);
  for (const replaces of replaceable) {
    const made = await documents(env, offer, holder.deviceId, origin, replaces);
    const asked = made.find(({ sha256 }) => sha256 === digest);
    if (!asked) continue;
    await promise(env, offer, holder, asked, now);
    return asked.bytes;
  }
  return undefined;
}

/** The fingerprint of the certificate in whose place the device should get another one; empty: it is to be the first. */
function replacedBy(newest: UseCertificate | undefined, now: number): string {
  if (!newest) return "";
  const { fingerprint, revokedAt, notAfter, renewAt, renewalOf } = newest;
  const isDue = revokedAt !== null || notAfter <= now || (renewAt !== null && renewAt <= now);
  return isDue ? fingerprint : (renewalOf?.fingerprint ?? "");
}

/** Under each master key: the present one first. */
async function documents(
  env: Env,
  offer: UseOffer,
  deviceId: string,
  origin: string,
  replaces: string,
): Promise<UseDocument[]> {
  const { renewalMs: _, ...terms } = offer.terms;
  const secrets = await derivedSecrets(
    await sealingKeys(env),
    clientIdentifierContext(deviceId, replaces, canonicalJson([terms, offer.attestation, origin])),
  );
  return Promise.all(
    secrets.map(async (secret) => {
      const identifier = toBase64Url(secret);
      const bytes = utf8(JSON.stringify(documentOf(offer, origin, identifier)));
      return { bytes, sha256: toHex(await sha256(bytes)), identifier, replaces };
    }),
  );
}

/** A device fetches the document again when it tries again later. */
const validMs = day;

async function promise(
  env: Env,
  { terms, attestation }: UseOffer,
  { deviceId, kind, serial }: Holder,
  { identifier, replaces }: UseDocument,
  now: number,
): Promise<void> {
  await renewChallenge(openDb(env.DB), {
    id: await challengeId(identifier),
    purpose: "use",
    issuedFor: { deviceId, ...(serial !== undefined && { serial }) },
    renewalOf: replaces === "" ? null : { deviceId, fingerprint: replaces },
    enrollment: { kind, attestation: attestation === "none" ? "preferred" : attestation, use: terms },
    createdAt: now,
    expiresAt: now + validMs,
  });
}
