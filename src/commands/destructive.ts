import type { PlistDict } from "../plist/value.ts";

/**
 * Commands that cannot be undone: what they remove is lost, or the device cannot be managed until somebody has it in their
 * hands. They need the role admin, and for more than one device a confirmation of the number. This is the only table.
 */
type Rule = (payload: PlistDict, target: Target | undefined) => boolean;

/** All that a rule needs of a device: the identifier of the profile that it enrolled with. */
type Target = { enrollmentProfile?: string | undefined };

const always: Rule = () => true;

const rules: { readonly [requestType: string]: Rule } = {
  // The device sends it for fifteen days after supervision, and never again.
  ClearActivationLockBypassCode: always,
  ClearPasscode: always,
  ClearRestrictionsPassword: always,
  DeleteUser: always,
  DeviceLock: always,
  EraseDevice: always,
  RemoveProfile: (payload, target) =>
    target?.enrollmentProfile !== undefined && payload.get("Identifier") === target.enrollmentProfile,
  ShutDownDevice: always,
};

/** Without a target: whether it is destructive on every device. */
export const isDestructive = (requestType: string, payload: PlistDict, target?: Target): boolean =>
  Object.hasOwn(rules, requestType) && rules[requestType]?.(payload, target) === true;

/** Whether that depends on the device, so that its object must be asked. */
export const dependsOnDevice = (requestType: string): boolean => requestType === "RemoveProfile";
