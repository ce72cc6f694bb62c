import type { Bytes } from "../base/bytes.ts";
import type { IdentityRefusal } from "./identity/enrollment-state.ts";

/** What the object answers to a device's message; the door turns it into HTTP. */
export type Reply =
  | { kind: "empty" }
  | { kind: "plist"; body: Bytes; uuid?: string }
  | { kind: "json"; body: Bytes }
  /** It may have what it asks for; the object must open that first, which waits, and a turn does not. */
  | { kind: "granted" }
  /** The answer depends on who issued the certificate, or on a setting: find out, and ask again with what was found. */
  | { kind: "look-up"; serial?: string | undefined }
  /**
   * All is well, but this certificate, and the serial number that is named, must first be claimed for the device: do
   * that, and ask again. `from`: the device that the number is taken from.
   */
  | { kind: "claim"; serial?: string | undefined; from?: string | undefined }
  /** The device shows a token that is not known here: find out whose it is, and ask again with that. */
  | { kind: "authorize" }
  /** Of a device that enrolled by a sign-in, and of no other: the person must sign in again. */
  | { kind: "sign-in" }
  /** An administrator ended this enrollment: the device is told to remove its profile. */
  | { kind: "unenroll"; by: "document" | "401" }
  | { kind: "refused"; refusal: DeviceRefusal };

export type DeviceRefusal =
  | IdentityRefusal
  | { reason: "user-declined"; detail: string }
  | { reason: "too-many-user-channels"; detail: string }
  | { reason: "unknown-declaration"; detail: string }
  | { reason: "unknown-endpoint"; detail: string }
  | { reason: "unknown-token-service"; detail: string }
  | { reason: "user-channel-only"; detail: string }
  | { reason: "device-channel-only"; detail: string };

export const granted: Reply = { kind: "granted" };

export const needsLookup: Reply = { kind: "look-up" };

export const claim: Reply = { kind: "claim" };

export const empty: Reply = { kind: "empty" };

export const refused = (refusal: DeviceRefusal): Reply => ({ kind: "refused", refusal });
