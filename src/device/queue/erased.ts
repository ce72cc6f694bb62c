import { hasLeft } from "../../events/event.ts";
import { leave } from "../identity/leave.ts";
import type { QueueRow } from "../store/rows.ts";
import type { Turn } from "../turn.ts";

/**
 * The device acknowledged our EraseDevice: its enrollment is gone. It may come back as a new device (with Return to
 * Service even automatically), with any challenge that does not name another device. Its escrow stays, because somebody
 * may need it before that.
 */
export function noteErased(turn: Turn, { uuid, user_id, request_type }: QueueRow): void {
  if (request_type !== "EraseDevice" || user_id !== "" || hasLeft(turn.store.device().state)) return;
  leave(turn, "erased");
  turn.tell({
    name: "device.erased",
    detail: { uuid },
    change: {
      device: { state: "erased", unenrolledAt: turn.now, erasedAt: turn.now },
      allChannels: "disabled",
    },
  });
}
