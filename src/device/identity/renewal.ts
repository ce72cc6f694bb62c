import { day, hour } from "../../base/time.ts";
import type { Identity } from "./enrollment.ts";

/**
 * When an identity is renewed, decided only from values. Devices never renew by themselves: they get their enrollment
 * profile again, with a new challenge, and use the identity that results.
 *
 * Devices that enrolled on one day would all be due on one day: the hash of the certificate spreads that over a quarter
 * of the time before its end. Settings may change, so an object checks again every month even if nothing is due.
 */
export type RenewalPolicy = { renewalMs: number; graceMs: number };

/** What the object stores between two checks; the fingerprint says which identity it is about. */
export type RenewalRow = {
  look_at: number;
  fingerprint: string;
  due_at: number;
  attempts: number;
  /** The InstallProfile command in progress. */
  command_uuid: string | null;
  error: string | null;
};

/** The state of the command in progress; null: it is not known any more. */
export type CommandStanding = { state: string; finishedAt: number | null; error: string | null } | null;

export type RenewalDecision =
  | { does: "wait"; row: RenewalRow }
  | { does: "queue"; row: RenewalRow; until: number }
  | { does: "fail"; row: RenewalRow; error: string };

const longestRest = 3 * day;
/** How long a device that has installed the profile may take to use the new identity. */
const useWithin = hour;

/** A different fraction for each certificate. */
const shareOf = (fingerprint: string): number => Number.parseInt(fingerprint.slice(0, 8), 16) / 2 ** 32;

export const renewalDueAt = (
  { fingerprint, notAfter }: Pick<Identity, "fingerprint" | "notAfter">,
  { renewalMs }: RenewalPolicy,
): number => Math.round(notAfter - renewalMs + (shareOf(fingerprint) * renewalMs) / 4);

/** The present identity of the device: the newest of its enrollment. */
export const currentIdentity = (identities: readonly Identity[], generation: number): Identity | undefined =>
  identities
    .filter((one) => one.generation === generation && one.revokedAt === null)
    .filter((one) => one.retiresAt === null && one.unboundAt === null)
    .reduce<Identity | undefined>((a, b) => (a && a.pinnedAt >= b.pinnedAt ? a : b), undefined);

export function decideRenewal(
  identity: Identity,
  known: RenewalRow | undefined,
  standing: CommandStanding,
  policy: RenewalPolicy,
  now: number,
): RenewalDecision {
  const { fingerprint, notAfter } = identity;
  const dueAt = renewalDueAt(identity, policy);
  const fresh = { look_at: 0, fingerprint, due_at: dueAt, attempts: 0, command_uuid: null, error: null };
  const row = known?.fingerprint === fingerprint ? { ...known } : fresh;
  // If an administrator asked for it, it is due whatever the settings say.
  row.due_at = Math.min(row.due_at, dueAt);
  if (row.command_uuid !== null) return underWay(row, standing, now);
  const until = notAfter + policy.graceMs;
  const nextMonth = now + (20 + 10 * shareOf(fingerprint)) * day;
  // After its grace it can fetch nothing: only a new enrollment helps.
  if (until <= now) return wait(row, nextMonth);
  if (row.due_at > now) return wait(row, Math.min(row.due_at, nextMonth));
  return { does: "queue", row, until };
}

function underWay(row: RenewalRow, standing: CommandStanding, now: number): RenewalDecision {
  if (standing === null) return failed(row, "the command is not known any more", now);
  const { state, finishedAt, error } = standing;
  if (finishedAt === null) return wait(row, now + 10 * day);
  if (state !== "acknowledged") return failed(row, error ?? `the command is ${state}`, now);
  if (finishedAt + useWithin > now) return wait(row, finishedAt + useWithin);
  return failed(row, "the device installed the profile but still uses its old identity", now);
}

const wait = (row: RenewalRow, at: number): RenewalDecision => ({
  does: "wait",
  row: { ...row, look_at: Math.round(at) },
});

/** The next try is an hour later, and the intervals grow. */
export function failed(row: RenewalRow, error: string, now: number): RenewalDecision {
  const attempts = row.attempts + 1;
  const rest = Math.min(hour * 4 ** (attempts - 1), longestRest);
  return {
    does: "fail",
    error,
    row: { ...row, attempts, error: error.slice(0, 500), command_uuid: null, look_at: now + rest },
  };
}
