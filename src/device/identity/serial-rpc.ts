import type { NewEvent } from "../../events/event.ts";
import type { ProvenIdentifiers } from "../../mdm/proven.ts";
import type { Turn } from "../turn.ts";
import { factsOf, provenOf } from "../turn.ts";

/**
 * Whether the device is enrolled and goes by this serial number. Asked on behalf of another device that tells the same
 * one, which is worth an event.
 */
export function goesBy({ store, tell }: Turn, serial: string, other: string): boolean {
  if (!store.exists()) return false;
  const device = store.device();
  // An enrollment that an administrator has ended keeps nobody out.
  if (device.state !== "enrolled" || device.ending === 1) return false;
  if (factsOf(device).SerialNumber !== serial || provenOf(device).serial_number === "disputed") return false;
  tell({ name: "serial_number.claimed", detail: { serial_number: serial, by: other } });
  return true;
}

/** An administrator gave the number to another device. This one stays enrolled, and the number counts for it no more. */
export function loseSerial({ store, tell }: Turn, serial: string, heldBy: string): void {
  if (!store.exists() || factsOf(store.device()).SerialNumber !== serial) return;
  const proven = disputed({ tell }, serial, heldBy, provenOf(store.device()));
  store.setDevice({ proven: JSON.stringify(proven) });
}

export function disputed(
  { tell }: { tell: (event: NewEvent) => void },
  serial: string,
  heldBy: string,
  before: ProvenIdentifiers,
): ProvenIdentifiers {
  const proven = { ...before, serial_number: "disputed" as const };
  tell({
    name: "serial_number.disputed",
    detail: { serial_number: serial, held_by: heldBy },
    change: { device: { proven } },
  });
  return proven;
}
