import { type DesiredState, loadDesiredState } from "../../assignment/desired-state.ts";
import { allInTurn } from "../../base/in-turn.ts";
import { hour } from "../../base/time.ts";
import { readEnv } from "../../env.ts";
import type { DutyContext } from "../alarm/duty-context.ts";
import { termsOf } from "../client/context.ts";
import { type DeviceDescription, describeDevice } from "../description.ts";
import { keepApps } from "./apps/keep.ts";
import { keepDeclarations } from "./declarations/keep.ts";
import { keepName } from "./naming/keep.ts";
import { keepProfiles, type Reconciliation } from "./profiles/keep.ts";
import { keepWithheld } from "./withheld.ts";

/**
 * The duty `desired`: the object reads from the library what its device should have, and compares that with what the
 * device has. If something changes during that time, it does so again; an interrupted or failed reconcile is repeated.
 */
const firstRetryMs = 30_000;
const longestRetryMs = hour;
/** How long until an interrupted reconcile is repeated. */
const takenUpAgainMs = 60_000;

export async function reconcile(work: DutyContext, now: number): Promise<void> {
  const { takeTurn, store, env, deviceId } = work;
  const known = takeTurn(describeDevice);
  if (known === undefined) return;
  const quiet = store.device().intent_quiet === 1;
  const guard = now + takenUpAgainMs;
  store.setDevice({ intent_due_at: guard });
  try {
    const userIds = known.channels.map(({ userId }) => userId);
    const origin = originOf(env, known);
    const wanted = await loadDesiredState(env, { deviceId, generation: known.generation, origin }, userIds);
    for (const desired of wanted ?? []) await keep(work, desired, { known, quiet, now, origin });
  } catch (fault) {
    takeTurn(({ store: { device, setDevice } }) => {
      const failures = device().intent_failures + 1;
      const wait = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
      setDevice({
        intent_failures: failures,
        intent_due_at: Math.min(device().intent_due_at ?? guard, now + wait),
      });
    });
    throw fault;
  }
  takeTurn(({ store: { device, setDevice } }) => {
    // If it was requested again in the meantime, it is due before the guard.
    const isOver = device().intent_due_at === guard;
    // A retry that this reconcile skipped is not due again at once.
    store.postponeProfileRetries(now, now + takenUpAgainMs);
    store.postponeNamingRetry(now, now + takenUpAgainMs);
    store.postponeApps(now, now + takenUpAgainMs);
    setDevice({ intent_failures: 0, ...(isOver && { intent_due_at: null, intent_quiet: 0 }) });
  });
}

async function keep(work: DutyContext, desired: DesiredState, look: Reconciliation): Promise<void> {
  work.takeTurn((turn) => keepWithheld(turn, desired, look.known.generation));
  // A fault in one of them must not keep the others from the device.
  await allInTurn([
    () => keepProfiles(work, desired, look),
    async () => {
      const apps = await keepApps(work, desired, look);
      const all = [...desired.declarations, ...apps];
      await keepDeclarations(work, desired.userId, all, { quiet: look.quiet });
    },
    () => keepName(work, desired, look),
  ]);
}

/** The address where this device finds the server during its enrollment; unknown if another tool enrolled it. */
function originOf(env: Env, known: DeviceDescription): string {
  const { ServerURL } = termsOf(known).profile;
  if (typeof ServerURL === "string" && URL.canParse(ServerURL)) return new URL(ServerURL).origin;
  const configuration = readEnv(env);
  return (configuration.ok ? configuration.value.publicUrl : undefined) ?? "";
}
