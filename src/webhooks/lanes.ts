import type { EventRow } from "../db/events.ts";
import type { Answer } from "./client.ts";

/**
 * Events of one device are sent one after the other, those of different devices in parallel: each device is a lane. The
 * first failure in a lane ends it for this turn.
 */
export type Parcel = {
  event: EventRow;
  /** The number of earlier tries. */
  attempts: number;
  /** Whether it is already in the store. */
  isStored: boolean;
};

export type Tried = Parcel & { answer: Answer; at: number };

export type Delivered = { tried: Tried[]; untried: Parcel[] };

/** A Worker may wait for six answers at the same time. */
const sideBySide = 6;
/** Nothing starts after this time, because the results of a turn are written at its end. */
const longestTurnMs = 60_000;

export async function deliverLanes(
  parcels: readonly Parcel[],
  attempt: (event: EventRow) => Promise<Answer>,
  now: () => number,
): Promise<Delivered> {
  const lanes = [...Map.groupBy(parcels, ({ event }) => event.deviceId).values()];
  const tried: Tried[] = [];
  const untried: Parcel[] = [];
  const startedAt = now();
  const isOver = (): boolean =>
    now() - startedAt > longestTurnMs ||
    (tried.length >= sideBySide && tried.every(({ answer }) => isReceiversFault(answer)));

  const run = async (): Promise<void> => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      for (const [index, parcel] of lane.entries()) {
        if (isOver()) {
          untried.push(...lane.slice(index));
          break;
        }
        const at = now();
        const answer = await attempt(parcel.event);
        tried.push({ ...parcel, answer, at });
        if (answer.fault === null) continue;
        untried.push(...lane.slice(index + 1));
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, run));
  return { tried, untried };
}

// The receiver refuses this message; it may accept others.
const aboutTheMessage: readonly number[] = [400, 406, 409, 411, 412, 413, 414, 415, 416, 417, 422, 428, 431];

/** Whether the receiver accepts nothing at all, judged from one answer. */
export const isReceiversFault = ({ status, fault }: Answer): boolean =>
  fault !== null && !(status !== null && aboutTheMessage.includes(status));
