import type { Turn } from "../../turn.ts";
import { changeAndTell } from "./states.ts";

/** The device has no declarations any more: they ended with its enrollment, and so did what it reported. */
export function restartDeclarative(turn: Turn): void {
  turn.store.restartDeclarative();
  turn.store.dropStatus();
  tellAllStates(turn);
}

/** The directory has deleted them or will soon. */
export function tellAllStates(turn: Turn): void {
  for (const { user_id } of turn.store.declarativeStates()) {
    const row = turn.store.declarative(user_id);
    if (row) changeAndTell(turn, { ...row, told: "{}" }, {});
  }
}
