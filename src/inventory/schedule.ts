import { day, hour } from "../base/time.ts";

/**
 * When a device is asked for its inventory. Each has a slot of its own, by a hash of its id, so that a fleet asks evenly
 * over the whole interval and a device always at about the same time; nobody keeps a list.
 */
export type Plan = {
  /** Whether it is asked now. */
  asks: boolean;
  /** Whether it is asked for its lists too, or for its facts alone. */
  asksLists: boolean;
  /** When to look again. At least once a day, so that another interval is noticed. */
  nextAt: number;
};

export type Rhythm = {
  /** 0 asks nobody. */
  intervalHours: number;
  /** In every how many-th round the lists are asked for. */
  listsEvery: number;
};

/** `lastAt`: when it last was this device's turn; null: never. */
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
    // Who was asked a moment before its slot, having just enrolled, waits for the next one.
    asks: lastAt === null || slot - lastAt >= interval / 2,
    // Rounds are counted since 1970, and each device begins to count elsewhere: every day as many are asked for lists.
    asksLists:
      (Math.floor(slot / interval) + offsetOf(`lists of ${deviceId}`, listsEvery)) % listsEvery === 0,
    nextAt: Math.min(slot + interval, now + day),
  };
}

/** FNV-1a, with its bits mixed once more: ids that count up are spread too. */
function offsetOf(deviceId: string, interval: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < deviceId.length; at++) hash = Math.imul(hash ^ deviceId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * interval);
}
