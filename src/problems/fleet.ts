import type { Settings } from "../admin/setting-entries.ts";
import { day } from "../base/time.ts";
import type { Failing, FleetRow, Misnamed } from "../db/problem-facts.ts";
import type { ProblemCode } from "./codes.ts";
import { type Finding, finding } from "./problem.ts";

/**
 * Problems that need a walk over all devices. Each page adds to counters that are kept during the walk; at the end the
 * counters show the problems.
 */
export type Count = { count: number; device: string | null };
export type FleetTally = { [counter in Counter]: Count };

type Counter = (typeof counters)[number]["code"];

/** A Mac gets time to report what it has. */
const settlesInDays = 3;

type Rule = {
  code: ProblemCode;
  urgency: Finding["urgency"];
  holds: (row: FleetRow, settings: Settings, now: number) => boolean;
  facts?: (settings: Settings) => Finding["facts"];
};

const isSettledMac = ({ platform, enrolledAt }: FleetRow, now: number): boolean =>
  platform === "macos" && enrolledAt !== null && now - enrolledAt > settlesInDays * day;

export const counters = [
  {
    code: "devices-silent",
    urgency: "notice",
    holds: ({ lastSeenAt, enrolledAt }, { problem_silent_days: days }, now) =>
      days > 0 && now - (lastSeenAt ?? enrolledAt ?? now) > days * day,
    facts: ({ problem_silent_days: days }) => ({ days }),
  },
  {
    code: "escrow-missing-bootstrap-token",
    urgency: "soon",
    holds: (row, _settings, now) =>
      isSettledMac(row, now) && row.supervised === true && !row.hasBootstrapToken,
  },
  {
    code: "escrow-missing-filevault-key",
    urgency: "soon",
    holds: (row, _settings, now) => isSettledMac(row, now) && row.encrypted === true && !row.hasFilevaultKey,
  },
  {
    code: "escrow-missing-recovery-lock",
    urgency: "soon",
    holds: (row, _settings, now) =>
      isSettledMac(row, now) && row.recoveryLock === true && !row.hasRecoveryLock,
  },
  {
    code: "attestations-failed",
    urgency: "soon",
    holds: ({ attestationFailedAt }) => attestationFailedAt !== null,
  },
] as const satisfies readonly Rule[];

export const emptyTally = (): FleetTally =>
  Object.fromEntries(counters.map(({ code }) => [code, { count: 0, device: null }])) as FleetTally;

export function countFleet(
  tally: FleetTally,
  rows: readonly FleetRow[],
  settings: Settings,
  now: number,
): FleetTally {
  const counted = counters.map((rule): [Counter, Count] => {
    const found = rows.filter((row) => rule.holds(row, settings, now));
    const before = tally[rule.code];
    return [rule.code, { count: before.count + found.length, device: before.device ?? found[0]?.id ?? null }];
  });
  return Object.fromEntries(counted) as FleetTally;
}

export const fleetFindings = (tally: FleetTally, settings: Settings): Finding[] =>
  counters.flatMap((rule: Rule) => {
    const { count, device } = tally[rule.code as Counter];
    if (count === 0) return [];
    const facts = { count, device, ...rule.facts?.(settings) };
    return finding(rule.code, rule.urgency, { devices: count, facts });
  });

export const failureFindings = (
  code: "profile-failed" | "declaration-failed",
  failing: readonly Failing[],
): Finding[] =>
  failing.map(({ identifier, count }) =>
    finding(code, "soon", { subject: identifier, devices: count, facts: { identifier, count } }),
  );

export const givenUpFindings = (failing: readonly Failing[]): Finding[] =>
  failing.map(({ identifier: app, count }) =>
    finding("app-given-up", "soon", { subject: app, devices: count, facts: { app, count } }),
  );

export const misnamedFindings = (misnamed: readonly Misnamed[]): Finding[] =>
  misnamed.map(({ identifier: app, count, expected, told }) =>
    finding("app-bundle-id-differs", "notice", {
      subject: app,
      devices: count,
      facts: { app, expected, told, count },
    }),
  );

export const overdueFindings = (overdue: readonly { policy: string; count: number }[]): Finding[] =>
  overdue
    .filter(({ count }) => count > 0)
    .map(({ policy, count }) =>
      finding("updates-overdue", "soon", { subject: policy, devices: count, facts: { policy, count } }),
    );

export type Stuck = { devices: string[]; requestType: string | null };

export const stuckFindings = ({ devices, requestType }: Stuck, days: number): Finding[] =>
  devices.length === 0
    ? []
    : [
        finding("queues-stuck", "soon", {
          devices: devices.length,
          facts: { count: devices.length, days, device: devices[0] ?? null, request_type: requestType },
        }),
      ];
