import { sha256, toBase64Url, toHex, utf8 } from "../base/bytes.ts";
import { day } from "../base/time.ts";
import {
  type ChallengeRow,
  consumeChallenge,
  findChallenge,
  findClientIdentifier,
  insertChallenge,
} from "../db/challenges.ts";
import type { Db } from "../db/open.ts";
import type { IdentityPurpose, IssuedFor, RenewalOf } from "../db/schema/certificates.ts";
import type { ChallengeEnrollment } from "../db/schema/challenges.ts";

/**
 * One-time challenges: the link between a profile for one device or person and the identity requested with it. In a SCEP
 * payload it is the Challenge, in an ACME payload the ClientIdentifier.
 *
 * The challenge is 24 random bytes and is only in the profile; D1 has its hash. The first key that presents it uses it
 * up. Devices repeat a request whose answer was lost, so the same key may present it again for a while.
 */
export type ChallengeInput = {
  issuedFor: IssuedFor;
  purpose: IdentityPurpose;
  renewalOf?: RenewalOf;
  enrollment?: ChallengeEnrollment;
  lifetimeMs: number;
};

export type MintedChallenge = { challenge: string; expiresAt: number };

const retryWindowMs = day;
const keptUnusedMs = 7 * day;
/** Characters that a PrintableString in a profile and a request can have. */
const longestChallenge = 255;

export async function mintChallenge(db: Db, input: ChallengeInput, now: number): Promise<MintedChallenge> {
  const challenge = toBase64Url(crypto.getRandomValues(new Uint8Array(24)));
  const expiresAt = now + input.lifetimeMs;
  const row = {
    id: await challengeId(challenge),
    purpose: input.purpose,
    issuedFor: input.issuedFor,
    renewalOf: input.renewalOf ?? null,
    enrollment: input.enrollment ?? null,
    createdAt: now,
    expiresAt,
  };
  await insertChallenge(db, row, now - keptUnusedMs);
  return { challenge, expiresAt };
}

/** undefined gives no reason: unknown, expired and used challenges get the same answer. */
export async function takeChallenge(
  db: Db,
  challenge: string,
  spkiHash: string,
  now: number,
  way: "scep" | "acme" = "scep",
): Promise<ChallengeRow | undefined> {
  if (challenge.length > longestChallenge) return undefined;
  return consumeChallenge(db, await challengeId(challenge), spkiHash, now, now - retryWindowMs, way);
}

/** The terms of a challenge, used or not. */
export const readEnrollment = async (db: Db, challenge: string): Promise<ChallengeEnrollment | undefined> =>
  (await findChallenge(db, await challengeId(challenge)))?.enrollment ?? undefined;

/** Whether a key has used it. */
export const readIsUsed = async (db: Db, challenge: string): Promise<boolean> =>
  ((await findChallenge(db, await challengeId(challenge)))?.consumedBy ?? null) !== null;

/** The terms of an ACME client identifier, before it is used. */
export async function readClientIdentifier(
  db: Db,
  identifier: string,
  now: number,
): Promise<ChallengeRow | undefined> {
  if (identifier.length > longestChallenge) return undefined;
  return findClientIdentifier(db, await challengeId(identifier), now, now - retryWindowMs);
}

/** Its key in D1. */
export const challengeId = async (challenge: string): Promise<string> => toHex(await sha256(utf8(challenge)));
