import type { PlistDict } from "../plist/value.ts";
import type { Subject } from "./subject.ts";

/**
 * Commands that cannot be taken back: what they remove is gone, or the device is, until somebody holds it in their
 * hands. They need the role admin, and to more than one device a confirmation of how many. One table.
 */
type Rule = (payload: PlistDict, subject: Subject | undefined) => boolean;

const always: Rule = () => true;

const rules: { readonly [requestType: string]: Rule } = {
  // The device tells it for fifteen days after supervision, and never again.
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

/** Without a subject: whether it is for every device, whichever. */
export const isDestructive = (requestType: string, payload: PlistDict, subject?: Subject): boolean =>
  Object.hasOwn(rules, requestType) && rules[requestType]?.(payload, subject) === true;

/** Whether that depends on the device, and has to be asked of its object. */
export const dependsOnDevice = (requestType: string): boolean => requestType === "RemoveProfile";
