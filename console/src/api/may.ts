// What the person may do. The server decides; this only keeps buttons away that would be refused.
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

/** What else cannot be undone needs the role admin: the server says so when asked. */
export function maySend(requestType: string): boolean {
  if (requestType === "EraseDevice") return hasRight("erase");
  return hasRole(helpdeskCommands.has(requestType) ? "helpdesk" : "operator");
}
