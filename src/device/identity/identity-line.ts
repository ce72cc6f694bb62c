import { condemnsRenewals } from "../../enrollment/condemns.ts";

/**
 * How identities replace each other: one certificate follows each identity, and any other renewal of it is void. Decided
 * from all identities in the device's object, including those that are no longer accepted.
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
 * Why a renewal of this identity is void; undefined if it is valid. The identity must be of the active generation, neither
 * unbound nor replaced, and no other certificate may follow it. An expired identity is no reason, because its renewal was
 * granted in time.
 */
export function whyNotFollowed(
  identities: readonly Link[],
  fingerprint: string | undefined,
  generation: number,
  now: number,
): string | undefined {
  const link = identities.find((one) => one.fingerprint === fingerprint);
  if (link === undefined) return "is not an identity of this device";
  if (isCondemned(link)) return "was revoked";
  if (link.unboundAt !== null) return "was unbound from this device";
  if (link.generation !== generation) return "belongs to another enrollment";
  if (link.retiresAt !== null && link.retiresAt <= now) return "has been replaced";
  return hasFollower(identities, link.fingerprint) ? "was renewed by another certificate" : undefined;
}

/** Whether another identity follows it. One that was unbound and has no follower itself does not count. */
export const hasFollower = (identities: readonly Link[], fingerprint: string): boolean =>
  identities.some(
    (one) =>
      one.renewalOf === fingerprint &&
      ((one.unboundAt === null && !isCondemned(one)) || hasFollower(identities, one.fingerprint)),
  );

const isCondemned = ({ revokedFor }: Link): boolean => revokedFor !== null && condemnsRenewals(revokedFor);

/** The identity that this one follows, the one before that, and so on. */
export function ancestorsOf<Kind extends Link>(identities: readonly Kind[], { renewalOf }: Kind): Kind[] {
  const before = identities.find(({ fingerprint }) => fingerprint === renewalOf);
  return before === undefined ? [] : [before, ...ancestorsOf(identities, before)];
}

/** The identities that follow this one, those that follow them, and so on. */
export const descendantsOf = <Kind extends Link>(identities: readonly Kind[], fingerprint: string): Kind[] =>
  identities.filter((one) =>
    [one, ...ancestorsOf(identities, one)].some(({ renewalOf }) => renewalOf === fingerprint),
  );
