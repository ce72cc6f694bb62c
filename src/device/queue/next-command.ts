import type { ReportStatus } from "../../mdm/report.ts";

/**
 * Which command a device gets next, decided only from values.
 *
 * `high` before `normal`, otherwise first in, first out. A command that the device fetched several times without an
 * answer comes last. Devices forget a command that they answered with NotNow, and they poll by themselves only if NotNow
 * was their last answer. So such commands are offered again at the end of an exchange. https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses
 */
export type WaitingState = "queued" | "sent" | "not_now";

export type WaitingCommand = {
  id: number;
  uuid: string;
  requestType: string;
  state: WaitingState;
  high: boolean;
  /** How often the device fetched it. */
  sends: number;
  /** How often the device fetched it since it last answered about it. */
  unanswered: number;
  /** How often the device answered NotNow since it was last idle. */
  refusals: number;
  expiresAt: number | null;
  /** The only command that an expired identity may still fetch. */
  renewal: boolean;
  /** A question to every device each day: it comes after all commands of administrators. */
  routine?: boolean;
};

/** Not sent again without an answer: each disturbs a person or interrupts the device. */
const disruptive: ReadonlySet<string> = new Set([
  "RestartDevice",
  "ShutDownDevice",
  "DeviceLock",
  "EraseDevice",
]);

/** Changes nothing on the device: it may be sent twice, and be cancelled after it was sent. Who asks notices neither. */
export const onlyAsks = (requestType: string): boolean => asking.has(requestType);

const asking: ReadonlySet<string> = new Set([
  "ActiveNSExtensions",
  "AvailableOSUpdates",
  "CertificateList",
  "ContentCachingInformation",
  "DeviceInformation",
  "InstalledApplicationList",
  "ManagedApplicationAttributes",
  "ManagedApplicationConfiguration",
  "ManagedApplicationList",
  "ManagedMediaList",
  "OSUpdateStatus",
  "ProfileList",
  "ProvisioningProfileList",
  "Restrictions",
  "SecurityInfo",
  "UserList",
]);

/** After this many fetches without an answer the command may be what breaks the exchange: the others go first. */
export const mostUnanswered = 5;

export const isStuck = ({ unanswered }: Pick<WaitingCommand, "unanswered">): boolean =>
  unanswered >= mostUnanswered;

export type ConnectMoment = {
  status: ReportStatus;
  now: number;
  /** Only the command that renews an expired identity. */
  renewalOnly: boolean;
  /** Only a command with a password policy, for a Mac that waits in Setup Assistant. */
  configurationOnly: boolean;
};

export function nextCommand(
  waiting: readonly WaitingCommand[],
  moment: ConnectMoment,
): WaitingCommand | undefined {
  const offered = waiting.filter((command) => maySend(command, moment)).sort(byTurn);
  if (moment.status === "Idle") return offered[0];
  const fresh = offered.find(({ refusals }) => refusals === 0);
  if (fresh || moment.status === "NotNow") return fresh;
  return offered.find(({ refusals }) => refusals === 1);
}

/** The end of an exchange: whether the device returns by itself for the waiting commands. */
export const pollsByItself = (status: ReportStatus): boolean => status === "NotNow";

export const isExpired = ({ expiresAt }: { expiresAt: number | null }, now: number): boolean =>
  expiresAt !== null && expiresAt <= now;

function maySend(command: WaitingCommand, { now, renewalOnly, configurationOnly }: ConnectMoment): boolean {
  if (isExpired(command, now)) return false;
  if (renewalOnly && !command.renewal) return false;
  if (configurationOnly && command.requestType !== "InstallProfile") return false;
  return !(disruptive.has(command.requestType) && command.state === "sent" && command.sends > 1);
}

const byTurn = (a: WaitingCommand, b: WaitingCommand): number =>
  Number(isStuck(a)) - Number(isStuck(b)) ||
  Number(b.high) - Number(a.high) ||
  Number(a.routine ?? false) - Number(b.routine ?? false) ||
  a.id - b.id;
