import { ok, type Result, refuse } from "../../base/result.ts";
import { isCommandStep } from "../setup/commands.ts";
import { lookAtSetup } from "../setup/settle.ts";
import type { Turn } from "../turn.ts";
import { untroubled } from "./apps/decide.ts";
import { putAndTellAll } from "./apps/tell.ts";
import { isFailed, tryDeclarationAgain } from "./declarations/again.ts";
import { standingsOf } from "./declarations/states.ts";
import { profileChange } from "./profiles/tell.ts";
import { requestReconcile } from "./request-reconcile.ts";

/**
 * A person has what failed tried again now: the intervals between tries start again, and what was given up is taken up.
 * What has not failed, or is under way, stays as it is, so that asking twice is the same as asking once.
 */
export const retryKinds = ["profile", "declaration", "app", "device-name", "setup-step"] as const;
export type RetryKind = (typeof retryKinds)[number];

/** Nothing given: all that failed. */
export type RetryWish = {
  kind?: RetryKind | undefined;
  name?: string | undefined;
  userId?: string | undefined;
};
export type Retried = { kind: RetryKind; name: string; userId: string };
export type RetryRefusal = { reason: "unknown-device" | "not-enrolled"; detail: string };

export function retry(turn: Turn, wish: RetryWish): Result<Retried[], RetryRefusal> {
  const { store } = turn;
  if (!store.exists()) return refuse({ reason: "unknown-device", detail: "this device is not known" });
  const { state } = store.device();
  if (state !== "enrolled")
    return refuse({
      reason: "not-enrolled",
      detail: `the device is ${state}; only an enrolled one tries again`,
    });
  const isAsked = ({ kind, name, userId }: Retried): boolean =>
    (wish.kind === undefined || wish.kind === kind) &&
    (wish.name === undefined || wish.name === name) &&
    (wish.userId === undefined || wish.userId === userId);
  const retried = [profiles, declarations, apps, deviceName, setupSteps].flatMap((again) =>
    again(turn, isAsked),
  );
  if (retried.length > 0) requestReconcile(turn);
  return ok(retried);
}

type Again = (turn: Turn, isAsked: (one: Retried) => boolean) => Retried[];

const profiles: Again = ({ store, now, tell }, isAsked) => {
  const due = channelsOf(store).flatMap((userId) =>
    store
      .profiles(userId)
      .filter(({ state }) => state === "failed")
      .map((row) => ({ row, one: { kind: "profile" as const, name: row.identifier, userId } }))
      .filter(({ one }) => isAsked(one)),
  );
  for (const { row } of due) {
    // One that lacks a value is only judged again.
    if (row.wish === "withheld") continue;
    const state = row.wish === "gone" ? ("removing" as const) : ("pending" as const);
    const next = { ...row, state, attempts: 0, retry_at: now };
    store.putProfile(next);
    const { user_id } = row;
    tell({
      name: "profiles.changed",
      ...(user_id ? { userId: user_id } : {}),
      detail: { pending: state === "pending" ? 1 : 0, removing: state === "removing" ? 1 : 0, failed: 0 },
      change: { profiles: [profileChange(next)] },
    });
  }
  return due.map(({ one }) => one);
};

const declarations: Again = ({ store }, isAsked) =>
  channelsOf(store).flatMap((userId) => {
    const row = store.declarative(userId);
    if (row === undefined) return [];
    const due = standingsOf(store, row)
      .filter(isFailed)
      .map(({ head }) => ({ kind: "declaration" as const, name: head.identifier, userId }))
      .filter(isAsked);
    for (const { name } of due) tryDeclarationAgain(store, userId, name);
    return due;
  });

const apps: Again = (turn, isAsked) => {
  const { store, now } = turn;
  const due = store
    .apps()
    .filter(
      ({ state, error, command_uuid }) => (state === "failed" || error !== null) && command_uuid === null,
    )
    .map((row) => ({ row, one: { kind: "app" as const, name: row.name, userId: "" } }))
    .filter(({ one }) => isAsked(one));
  putAndTellAll(
    turn,
    due.map(({ row }) => {
      // What is declared is given another version; what became of it, the device says.
      const next =
        row.channel === "declarations"
          ? { ...row, attempts: 0, retry_at: now }
          : { ...row, ...untroubled, updated_to: null };
      return [row, next] as const;
    }),
  );
  return due.map(({ one }) => one);
};

const deviceName: Again = ({ store, now }, isAsked) => {
  const row = store.naming();
  const one = { kind: "device-name" as const, name: row?.wish ?? "", userId: "" };
  if (row?.state !== "failed" || !isAsked(one)) return [];
  store.putNaming({ ...row, state: "pending", attempts: 0, retry_at: now });
  return [one];
};

/** Only while the device is held: afterwards nothing waits for them, and what they do is done by other ways. */
const setupSteps: Again = (turn, isAsked) => {
  const { store, now } = turn;
  return store.setups().flatMap(({ user_id: userId, state }) => {
    if (state !== "running") return [];
    const due = store
      .setupSteps(userId)
      .filter((step) => step.state === "failed" && isCommandStep(step.name))
      .map(({ name }) => ({ kind: "setup-step" as const, name, userId }))
      .filter(isAsked);
    for (const { name } of due) {
      const fresh = {
        state: "running" as const,
        began_at: now,
        ended_at: null,
        error: null,
        command_uuid: null,
      };
      store.setSetupStep(userId, name, fresh);
    }
    if (due.length > 0) lookAtSetup(turn, userId);
    return due;
  });
};

const channelsOf = (store: Turn["store"]): string[] => store.channels().map(({ user_id }) => user_id);
