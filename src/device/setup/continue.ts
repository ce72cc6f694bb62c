import { loadSettings } from "../../admin/settings.ts";
import { allInTurn } from "../../base/in-turn.ts";
import { logFault } from "../../base/log.ts";
import { minute } from "../../base/time.ts";
import { loadEnrollmentSettings } from "../../enrollment/enrollment-settings.ts";
import type { DutyContext } from "../alarm/duty-context.ts";
import { contextOf } from "../client/context.ts";
import { describeDevice } from "../description.ts";
import { setupOrigin } from "../queue/origins.ts";
import { queueOwnCommand, sealOwnCommand } from "../queue/own-commands.ts";
import type { SetupStepRow } from "../store/setup.ts";
import type { Turn } from "../turn.ts";
import { type CommandStep, commandOf, isCommandStep } from "./commands.ts";
import { outlookOf } from "./outlook.ts";
import { tellFailed } from "./settle.ts";
import { decideSetup, planSteps } from "./steps.ts";

/**
 * The duty of setup: what a channel still waits for is begun, what has ended is noted, and a channel that waits for
 * nothing more, or has waited long enough, is let go.
 *
 * The surprise: nothing here must be able to hold a device. Where the plan cannot be made (D1 does not answer, a command
 * cannot be built) the limit of time goes on, and the command that lets a device go needs nothing but the object.
 */
const lookAgainMs = 30_000;

export const continueSetups = (work: DutyContext, now: number): Promise<void> =>
  allInTurn(
    work.takeTurn(({ store }) =>
      store
        .setups()
        .filter(({ look_at }) => look_at !== null && look_at <= now)
        .map(
          ({ user_id }) =>
            () =>
              continueSetup(work, user_id, now),
        ),
    ),
  );

async function continueSetup(work: DutyContext, userId: string, now: number): Promise<void> {
  // What is cut short is taken up again.
  work.takeTurn(({ store }) => store.setSetup(userId, { look_at: now + lookAgainMs }));
  try {
    await plan(work, userId, now);
    await begin(work, userId);
  } catch (fault) {
    logFault("device.setup", fault, { device_id: work.deviceId });
  }
  const release = work.takeTurn((turn) => judge(turn, userId, now));
  if (release !== undefined) await releaseChannel(work, userId, release);
}

/** Once, as soon as the settings can be read. */
async function plan(work: DutyContext, userId: string, now: number): Promise<void> {
  const known = work.takeTurn(describeDevice);
  if (known === undefined || work.store.setup(userId)?.planned !== 0) return;
  const settings = await loadSettings(work.env, now);
  const { file_vault_escrow: escrow } = await loadEnrollmentSettings(work.env, now);
  const names = planSteps(userId === "" ? "device" : "user", contextOf(userId, known).platform, {
    fileVaultEscrow: escrow !== undefined,
    accounts: settings.setup_accounts !== null,
    recoveryLock: settings.setup_recovery_lock,
  });
  work.takeTurn(({ store }) => {
    const setup = store.setup(userId);
    if (setup?.planned !== 0) return;
    store.setSetup(userId, {
      planned: 1,
      // Let go already by somebody, it is not taken back.
      ends_at: Math.min(setup.began_at + settings.setup_minutes * minute, endOf(setup)),
      step_ms: settings.setup_step_minutes * minute,
    });
    names.forEach((name, place) => {
      store.putSetupStep({
        user_id: userId,
        name,
        place,
        state: "running",
        began_at: now,
        ended_at: null,
        error: null,
      });
    });
  });
}

const endOf = ({ released_by, ends_at }: { released_by: string | null; ends_at: number }): number =>
  released_by === null ? Number.POSITIVE_INFINITY : ends_at;

/** The commands of those steps that are made of one. */
async function begin(work: DutyContext, userId: string): Promise<void> {
  const { store, takeTurn } = work;
  const steps = takeTurn(() => stepsToBegin(store.setupSteps(userId)));
  if (steps.length === 0 || store.setup(userId)?.state !== "running") return;
  const { terms } = store.device();
  for (const name of steps) {
    const made = await commandOf(name, { ...work, terms });
    takeTurn((turn) => {
      const isStill = stepsToBegin(turn.store.setupSteps(userId)).includes(name);
      if (!isStill || turn.store.setup(userId)?.state !== "running") return;
      if ("ended" in made) return endStep(turn, userId, { name, ...made.ended });
      const queued = queueOwnCommand(turn, made.command, { userId, origin: setupOrigin, ifKnown: true });
      if (queued.ok) turn.store.setSetupStep(userId, name, { command_uuid: made.command.uuid });
      else endStep(turn, userId, { name, state: "failed", error: queued.refusal.detail });
    });
  }
}

const stepsToBegin = (steps: readonly SetupStepRow[]): CommandStep[] =>
  steps.flatMap(({ name, state, command_uuid }) =>
    state === "running" && command_uuid === null && isCommandStep(name) ? [name] : [],
  );

/** Nothing in here waits. Why the channel is to be let go, or undefined while it is not. */
function judge(turn: Turn, userId: string, now: number): string | undefined {
  const { store } = turn;
  const setup = store.setup(userId);
  if (setup?.state !== "running") return undefined;
  const steps = store.setupSteps(userId);
  const decision = decideSetup(
    { ...setup, planned: setup.planned === 1 },
    steps,
    outlookOf(turn, userId, steps),
    now,
  );
  for (const ended of decision.ended) endStep(turn, userId, ended);
  if (decision.lookAt === undefined) return setup.released_by ?? decision.release;
  const again = setup.planned === 1 ? decision.lookAt : Math.min(decision.lookAt, now + lookAgainMs);
  store.setSetup(userId, { look_at: again });
  turn.plan();
  return undefined;
}

function endStep(
  turn: Turn,
  userId: string,
  { name, state, error }: { name: string; state: "done" | "failed" | "late"; error: string | null },
): void {
  turn.store.setSetupStep(userId, name, { state, error, ended_at: turn.now });
  if (state !== "done") tellFailed(turn, userId, name, state, error);
}

/** Before all that waits: what the device lacks it gets afterwards. */
async function releaseChannel({ vault, takeTurn }: DutyContext, userId: string, by: string): Promise<void> {
  const RequestType = userId === "" ? "DeviceConfigured" : "UserConfigured";
  const command = await sealOwnCommand(vault, { RequestType });
  takeTurn((turn) => {
    const { store } = turn;
    const setup = store.setup(userId);
    if (setup?.state !== "running") return;
    const queued = queueOwnCommand(turn, command, {
      userId,
      origin: setupOrigin,
      ifKnown: true,
      high: true,
    });
    if (!queued.ok) {
      store.setSetup(userId, { look_at: turn.now + lookAgainMs });
      throw new Error(`a set-up cannot be ended: ${queued.refusal.detail}`);
    }
    store.setSetup(userId, {
      state: "releasing",
      released_by: by,
      command_uuid: command.uuid,
      attempts: setup.attempts + 1,
      look_at: null,
    });
  });
}
