import type { Desk } from "../desk.ts";
import type { Store } from "../store.ts";
import { tellStates } from "./states.ts";

/** The device has nothing of what was declared: with its enrollment all declarations went, and all that it reported. */
export function restartDeclarative(desk: Pick<Desk, "store" | "tell">): void {
  desk.store.restartDeclarative();
  desk.store.dropStatus();
  tellAllStates(desk);
}

/** The directory forgot them, or is about to. */
export function tellAllStates({ store, tell }: Pick<Desk, "store" | "tell">): void {
  for (const userId of channelsOf(store)) {
    store.setDeclarative(userId, { told: "{}" });
    tellStates({ store, tell }, userId, "declarations.changed");
  }
}

const channelsOf = (store: Store): string[] => store.declarativeStates().map(({ user_id }) => user_id);
