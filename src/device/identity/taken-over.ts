/**
 * A device that was taken over from another server comes with a certificate that nobody told us of. Until then the place of
 * its identity is kept, and the first certificate of the former authority that speaks for it takes that place.
 */
const placePrefix = "taken-over:";

/** Instead of a fingerprint, until a certificate shows itself. No certificate has such a one. */
export const placeOf = (deviceId: string): string => placePrefix + deviceId;

type Held = {
  deviceId: string;
  generation: number;
  identities: readonly { fingerprint: string; generation: number }[];
};

type Shown = {
  isForeign?: boolean;
  hasServed: boolean;
  renewalOf: { deviceId: string; fingerprint?: string | undefined } | undefined;
};

/** The certificate as a renewal of the place, where there is one for it. */
export function takesPlace<Issued extends Shown>(
  { deviceId, generation, identities }: Held,
  issued: Issued,
): Issued {
  const place = identities.find(
    (one) => one.generation === generation && one.fingerprint.startsWith(placePrefix),
  );
  if (place === undefined || issued.isForeign !== true || issued.renewalOf || issued.hasServed) return issued;
  return { ...issued, renewalOf: { deviceId, fingerprint: place.fingerprint } };
}
