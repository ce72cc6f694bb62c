import { includesRole, type Right, type Role } from "../admin/roles.ts";
import type { PlistDict } from "../plist/value.ts";
import { isDestructive } from "./destructive.ts";
import { helpdeskCommands } from "./helpdesk.ts";
import type { Subject } from "./subject.ts";

/** Who asks for a command and whether they may give it: the role, and additional rights. */
export type Asker = { role: Role; rights: readonly Right[] };

export const mayDo = ({ role, rights }: Asker, right: Right): boolean =>
  role === "admin" || rights.includes(right);

/** Why a caller may not give one command to one device; undefined: allowed. */
export function whyNotAllowed(
  asker: Asker,
  requestType: string,
  payload: PlistDict,
  subject: Subject,
): string | undefined {
  if (helpdeskCommands.has(requestType)) return undefined;
  if (requestType === "EraseDevice")
    return mayDo(asker, "erase")
      ? undefined
      : "EraseDevice cannot be undone; it needs the role admin or the right erase";
  if (!includesRole(asker.role, "operator"))
    return `${requestType} needs the role operator; the role helpdesk may send ${[...helpdeskCommands].join(", ")}`;
  if (asker.role !== "admin" && isDestructive(requestType, payload, subject))
    return `${requestType} cannot be undone; it needs the role admin`;
  return undefined;
}
