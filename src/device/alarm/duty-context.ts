import type { PushTarget } from "../queue/push-again.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../turn.ts";
import type { Vault } from "../vault.ts";

export type TakeTurn = <Answer>(act: (turn: Turn) => Answer) => Answer;

/** What the alarm's work needs. It awaits between turns, never within one. */
export type DutyContext = {
  store: Store;
  vault: Vault;
  env: Env;
  deviceId: string;
  takeTurn: TakeTurn;
  /** Pushes again to a channel that did not connect. */
  pushAgain: (target: PushTarget) => Promise<unknown>;
};
