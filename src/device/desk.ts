import type { NewEvent } from "../events/event.ts";
import type { Store } from "./store.ts";

/** What administrators ask of a device's object: each a turn of its own, with nothing that waits in it. */
export type Desk = {
  store: Store;
  deviceId: string;
  now: number;
  tell: (event: NewEvent) => void;
  wake: (userId: string) => void;
  /** Something is due, some time, that no event tells of. */
  plan: () => void;
};
