import { sha256, utf8 } from "../base/bytes.ts";
import type { Ring, RolloutPlan } from "../db/schema/rollouts.ts";

/**
 * Which ring of a rollout a device is in. It follows from the rollout's seed and the device's id, so it is the same
 * whenever and wherever it is asked, and nothing is stored for a device. A ring of sets goes by the sets of the device.
 */
const hashSpace = 2 ** 32;

/** Up to here the shares are exact; above, a share of the numbers is a share of the devices. */
export const mostCountedOut = 1_000;

export async function placeOf(seed: string, deviceId: string): Promise<number> {
  const digest = await sha256(utf8(`${seed}\n${deviceId}`));
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** The number of rings, with the last one of everything else. */
export const ringCount = ({ rings }: Pick<RolloutPlan, "rings">): number => rings.length + 1;

/**
 * For each ring of a share: the first place that is not in it. `places` are those of all devices, if there are few: then
 * every ring has at least one device, as long as there are enough.
 */
export function cutoffsOf(rings: readonly Ring[], places: readonly number[] | undefined): (number | null)[] {
  const sorted = places && [...places].sort((a, b) => a - b);
  return rings.map((ring) => {
    if ("sets" in ring) return null;
    if (sorted === undefined) return Math.floor((ring.percent / 100) * hashSpace);
    const last = sorted[Math.ceil((ring.percent / 100) * sorted.length) - 1];
    return last === undefined ? 0 : last + 1;
  });
}

/** The first ring that fits; otherwise the last one. */
export function ringOf(
  { rings }: Pick<RolloutPlan, "rings">,
  cutoffs: readonly (number | null)[],
  place: number,
  setNames: ReadonlySet<string>,
): number {
  const found = rings.findIndex((ring, index) =>
    "sets" in ring ? ring.sets.some((name) => setNames.has(name)) : place < (cutoffs[index] ?? 0),
  );
  return found === -1 ? rings.length : found;
}
