import { accessRight } from "./access-rights.ts";
import { commandSpec } from "./lookup.ts";
import type { Mode, Platform } from "./spec.ts";

/**
 * What a command asks of the enrollment that it goes to, as a few plain values: for a device's object, which knows its
 * enrollment best and never loads the catalogue.
 */
export type Demands = {
  /** A bit of AccessRights, and Apple's name for it. */
  right?: { bit: number; name: string };
  /** Where it works on a Shared iPad. */
  sharedIpad?: { mode?: Mode; device: boolean; user: boolean };
};

/** Undefined: it asks nothing that only the enrollment could tell. */
export async function demandsOf(requestType: string, platform: Platform): Promise<Demands | undefined> {
  const facts = (await commandSpec(requestType))?.os[platform];
  if (!facts) return undefined;
  const bit = accessRight(facts.accessrights);
  const { mode, devicechannel = true, userchannel = true } = facts.sharedipad ?? {};
  const right = bit > 0 ? { right: { bit, name: facts.accessrights ?? "" } } : {};
  const matters = mode === "required" || mode === "forbidden" || !devicechannel || !userchannel;
  const sharedIpad = matters
    ? { sharedIpad: { ...(mode && { mode }), device: devicechannel, user: userchannel } }
    : {};
  return bit > 0 || matters ? { ...right, ...sharedIpad } : undefined;
}
