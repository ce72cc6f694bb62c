import { condemnsRenewals } from "../../enrollment/condemns.ts";

/**
 * How identities follow each other: each is followed by one certificate, and what was granted beside that is worth
 * nothing. Decided from what a device's object remembers of its identities, those that are over included.
 */
export type Link = {
  fingerprint: string;
  generation: number;
  retiresAt: number | null;
  revokedFor: string | null;
  unboundAt: number | null;
  renewalOf: string | null;
};

/**
 * Why a renewal of this identity is worth nothing, or undefined. It must be one of the active generation that was not
 * taken back or replaced, and that no other certificate follows. That it expired is no reason: its renewal was granted
 * in time.
 */
export function whyNotFollowed(
  identities: readonly Link[],
  fingerprint: string | undefined,
  generation: number,
  now: number,
): string | undefined {
  const link = identities.find((one) => one.fingerprint === fingerprint);
  if (link === undefined) return "is not one of this device";
  if (isCondemned(link)) return "was revoked";
  if (link.unboundAt !== null) return "was taken from this device";
  if (link.generation !== generation) return "belongs to another enrollment";
  if (link.retiresAt !== null && link.retiresAt <= now) return "has been replaced";
  return hasFollower(identities, link.fingerprint) ? "was renewed by another certificate" : undefined;
}

/** Whether its line goes on. A follower that was taken back and has none itself leaves the place to another one. */
export const hasFollower = (identities: readonly Link[], fingerprint: string): boolean =>
  identities.some(
    (one) =>
      one.renewalOf === fingerprint &&
      ((one.unboundAt === null && !isCondemned(one)) || hasFollower(identities, one.fingerprint)),
  );

const isCondemned = ({ revokedFor }: Link): boolean => revokedFor !== null && condemnsRenewals(revokedFor);

/** What an identity follows, and what that followed. */
export function ancestorsOf<Kind extends Link>(identities: readonly Kind[], { renewalOf }: Kind): Kind[] {
  const before = identities.find(({ fingerprint }) => fingerprint === renewalOf);
  return before === undefined ? [] : [before, ...ancestorsOf(identities, before)];
}

/** What follows an identity, and what follows that. */
export const descendantsOf = <Kind extends Link>(identities: readonly Kind[], fingerprint: string): Kind[] =>
  identities.filter((one) =>
    [one, ...ancestorsOf(identities, one)].some(({ renewalOf }) => renewalOf === fingerprint),
  );
