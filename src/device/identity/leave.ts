import type { Turn } from "../turn.ts";

/** The enrollment is over, and nothing of it waits any more. What was escrowed stays: somebody may need it. */
export function leave({ store }: Turn, state: "unenrolled" | "erased"): void {
  store.disableChannels();
  store.dropAssignment();
  store.dropSetups();
  store.setDevice({ state });
}

export function unenroll(turn: Turn, by: "device" | "administrator"): void {
  leave(turn, "unenrolled");
  turn.tell({
    name: "device.unenrolled",
    detail: { by },
    change: { device: { state: "unenrolled", unenrolledAt: turn.now }, allChannels: "disabled" },
  });
}
