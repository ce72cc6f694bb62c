import type { PlistDict } from "../plist/value.ts";
import type { Subject } from "./subject.ts";

/**
 * Commands that cannot be undone: what they remove is lost, or the device cannot be managed until somebody has it in their
 * hands. They need the role admin, and for more than one device a confirmation of the number. This is the only table.
 */
type Rule = (payload: PlistDict, subject: Subject | undefined) => boolean;

const always: Rule = () => true;

const rules: { readonly [requestType: string]: Rule } = {
  // The device sends it for fifteen days after supervision, and never again.
  ClearActivationLockBypassCode: always,
  ClearPasscode: always,
  ClearRestrictionsPassword: always,
  DeleteUser: always,
  DeviceLock: always,
  EraseDevice: always,
  RemoveProfile: (payload, subject) =>
    subject?.enrollmentProfile !== undefined && payload.get("Identifier") === subject.enrollmentProfile,
  ShutDownDevice: always,
};

/** Without a subject: whether it is destructive on every device. */
export const isDestructive = (requestType: string, payload: PlistDict, subject?: Subject): boolean =>
  Object.hasOwn(rules, requestType) && rules[requestType]?.(payload, subject) === true;

/** Whether that depends on the device, so that its object must be asked. */
export const dependsOnDevice = (requestType: string): boolean => requestType === "RemoveProfile";
