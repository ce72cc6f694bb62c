import type { DeviceColumns } from "../db/directory.ts";
import type { DeviceEvent } from "./event.ts";

/** The columns of the directory that say whether a Mac's secrets are escrowed, from the events about them. */
const columns: {
  readonly [name: string]: "hasBootstrapToken" | "hasFilevaultKey" | "hasRecoveryLock";
} = {
  "bootstrap-token": "hasBootstrapToken",
  "filevault-key": "hasFilevaultKey",
  "recovery-lock": "hasRecoveryLock",
};

export function escrowColumns({ name, detail }: DeviceEvent): DeviceColumns {
  const column = columns[String(detail.name)];
  if (column === undefined) return {};
  // A secret that a command sets is valid once the device has acknowledged the command.
  if (name === "escrow.stored") return detail.confirmed === false ? {} : { [column]: true };
  if (name === "escrow.proven") return { [column]: true };
  if (name === "escrow.unproven") return detail.state === "not-sent" ? {} : { [column]: false };
  return name === "escrow.deleted" || name === "escrow.archived" ? { [column]: false } : {};
}
