import type { Context } from "../catalog/context.ts";
import { contextOf, termsOf } from "../device/client/context.ts";
import type { CommandFacts } from "../device/description.ts";

/** The receiver of a command with its known facts: from the device's object, or from its row in the directory. */
export type Subject = {
  deviceId: string;
  /** Empty for the device channel. */
  userId: string;
  context: Context;
  /** PayloadIdentifier of the profile whose removal ends the enrollment; undefined when it is not known. */
  enrollmentProfile: string | undefined;
};

/** The facts in the directory's row of a device. */
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

export const subjectOf = (deviceId: string, userId: string, known: CommandFacts | undefined): Subject => ({
  deviceId,
  userId,
  context: contextOf(userId, known),
  // The device's own list is more reliable than what was issued: it may be enrolled with another profile.
  enrollmentProfile: known && (known.traits.enrollmentProfile ?? termsOf(known).identifier),
});

const channelOf = (userId: string): "user" | "device" => (userId === "" ? "device" : "user");
