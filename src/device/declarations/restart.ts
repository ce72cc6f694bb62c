import type { Desk } from "../desk.ts";
import { changeAndTell } from "./states.ts";

/** The device has nothing of what was declared: with its enrollment all declarations went, and all that it reported. */
export function restartDeclarative(desk: Pick<Desk, "store" | "tell">): void {
  desk.store.restartDeclarative();
  desk.store.dropStatus();
  tellAllStates(desk);
}

/** The directory forgot them, or is about to. */
export function tellAllStates({ store, tell }: Pick<Desk, "store" | "tell">): void {
  for (const { user_id } of store.declarativeStates()) {
    const row = store.declarative(user_id);
    if (row) changeAndTell({ store, tell }, { ...row, told: "{}" }, {});
  }
}
