import { day, minute } from "../../base/time.ts";
import { notify } from "../desired/declarations/notify.ts";
import { notificationsDue } from "../desired/declarations/notify-times.ts";
import { resync } from "../desired/declarations/resync.ts";
import { pushesDue } from "../queue/push-again.ts";
import type { DutyContext } from "./duty-context.ts";
import { compressResult, expireCommands, pruneFinished } from "./housekeeping.ts";
import type { Duty } from "./schedule.ts";

/** Each duty of the alarm. Modules that are needed rarely, or only by some devices, are loaded when they are due. */
export async function runDuty(duty: Duty, work: DutyContext, asOf: number): Promise<void> {
  const { store, vault, env, deviceId, takeTurn } = work;
  switch (duty) {
    case "read-results": {
      const { keepUnread, readResults } = await import("../results/read-results.ts");
      return readResults(store, vault, env, asOf, (read) => takeTurn((turn) => keepUnread(turn, read)));
    }
    case "read-reports": {
      const { readReports } = await import("../desired/declarations/reports.ts");
      return readReports(work, asOf);
    }
    case "resync":
      for (const userId of takeTurn((turn) => resync(turn, asOf))) await notify(work, userId);
      return;
    case "notify":
      for (const userId of notificationsDue(store, asOf)) await notify(work, userId);
      return;
    case "inventory":
      return takeInventoryRound(work, asOf);
    case "attestation": {
      const { askAttestation } = await import("../results/ask-attestation.ts");
      const { attestation_interval_days } = await settingsOf(env);
      return askAttestation(takeTurn, vault, attestation_interval_days);
    }
    case "outbox": {
      const { emptyOutbox } = await import("./empty-outbox.ts");
      const fault = await emptyOutbox(store, env, deviceId, Date.now, asOf);
      if (fault !== undefined) throw fault;
      return;
    }
    case "reconcile": {
      const { reconcile } = await import("../desired/reconcile.ts");
      return reconcile(work, asOf);
    }
    case "setup": {
      const { continueSetups } = await import("../setup/continue.ts");
      return continueSetups(work, asOf);
    }
    case "rotate": {
      const { rotateSecrets } = await import("../rotation/rotate.ts");
      return rotateSecrets(work, asOf);
    }
    case "expiry":
      return takeTurn(expireCommands);
    case "compress-results":
      return compressResult(store, vault);
    case "renewal": {
      const { renewIdentity } = await import("../identity/renew-identity.ts");
      return renewIdentity(work, asOf);
    }
    case "prune": {
      const settings = await settingsOf(env);
      const keptMs = settings.finished_commands_days * day;
      return pruneFinished(store, settings.finished_commands_kept, keptMs, Date.now());
    }
    case "push":
      await Promise.all(pushesDue(store, asOf).map((target) => work.pushAgain(target)));
      return;
  }
}

/** The pause after a failed round of the inventory. */
const triedAgainMs = 15 * minute;

async function takeInventoryRound({ store, vault, env, takeTurn }: DutyContext, now: number): Promise<void> {
  const { takeRound } = await import("../results/rounds.ts");
  try {
    await takeRound(takeTurn, vault, await settingsOf(env), now);
  } catch (fault) {
    store.setDevice({ inventory_due_at: now + triedAgainMs });
    throw fault;
  }
}

/** Checking the settings needs a library that no device's request should wait for. */
async function settingsOf(env: Env) {
  const { loadSettings } = await import("../../admin/settings.ts");
  return loadSettings(env, Date.now());
}
