import type { Context } from "../catalog/context.ts";
import type { DeviceDescription } from "../device/administration.ts";
import type { EnrollmentTerms } from "../device/enrollment-state.ts";
import { platformOf } from "../mdm/platform.ts";

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

export function subjectOf(deviceId: string, userId: string, known: DeviceDescription | undefined): Subject {
  const channel = channelOf(userId);
  if (known === undefined) return { deviceId, userId, context: { channel }, enrollmentProfile: undefined };
  const { ProductName, Model, ModelName, OSVersion } = known.facts;
  const { kind, profile, identifier } = termsOf(known);
  const { supervised, sharedIpad, enrollmentProfile } = known.traits;
  return {
    deviceId,
    userId,
    context: {
      channel,
      platform: platformOf([ProductName, Model, ModelName]),
      osVersion: OSVersion,
      enrollmentKind: kind,
      // Automated enrollment makes a device supervised, whether it told us yet or not.
      supervised: supervised ?? (kind === "ade" ? true : undefined),
      sharedIpad,
      accessRights: typeof profile.AccessRights === "number" ? profile.AccessRights : undefined,
    },
    // What the device lists is surer than what was issued: somebody may have enrolled it with another profile.
    enrollmentProfile: enrollmentProfile ?? identifier,
  };
}

const channelOf = (userId: string): "user" | "device" => (userId === "" ? "device" : "user");

const kinds = ["device", "ade", "account_device", "user"] as const;

function termsOf({ terms, channels }: DeviceDescription): {
  kind: Context["enrollmentKind"];
  profile: { [key: string]: unknown };
  identifier: string | undefined;
} {
  const { kind, profile = {}, identifier } = JSON.parse(terms ?? "{}") as Partial<EnrollmentTerms>;
  const byUser = channels.some((channel) => channel.kind === "user_enrollment");
  return { kind: byUser ? "user" : kinds.find((known) => known === kind), profile, identifier };
}
