import type { Context } from "../../catalog/context.ts";
import { platformOf } from "../../mdm/platform.ts";
import type { CommandFacts } from "../description.ts";
import type { EnrollmentTerms } from "../identity/enrollment.ts";

/** The facts about a device and one of its channels by which the catalogue judges commands. */
export function contextOf(userId: string, known: CommandFacts | undefined): Context {
  const channel = userId === "" ? "device" : "user";
  if (known === undefined) return { channel };
  const { ProductName, Model, ModelName, OSVersion } = known.facts;
  const { kind, profile } = termsOf(known);
  const { supervised, sharedIpad } = known.traits;
  return {
    channel,
    platform: platformOf([ProductName, Model, ModelName]),
    osVersion: OSVersion,
    enrollmentKind: kind,
    // Automated enrollment makes a device supervised, even if the device has not reported it yet.
    supervised: supervised ?? (kind === "ade" ? true : undefined),
    sharedIpad,
    accessRights: typeof profile.AccessRights === "number" ? profile.AccessRights : undefined,
  };
}

const kinds = ["device", "ade", "account_device", "user"] as const;

/** What its enrollment profile set. */
export function termsOf({ terms, channels }: Pick<CommandFacts, "terms" | "channels">): {
  kind: Context["enrollmentKind"];
  profile: { [key: string]: unknown };
  identifier: string | undefined;
} {
  const { kind, profile = {}, identifier } = JSON.parse(terms ?? "{}") as Partial<EnrollmentTerms>;
  const byUser = channels.some((channel) => channel.kind === "user_enrollment");
  return { kind: byUser ? "user" : kinds.find((known) => known === kind), profile, identifier };
}
