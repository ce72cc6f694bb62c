import type { ReportStatus } from "../../mdm/report.ts";

/**
 * Which command a device gets next, decided from values alone.
 *
 * `high` before `normal`, first in first out within; what the device fetched again and again without a word after all. Devices forget a command that they put off (NotNow), and poll by
 * themselves only if NotNow was the last thing they said: so whatever was put off is offered once more at the end of
 * an exchange, to make it end that way. https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses
 */
export type WaitingState = "queued" | "sent" | "not_now";

export type WaitingCommand = {
  id: number;
  uuid: string;
  requestType: string;
  state: WaitingState;
  high: boolean;
  /** How often it left for the device. */
  sends: number;
  /** How often it left since the device last said anything of it. */
  unanswered: number;
  /** How often it was put off since the device was last idle. */
  refusals: number;
  expiresAt: number | null;
  /** The one command an expired identity may still fetch. */
  renewal: boolean;
  /** Asked of every device day after day: after all that somebody wants. */
  routine?: boolean;
};

/** Not worth repeating on a guess: each disturbs a person, or ends what the device was doing. */
const disruptive: ReadonlySet<string> = new Set([
  "RestartDevice",
  "ShutDownDevice",
  "DeviceLock",
  "EraseDevice",
]);

/** After so many fetches without a word it may be what breaks the exchange, and the others go first. */
export const mostUnanswered = 5;

export const isStuck = ({ unanswered }: Pick<WaitingCommand, "unanswered">): boolean =>
  unanswered >= mostUnanswered;

export type ConnectMoment = {
  status: ReportStatus;
  now: number;
  /** Only what renews an expired identity. */
  renewalOnly: boolean;
  /** Only what carries a password policy: a Mac in Setup Assistant waits. */
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

/** The end of an exchange: whether the device comes back by itself for what still waits. */
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
