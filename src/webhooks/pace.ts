import { day, hour, minute, second } from "../base/time.ts";

/**
 * When what failed is tried again, and when that ends. Of values only.
 *
 * Two kinds of trouble are told apart. A message that a living receiver does not take holds up its device alone, and is
 * a dead letter after some days. A receiver that takes nothing holds up everything, nothing is given up for it, and
 * after some days the target pauses.
 */
/** Between the tries of one message, over some three days. */
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

/** After so many failures; undefined: no more. A little later by chance, so that not all come at once. */
export function messageGapMs(failures: number, chance: number): number | undefined {
  const gap = gaps[failures - 1];
  return gap && Math.round(gap * (1 + chance / 5));
}

/** How it stands with the receiver as a whole. */
export type Health = {
  /** Turns in a row in which it took nothing. */
  failures: number;
  failingSince: number | null;
  /** Nothing is sent before. */
  retryAt: number;
};

export const healthy: Health = { failures: 0, failingSince: null, retryAt: 0 };

export type TurnOutcome = {
  /** Whether it took anything, or refused a message for its own sake. */
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
