import {
  type ChannelName,
  countChannelsWith,
  listChannelsWith,
  mostCounted,
} from "../db/affected-channels.ts";
import { listSetsWith } from "../db/declarations.ts";
import type { Db } from "../db/open.ts";
import type { Saved } from "./declarations.ts";

/** The sets and channels that a change would reach. */
export type Plan = {
  sets: string[];
  channels: number;
  /** False: there are more than the counted ones. */
  isComplete: boolean;
  names: ChannelName[];
};

const mostSets = 200;
/** Each one costs a query. */
const mostWalked = 30;

export async function planOf(
  db: Db,
  { row: { identifier }, outcome }: Pick<Saved, "row" | "outcome">,
  limit: number,
  after: readonly [deviceId: string, userId: string] | undefined,
): Promise<Plan> {
  const sets = await listSetsWith(db, identifier, mostSets);
  if (outcome === "unchanged") return { sets, channels: 0, isComplete: true, names: [] };
  const [channels, names] = await Promise.all([
    countChannelsWith(db, sets),
    listChannelsWith(db, sets.slice(0, mostWalked), limit, after),
  ]);
  return { sets, channels, isComplete: channels < mostCounted && sets.length <= mostWalked, names };
}
