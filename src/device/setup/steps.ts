import type { Platform } from "../../mdm/platform.ts";
import type { SetupStepRow } from "../store/setup.ts";

/**
 * What is done for a channel while it awaits configuration, and when it is let go: decided from values alone.
 * https://developer.apple.com/documentation/devicemanagement/device-configured-command
 *
 * A step that failed, or takes too long, holds nothing up: a device that is held in Setup Assistant is of no use to anybody,
 * and what it lacks it gets once it is set up.
 */
export const stepNames = [
  "file-vault-escrow",
  "profiles",
  "declarations",
  "apps",
  "accounts",
  "recovery-lock",
] as const;
export type StepName = (typeof stepNames)[number];

export type SetupWishes = {
  /** A Mac without it would make a recovery key that nobody keeps. */
  fileVaultEscrow: boolean;
  accounts: boolean;
  recoveryLock: boolean;
};

/** In the order in which they are begun; the device answers them as they come. */
export function planSteps(
  channel: "device" | "user",
  platform: Platform | undefined,
  { fileVaultEscrow, accounts, recoveryLock }: SetupWishes,
): StepName[] {
  if (channel === "user") return ["profiles", "declarations"];
  const always: StepName[] = ["profiles", "declarations", "apps"];
  if (platform !== "macos") return always;
  return [
    ...(fileVaultEscrow ? (["file-vault-escrow"] as const) : []),
    ...always,
    ...(accounts ? (["accounts"] as const) : []),
    ...(recoveryLock ? (["recovery-lock"] as const) : []),
  ];
}

/** What can be seen of a step from what the device has and still waits for. */
export type Outlook = { state: "running" } | { state: "done" | "failed"; error: string | null };

type Judged = Pick<SetupStepRow, "name" | "state" | "began_at">;

export type SetupDecision = {
  ended: { name: string; state: "done" | "failed" | "late"; error: string | null }[];
  /** Why the device is let go now. */
  release: "complete" | "time-limit" | undefined;
  /** When time alone would change this. */
  lookAt: number | undefined;
};

export function decideSetup(
  { ends_at, step_ms, planned }: { ends_at: number; step_ms: number; planned: boolean },
  steps: readonly Judged[],
  outlook: ReadonlyMap<string, Outlook>,
  now: number,
): SetupDecision {
  const ended: SetupDecision["ended"] = [];
  const limits: number[] = [];
  for (const { name, state, began_at } of steps) {
    if (state !== "running") continue;
    const seen = outlook.get(name);
    const limit = Math.min(began_at + step_ms, ends_at);
    if (seen && seen.state !== "running") ended.push({ name, ...seen });
    else if (limit <= now) ended.push({ name, state: "late", error: lateText(now - began_at) });
    else limits.push(limit);
  }
  if (planned && limits.length === 0) {
    const ranOut = ended.some(({ state }) => state === "late") && ends_at <= now;
    return { ended, release: ranOut ? "time-limit" : "complete", lookAt: undefined };
  }
  if (ends_at <= now) return { ended, release: "time-limit", lookAt: undefined };
  return { ended, release: undefined, lookAt: Math.min(ends_at, ...limits) };
}

const lateText = (ms: number): string => `it was not done within ${Math.round(ms / 1000)} seconds`;
