import type { NewEvent } from "../../events/event.ts";
import type { ProvenIdentifiers } from "../../mdm/proven.ts";
import type { Turn } from "../turn.ts";
import { factsOf, provenOf } from "../turn.ts";

/**
 * Whether the device is enrolled and has this serial number. Asked for another device that reports the same number, which
 * leaves an event.
 */
export function goesBy({ store, tell }: Turn, serial: string, other: string): boolean {
  if (!store.exists()) return false;
  const device = store.device();
  // An enrollment that an administrator has ended does not count.
  if (device.state !== "enrolled" || device.ending === 1) return false;
  if (factsOf(device).SerialNumber !== serial || provenOf(device).serial_number === "disputed") return false;
  tell({ name: "serial_number.claimed", detail: { serial_number: serial, by: other } });
  return true;
}

/** An administrator gave the number to another device. This device stays enrolled and no longer has the number. */
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
