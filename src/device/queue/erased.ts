import { hasLeft } from "../../events/event.ts";
import type { QueueRow } from "../store/rows.ts";
import type { Turn } from "../turn.ts";

/**
 * The device took our EraseDevice: what it was enrolled with is gone, and it may come back as a new device (Return to
 * Service does so by itself), by any challenge that does not name another. Its escrow stays: until then somebody may
 * still have to open it.
 */
export function noteErased(turn: Turn, { uuid, user_id, request_type }: QueueRow): void {
  if (request_type !== "EraseDevice" || user_id !== "" || hasLeft(turn.store.device().state)) return;
  turn.store.disableChannels();
  turn.store.dropAssignment();
  turn.store.dropSetups();
  turn.store.setDevice({ state: "erased" });
  turn.tell({
    name: "device.erased",
    detail: { uuid },
    change: {
      device: { state: "erased", unenrolledAt: turn.now, erasedAt: turn.now },
      allChannels: "disabled",
    },
  });
}
