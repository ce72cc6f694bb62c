import type { EventRow } from "../db/events.ts";
import type { Answer } from "./client.ts";

/**
 * Events of one device leave one after the other, those of different devices side by side: each device is a lane. The
 * first failure of a lane ends it for this turn.
 */
export type Parcel = {
  event: EventRow;
  /** How often it was tried before. */
  attempts: number;
  /** Whether it waits in the store already. */
  isStored: boolean;
};

export type Tried = Parcel & { answer: Answer; at: number };

export type Delivered = { tried: Tried[]; untried: Parcel[] };

/** A Worker may wait for six answers at a time. */
const sideBySide = 6;
/** Nothing is begun after so long: what a turn did is written at its end. */
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

// A message of a certain form is not taken; the receiver may well take others.
const aboutTheMessage: readonly number[] = [400, 406, 409, 411, 412, 413, 414, 415, 416, 417, 422, 428, 431];

/** Whether the receiver takes nothing at all, as far as one answer tells. */
export const isReceiversFault = ({ status, fault }: Answer): boolean =>
  fault !== null && !(status !== null && aboutTheMessage.includes(status));
