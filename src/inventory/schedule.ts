import { day, hour } from "../base/time.ts";

/**
 * When a device is asked for its inventory. Each device has its own time slot from a hash of its id, so that the fleet is
 * asked evenly over the whole interval and one device always at about the same time. No list is needed.
 */
export type Plan = {
  /** Whether it is asked now. */
  asks: boolean;
  /** Whether it is asked for its lists too, or only for its facts. */
  asksLists: boolean;
  /** When to check again. At least once a day, so that a changed interval is noticed. */
  nextAt: number;
};

export type Rhythm = {
  /** 0: never. */
  intervalHours: number;
  /** The lists are asked for once in this number of rounds. */
  listsEvery: number;
};

/** `lastAt`: the time of this device's last round; null: never. */
export function planRound(
  deviceId: string,
  { intervalHours, listsEvery }: Rhythm,
  lastAt: number | null,
  now: number,
): Plan {
  if (intervalHours <= 0) return { asks: false, asksLists: false, nextAt: now + day };
  const interval = intervalHours * hour;
  const slot = now - ((((now - offsetOf(deviceId, interval)) % interval) + interval) % interval);
  return {
    // A device that was asked shortly before its slot, because it has just enrolled, waits for the next one.
    asks: lastAt === null || slot - lastAt >= interval / 2,
    // Rounds are counted since 1970, with a different start for each device: the same number is asked for lists each day.
    asksLists:
      (Math.floor(slot / interval) + offsetOf(`lists of ${deviceId}`, listsEvery)) % listsEvery === 0,
    nextAt: Math.min(slot + interval, now + day),
  };
}

/** FNV-1a with another mix of its bits, so that consecutive ids are spread too. */
function offsetOf(deviceId: string, interval: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < deviceId.length; at++) hash = Math.imul(hash ^ deviceId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * interval);
}
