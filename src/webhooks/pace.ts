import { day, hour, minute, second } from "../base/time.ts";

/**
 * When a failed message is tried again, and when the tries end. Pure.
 *
 * There are two kinds of failures. A message that a working receiver refuses delays only its device, and becomes a dead
 * letter after some days. A receiver that accepts nothing delays everything; no message is given up, and after some days
 * the target pauses.
 */
/** The intervals between the tries of one message, about three days in total. */
const gaps = [
  2 * second,
  15 * second,
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

const longestProbeGap = hour;
export const pausesAfterMs = 5 * day;
const longestAsked = day;

/** The next interval after this number of failures; undefined: no more tries. A random delay spreads the tries. */
export function messageGapMs(failures: number, chance: number): number | undefined {
  const gap = gaps[failures - 1];
  return gap && Math.round(gap * (1 + chance / 5));
}

/** The state of the receiver as a whole. */
export type Health = {
  /** Turns in a row in which it accepted nothing. */
  failures: number;
  failingSince: number | null;
  /** Nothing is sent before this time. */
  retryAt: number;
};

export const healthy: Health = { failures: 0, failingSince: null, retryAt: 0 };

export type TurnOutcome = {
  /** Whether it accepted anything, or refused a message because of its content. */
  isAlive: boolean;
  hasFailed: boolean;
  /** How long it asked us to wait. */
  askedMs: number;
};

export function afterTurn(health: Health, turn: TurnOutcome, chance: number, now: number): Health {
  const asked = now + Math.min(turn.askedMs, longestAsked);
  if (turn.isAlive) return { ...healthy, retryAt: turn.askedMs > 0 ? asked : 0 };
  if (!turn.hasFailed) return health;
  const failures = health.failures + 1;
  const gap = Math.min(messageGapMs(Math.min(failures, gaps.length), chance) ?? day, longestProbeGap);
  return {
    failures,
    failingSince: health.failingSince ?? now,
    retryAt: Math.max(now + gap, asked),
  };
}

export const isTooLong = ({ failingSince }: Health, now: number): boolean =>
  failingSince !== null && now - failingSince >= pausesAfterMs;
