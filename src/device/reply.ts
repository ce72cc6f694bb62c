import type { Bytes } from "../base/bytes.ts";
import type { PlistInput } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import type { IdentityRefusal } from "./identity/enrollment.ts";

/** The object's answers to a device's message; the handlers turn them into HTTP. */
export type Reply =
  | { kind: "empty" }
  | { kind: "plist"; body: Bytes; uuid?: string }
  | { kind: "json"; body: Bytes }
  /** The device may have what it asks for. The object must open that first: this awaits, so it happens after the turn. */
  | { kind: "granted" }
  /** The answer depends on who issued the certificate, or on a setting: look that up and ask again with the result. */
  | { kind: "look-up"; serial?: string | undefined }
  /**
   * Everything is correct, but first this certificate and the named serial number must be claimed for the device: do
   * that and ask again. `from`: the device that loses the number.
   */
  | { kind: "claim"; serial?: string | undefined; from?: string | undefined }
  /** The device shows a token that is not known here: find out whose it is, and ask again with that. */
  | { kind: "authorize" }
  /** Of a device that enrolled by a sign-in, and of no other: the person must sign in again. */
  | { kind: "sign-in" }
  /** An administrator ended this enrollment: the answer makes the device remove its profile. */
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

export const onDeviceChannelOnly = (type: string): Reply =>
  refused({ reason: "device-channel-only", detail: `${type} belongs to the device channel` });

export const onUserChannelOnly = (type: string): Reply =>
  refused({ reason: "user-channel-only", detail: `${type} belongs to a user channel` });

export const plist = (value: PlistInput): Reply => ({ kind: "plist", body: writePlist(value) });
