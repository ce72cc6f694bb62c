import { notificationsDue, notify } from "./declarations/notify.ts";
import { resync } from "./declarations/resync.ts";
import type { Desk } from "./desk.ts";
import { compressResult, expireCommands, pruneFinished } from "./duties.ts";
import { emptyOutbox } from "./outbox.ts";
import type { Duty } from "./schedule.ts";
import type { Store } from "./store.ts";
import type { Vault } from "./vault.ts";
import { type Wake, wakesDue } from "./wake.ts";

/** Where the work of the alarm finds what it needs: between what it awaits, it takes turns at the desk. */
export type Office = {
  store: Store;
  vault: Vault;
  env: Env;
  deviceId: string;
  desk: TakeTurn;
  /** Pushes once more to a channel that did not come. */
  wake: (wake: Wake) => Promise<unknown>;
};

export type TakeTurn = <Answer>(act: (desk: Desk) => Answer) => Answer;

/** Each duty of the alarm. What only some devices need, or is needed rarely, is loaded when it is due. */
export async function perform(duty: Duty, office: Office, asOf: number): Promise<void> {
  const { store, vault, env, deviceId, desk } = office;
  switch (duty) {
    case "lessons": {
      const { keepLesson, readLessons } = await import("./learn.ts");
      return readLessons(store, vault, env, asOf, (learnt) => desk((turn) => keepLesson(turn, learnt)));
    }
    case "reports": {
      const { readReports } = await import("./declarations/reports.ts");
      return readReports(office, asOf);
    }
    case "resync":
      for (const userId of desk((turn) => resync(turn, asOf))) await notify(office, userId);
      return;
    case "notify":
      for (const userId of notificationsDue(store, asOf)) await notify(office, userId);
      return;
    case "inventory":
      return takeInventoryRound(office, asOf);
    case "outbox": {
      const fault = await emptyOutbox(store, env, deviceId, Date.now);
      if (fault !== undefined) throw fault;
      return;
    }
    case "intent": {
      const { lookAtIntent } = await import("./look.ts");
      return lookAtIntent(office, asOf);
    }
    case "expiry":
      return desk(expireCommands);
    case "results":
      return compressResult(store, vault);
    case "renewal": {
      const { renewIdentity } = await import("./renew-identity.ts");
      return renewIdentity({ store, vault, env, deviceId, now: asOf, desk });
    }
    case "prune": {
      const settings = await settingsOf(env);
      const keptMs = settings.finished_commands_days * 24 * 3_600_000;
      return pruneFinished(store, settings.finished_commands_kept, keptMs, Date.now());
    }
    case "wake":
      await Promise.all(wakesDue(store, asOf).map((wake) => office.wake(wake)));
      return;
  }
}

/** After a round of the inventory that failed. */
const triedAgainMs = 15 * 60_000;

async function takeInventoryRound({ store, vault, env, desk }: Office, now: number): Promise<void> {
  const { takeRound } = await import("./rounds.ts");
  try {
    await takeRound(desk, vault, await settingsOf(env), now);
  } catch (fault) {
    store.setDevice({ inventory_due_at: now + triedAgainMs });
    throw fault;
  }
}

/** Validating settings takes a library that no device's request should wait for. */
async function settingsOf(env: Env) {
  const { loadSettings } = await import("../admin/settings.ts");
  return loadSettings(env, Date.now());
}
