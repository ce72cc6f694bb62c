import type { AppState } from "../../apps/states.ts";
import { isBehind } from "../desired/declarations/notify-times.ts";
import type { SetupStepRow } from "../store/setup.ts";
import type { Turn } from "../turn.ts";
import type { Outlook } from "./steps.ts";

/**
 * How the steps stand that no single command makes. What the device has counts, and not how it came to it: a newer version
 * of a profile is as good as the one that was wanted first, and what is wanted no more holds nothing up.
 */
export function outlookOf(turn: Turn, userId: string, steps: readonly SetupStepRow[]): Map<string, Outlook> {
  return new Map(
    steps.flatMap(({ name }) => {
      const look = Object.hasOwn(looks, name) ? looks[name] : undefined;
      return look ? [[name, look(turn, userId)]] : [];
    }),
  );
}

const running: Outlook = { state: "running" };
const done: Outlook = { state: "done", error: null };

const looks: { readonly [name: string]: (turn: Turn, userId: string) => Outlook } = {
  profiles({ store }, userId) {
    if (isStillAsking(store)) return running;
    const rows = store.profiles(userId).filter(({ wish }) => wish === "have");
    if (rows.some(({ state, command_uuid }) => state === "pending" || command_uuid !== null)) return running;
    return outcomeOf(
      rows
        .filter(({ state }) => state === "failed")
        .map(({ identifier, reason }) => ({ name: identifier, reason })),
    );
  },

  declarations({ store }, userId) {
    if (isStillAsking(store)) return running;
    const row = store.declarativeState(userId);
    return row && isBehind(store, row) ? running : done;
  },

  apps({ store }) {
    if (isStillAsking(store)) return running;
    const rows = store.apps().filter(({ wish }) => wish === "have");
    if (rows.some(({ state }) => isOnItsWay.includes(state))) return running;
    return outcomeOf(rows.filter(({ state }) => state === "failed" || state === "waiting_for_person"));
  },
};

/** What waits for a person stays so until Setup Assistant is over, and holds nothing up. */
const isOnItsWay: readonly AppState[] = ["pending", "installing", "waiting_for_licence"];

function outcomeOf(failed: readonly { name: string; reason: string | null }[]): Outlook {
  if (failed.length === 0) return done;
  const named = failed.slice(0, 5).map(({ name, reason }) => `${name}: ${reason ?? "no reason"}`);
  return { state: "failed", error: `${failed.length} failed: ${named.join("; ")}` };
}

/** The object has yet to find out what its device should have. */
const isStillAsking = (store: Turn["store"]): boolean => store.device().intent_due_at !== null;
