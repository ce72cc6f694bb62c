import { includesRole, type Right, type Role } from "../admin/roles.ts";
import type { PlistDict } from "../plist/value.ts";
import { isDestructive } from "./destructive.ts";
import type { Subject } from "./subject.ts";

/** Who asks for a command, and whether they may have it: the role, and the rights on top of it. */
export type Asker = { role: Role; rights: readonly Right[] };

export const mayDo = ({ role, rights }: Asker, right: Right): boolean =>
  role === "admin" || rights.includes(right);

/** What helps a person whose device is lost, locked or stuck. All of it to one device at a time. */
const helpdeskCommands: ReadonlySet<string> = new Set([
  "ClearPasscode",
  "DeviceLocation",
  "DeviceLock",
  "DisableLostMode",
  "EnableLostMode",
  "PlayLostModeSound",
  "RestartDevice",
]);

/** Of one command to one device; undefined: they may. */
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
      : "EraseDevice cannot be taken back; it needs the role admin, or the right erase";
  if (!includesRole(asker.role, "operator"))
    return `${requestType} needs the role operator; the role helpdesk may send ${[...helpdeskCommands].join(", ")}`;
  if (asker.role !== "admin" && isDestructive(requestType, payload, subject))
    return `${requestType} cannot be taken back; it needs the role admin`;
  return undefined;
}
