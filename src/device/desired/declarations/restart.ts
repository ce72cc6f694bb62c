import type { Turn } from "../../turn.ts";
import { changeAndTell } from "./states.ts";

/** The device has nothing of what was declared: with its enrollment all declarations went, and all that it reported. */
export function restartDeclarative(turn: Turn): void {
  turn.store.restartDeclarative();
  turn.store.dropStatus();
  tellAllStates(turn);
}

/** The directory forgot them, or is about to. */
export function tellAllStates(turn: Turn): void {
  for (const { user_id } of turn.store.declarativeStates()) {
    const row = turn.store.declarative(user_id);
    if (row) changeAndTell(turn, { ...row, told: "{}" }, {});
  }
}
