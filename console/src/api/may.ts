// What the person may do. The server decides; this only keeps buttons away that would be refused.
import { isDestructive } from "../../../src/commands/destructive.ts";
import { helpdeskCommands } from "../../../src/commands/helpdesk.ts";
import { access } from "./access.ts";
import { type Session, session } from "./session.ts";

/** A call that more than a viewer may be needed for: `POST /devices/{id}/commands`. */
export type AllowedCall = keyof typeof access;

const roles = ["viewer", "helpdesk", "operator", "admin"] as const satisfies Session["role"][];

export const hasRole = (needed: Session["role"]): boolean => {
  const held = session.value?.role;
  return held !== undefined && roles.indexOf(held) >= roles.indexOf(needed);
};

/** An admin has all rights. */
export const hasRight = (right: Session["rights"][number]): boolean =>
  hasRole("admin") || session.value?.rights.includes(right) === true;

/** `may("PUT /profiles/{identifier}")`: from the table that docs/roles.md is made of, too. */
export function may(call: AllowedCall): boolean {
  const [role, right] = access[call].split(" ") as [Session["role"], Session["rights"][number]?];
  return hasRole(role) || (right !== undefined && hasRight(right));
}

/** To one device, as the server decides it. */
export function maySend(requestType: string): boolean {
  if (helpdeskCommands.has(requestType)) return hasRole("helpdesk");
  if (requestType === "EraseDevice") return hasRight("erase") && hasRole("helpdesk");
  return hasRole(isDestructive(requestType, new Map()) ? "admin" : "operator");
}
