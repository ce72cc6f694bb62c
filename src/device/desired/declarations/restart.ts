import type { Turn } from "../../turn.ts";
import { changeAndTell } from "./states.ts";

/** The device has nothing of what was declared: with its enrollment all declarations went, and all that it reported. */
export function restartDeclarative(turn: Pick<Turn, "store" | "tell">): void {
  turn.store.restartDeclarative();
  turn.store.dropStatus();
  tellAllStates(turn);
}

/** The directory forgot them, or is about to. */
export function tellAllStates({ store, tell }: Pick<Turn, "store" | "tell">): void {
  for (const { user_id } of store.declarativeStates()) {
    const row = store.declarative(user_id);
    if (row) changeAndTell({ store, tell }, { ...row, told: "{}" }, {});
  }
}
