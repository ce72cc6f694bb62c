import { minute } from "../../base/time.ts";
import { gatherMs } from "../alarm/outbox.ts";
import type { FinishedState, QueueRow } from "../store/rows.ts";
import type { SetupRow } from "../store/setup.ts";
import type { Turn } from "../turn.ts";

/** What turns do to a set-up: it begins, its commands end, it is over. The rest is the alarm's (continue.ts). */

/** In force until the settings have been read, so that a device is let go even while D1 is away. */
export const usualLimits = { allMs: 10 * minute, stepMs: 5 * minute };

/** A device that refuses the command which lets it go has left Setup Assistant as a rule, or is to be looked at. */
export const mostReleases = 3;
const releasedAgainMs = minute;

/**
 * The channel awaits configuration. Told again while that goes on, nothing changes; told after it was let go, it did
 * not hear of that, and is let go again.
 */
export function beginSetup(turn: Turn, userId: string): void {
  const { store, now } = turn;
  const before = store.setup(userId);
  if (before?.state === "running" || before?.state === "releasing") return;
  if (before?.state === "released") {
    store.setSetup(userId, {
      state: "running",
      released_at: null,
      released_by: null,
      attempts: 0,
      ends_at: now,
      look_at: now,
    });
    turn.plan();
    return;
  }
  store.dropSetupSteps(userId);
  store.putSetup({
    user_id: userId,
    state: "running",
    began_at: now,
    ends_at: now + usualLimits.allMs,
    step_ms: usualLimits.stepMs,
    look_at: now + gatherMs,
  });
  turn.tell({ name: "setup.began", ...about(userId), detail: {} });
  turn.plan();
}

/** The channel does not await configuration, or not any more. */
export function leaveSetup(turn: Turn, userId: string): void {
  const setup = turn.store.setup(userId);
  if (setup && setup.state !== "released") release(turn, setup, setup.released_by ?? "device");
}

/** Something has happened that a step may have waited for. */
export function lookAtSetup({ store, now, plan }: Turn, userId: string): void {
  const setup = store.setup(userId);
  if (setup?.state !== "running") return;
  const soon = now + gatherMs;
  if (setup.look_at === null || setup.look_at > soon) store.setSetup(userId, { look_at: soon });
  plan();
}

/** A command of the channel has ended. */
export function settleSetup(turn: Turn, command: QueueRow, state: FinishedState, error: string | null): void {
  const { store, now } = turn;
  const setup = store.setup(command.user_id);
  if (setup === undefined) return;
  if (setup.command_uuid === command.uuid) {
    settleRelease(turn, setup, state);
    return;
  }
  const step = store.setupSteps(command.user_id).find(({ command_uuid }) => command_uuid === command.uuid);
  // What comes in after its time is kept too: it shows how the device got on.
  if (step?.state === "running" || step?.state === "late") {
    const done = state === "acknowledged";
    const why = done ? null : (error ?? `the command is ${state}`);
    store.setSetupStep(command.user_id, step.name, {
      state: done ? "done" : "failed",
      ended_at: now,
      error: why,
    });
    if (!done) tellFailed(turn, command.user_id, step.name, "failed", why);
  }
  lookAtSetup(turn, command.user_id);
}

export const tellFailed = (
  { tell }: Turn,
  userId: string,
  step: string,
  state: "failed" | "late",
  error: string | null,
): void =>
  tell({
    name: "setup.step_failed",
    ...about(userId),
    detail: { step, state, error: error?.slice(0, 500) ?? null },
  });

function settleRelease(turn: Turn, setup: SetupRow, state: FinishedState): void {
  const { store, now } = turn;
  if (setup.state !== "releasing") return;
  if (state === "acknowledged") {
    release(turn, setup, setup.released_by ?? "complete");
    return;
  }
  const isOver = setup.attempts >= mostReleases;
  store.setSetup(setup.user_id, {
    state: isOver ? "stuck" : "running",
    command_uuid: null,
    ends_at: Math.min(setup.ends_at, now),
    look_at: isOver ? null : now + releasedAgainMs,
  });
  if (isOver)
    turn.tell({
      name: "setup.stuck",
      ...about(setup.user_id),
      detail: { attempts: setup.attempts, last: state },
    });
  turn.plan();
}

function release(turn: Turn, { user_id, began_at }: SetupRow, by: string): void {
  const { store, now } = turn;
  store.setSetup(user_id, { state: "released", released_at: now, released_by: by, look_at: null });
  if (store.channel(user_id)?.awaiting_configuration === 1)
    store.setChannel(user_id, { awaiting_configuration: 0 });
  turn.tell({
    name: "setup.released",
    ...about(user_id),
    detail: { by, seconds: Math.round((now - began_at) / 1000) },
    ...(user_id === "" ? { change: { device: { awaitingConfiguration: false } } } : {}),
  });
}

const about = (userId: string): { userId?: string } => (userId ? { userId } : {});
