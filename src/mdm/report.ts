import type { PlistDict, PlistValue } from "../plist/value.ts";
import { BadKey, Keys } from "./keys.ts";

/**
 * A device's message when it connects: the outcome of a command, or that it is idle.
 * https://developer.apple.com/documentation/devicemanagement/implementing-device-management
 *
 * Leaves to others: the answer keys of each command (all bytes of the report are kept).
 */
export const reportStatuses = ["Idle", "Acknowledged", "Error", "CommandFormatError", "NotNow"] as const;

export type ReportStatus = (typeof reportStatuses)[number];

export type Report = {
  Status: ReportStatus;
  /** Absent with Idle. */
  CommandUUID: string | undefined;
  /** The outermost error first; for people, and unstable between releases. */
  ErrorChain: ChainedError[];
  /** A macOS login waits until the answer is empty. */
  NeedSyncResponse: boolean;
  /** macOS Setup Assistant asks for the password policy only. */
  UserConfiguration: boolean;
  /** Why the report cannot be read; it then gets a 200 without a command. */
  undecodable: string | undefined;
};

export type ChainedError = {
  ErrorCode: number | undefined;
  ErrorDomain: string | undefined;
  description: string | undefined;
};

/**
 * Never refuses: a device repeats a report until it gets a 200, so an unreadable one would come back without end and
 * block everything behind it.
 */
export function decodeReport(message: PlistDict): Report {
  const keys = new Keys(message);
  try {
    const status = keys.string("Status");
    if (!isStatus(status)) return undecodable(`Status ${JSON.stringify(status.slice(0, 64))} is not known`);
    const uuid = keys.optionalString("CommandUUID");
    if (status !== "Idle" && !uuid) return undecodable(`CommandUUID is missing with Status ${status}`);
    return {
      Status: status,
      CommandUUID: status === "Idle" ? undefined : uuid,
      ErrorChain: errorChain(message.get("ErrorChain")),
      NeedSyncResponse: keys.flag("NeedSyncResponse"),
      UserConfiguration: keys.flag("UserConfiguration"),
      undecodable: undefined,
    };
  } catch (error) {
    if (error instanceof BadKey) return undecodable(error.detail);
    throw error;
  }
}

export const undecodable = (why: string): Report => ({
  Status: "Idle",
  CommandUUID: undefined,
  ErrorChain: [],
  NeedSyncResponse: false,
  UserConfiguration: false,
  undecodable: why,
});

const isStatus = (status: string): status is ReportStatus =>
  (reportStatuses as readonly string[]).includes(status);

// Lenient on purpose: an unexpected error chain must not prevent the end of a command.
function errorChain(chain: PlistValue | undefined): ChainedError[] {
  if (!Array.isArray(chain)) return [];
  return chain.slice(0, 20).flatMap((entry) => (entry instanceof Map ? [chainedError(entry)] : []));
}

const chainedError = (entry: PlistDict): ChainedError => ({
  ErrorCode: typeof entry.get("ErrorCode") === "number" ? (entry.get("ErrorCode") as number) : undefined,
  ErrorDomain: text(entry.get("ErrorDomain")),
  description: text(entry.get("USEnglishDescription")) ?? text(entry.get("LocalizedDescription")),
});

const text = (value: PlistValue | undefined): string | undefined =>
  typeof value === "string" ? value.slice(0, 1000) : undefined;
