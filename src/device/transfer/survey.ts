import type { CommandState } from "../../events/event.ts";
import { findCommand } from "../queue/command-rpc.ts";
import type { Turn } from "../turn.ts";

/** A short summary to compare with the directory, device by device. */
export type DeviceSurvey = {
  state: "pending" | "enrolled" | "unenrolled" | "erased";
  generation: number;
  lastSeenAt: number | null;
  /** All channels, by user id. */
  channels: { userId: string; enabled: boolean }[];
  /** When the oldest undelivered event was written; null: all are delivered. */
  undeliveredSince: number | null;
};

/** A command that waits according to the directory. */
export type BelievedWaiting = {
  uuid: string;
  userId: string;
  requestType: string;
  queuedAt: number;
  origin: string;
};

export function survey({ store }: Turn): DeviceSurvey | undefined {
  if (!store.exists()) return undefined;
  const { state, generation, last_seen_at } = store.device();
  return {
    state,
    generation,
    lastSeenAt: last_seen_at,
    channels: store.channels().map((row) => ({ userId: row.user_id, enabled: row.enabled === 1 })),
    undeliveredSince: store.outboxDue(),
  };
}

/** Tells the directory the end of those commands that no longer wait here, and returns their number. */
export function announceCommands(turn: Turn, believed: readonly BelievedWaiting[]): number {
  // Undelivered events will report the end of their commands.
  if (!turn.store.exists() || turn.store.outboxCount() > 0) return 0;
  const over = believed.filter(({ userId, uuid }) => !turn.store.queuedByUuid(userId, uuid));
  for (const command of over) {
    const ending = endingOf(turn, command);
    turn.tell({
      name: "device.announced",
      ...(command.userId ? { userId: command.userId } : {}),
      detail: { uuid: command.uuid, state: ending.state },
      change: { command: { ...command, ...ending } },
    });
  }
  return over.length;
}

type Ending = { state: CommandState; finishedAt: number; error?: string };

function endingOf(turn: Turn, { userId, uuid }: BelievedWaiting): Ending {
  const known = findCommand(turn, userId, uuid);
  if (known === undefined) {
    return {
      state: "expired",
      finishedAt: turn.now,
      error: "the device's object does not know it any more",
    };
  }
  const { state, finishedAt, error } = known;
  return { state, finishedAt: finishedAt ?? turn.now, ...(error === null ? {} : { error }) };
}
