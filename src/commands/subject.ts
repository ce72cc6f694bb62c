import type { Context } from "../catalog/context.ts";
import { contextOf, termsOf } from "../device/client/context.ts";
import type { DeviceDescription } from "../device/description.ts";

/** Whom a command is for, with what is known of them: from the device's object, or from its row in the directory. */
export type Subject = {
  deviceId: string;
  /** Empty for the device channel. */
  userId: string;
  context: Context;
  /** PayloadIdentifier of the profile whose removal ends the enrollment; undefined when it is not known. */
  enrollmentProfile: string | undefined;
};

/** What the directory's row of a device tells. */
export type KnownDevice = {
  id: string;
  kind: Context["enrollmentKind"] & string;
  platform: Context["platform"] | null;
  osVersion: string | null;
  supervised: boolean | null;
};

export const subjectOfRow = (row: KnownDevice, userId: string): Subject => ({
  deviceId: row.id,
  userId,
  context: {
    channel: channelOf(userId),
    platform: row.platform ?? undefined,
    osVersion: row.osVersion ?? undefined,
    enrollmentKind: row.kind,
    supervised: row.supervised ?? (row.kind === "ade" ? true : undefined),
  },
  enrollmentProfile: undefined,
});

export const subjectOf = (
  deviceId: string,
  userId: string,
  known: DeviceDescription | undefined,
): Subject => ({
  deviceId,
  userId,
  context: contextOf(userId, known),
  // What the device lists is surer than what was issued: somebody may have enrolled it with another profile.
  enrollmentProfile: known && (known.traits.enrollmentProfile ?? termsOf(known).identifier),
});

const channelOf = (userId: string): "user" | "device" => (userId === "" ? "device" : "user");
