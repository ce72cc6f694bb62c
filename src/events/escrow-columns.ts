import type { DeviceColumns } from "../db/directory.ts";
import type { DeviceEvent } from "./event.ts";

/** What of a Mac's escrow the directory shows: whether it is there at all. Read off the events that tell of it. */
const columns: { readonly [name: string]: "hasBootstrapToken" | "hasFilevaultKey" } = {
  "bootstrap-token": "hasBootstrapToken",
  "filevault-key": "hasFilevaultKey",
};

export function escrowColumns({ name, detail }: DeviceEvent): DeviceColumns {
  const column = columns[String(detail.name)];
  if (column === undefined) return {};
  // A secret that a command sets is in force once the device has taken it.
  if (name === "escrow.stored") return detail.confirmed === false ? {} : { [column]: true };
  return name === "escrow.deleted" || name === "escrow.archived" ? { [column]: false } : {};
}
