import { hour } from "../base/time.ts";
import { devicesChanged } from "../db/assignment-changes.ts";
import { devicesWith } from "../db/channel-sets.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import type { Db } from "../db/open.ts";
import {
  type Enrolled,
  enrolledAmong,
  itemStates,
  plainTokens,
  setsAmong,
  wrappersOf,
} from "../db/rollout-progress.ts";
import {
  areFiltersDue,
  endRollout,
  itemsOfRollout,
  type Progress,
  type RolloutRow,
  setsOfRollout,
  standsAsRead,
  stepRollout,
} from "../db/rollouts.ts";
import type { RingCounts } from "../db/schema/rollouts.ts";
import { announceIf, type ServerEvent } from "../events/announce.ts";
import { changesOf, rolloutEvent } from "./changes.ts";
import { beganAt, judge, type Verdict } from "./judge.ts";
import { counted, emptyCounts, outcomeOf } from "./outcome.ts";
import { cutoffsOf, mostCountedOut, placeOf, ringCount, ringOf } from "./rings.ts";

/**
 * One page of the work on one rollout. Each walk goes over the devices that have one of its sets, in pages, and may be
 * done again from its beginning: what it found is written at its end, if the rollout is still as it was read.
 *
 * `share`: which places belong to which ring. `tell`: the devices of a ring that has just opened must reconcile.
 * `count`: how far the devices are; then the rollout waits, opens its next ring, halts or ends.
 */
export type Walk = {
  does: "share" | "tell" | "count";
  revision: number;
  after: string;
  /** Of the devices so far, until there are too many to count out. */
  places: number[] | null;
  counts: RingCounts[];
};

/** The next page of the walk; undefined: the walk has ended, or it must wait before it begins. */
export type Stepped = { next: Walk | undefined; waits: boolean };

export const devicesAWalk = 250;

export function walkFor(row: RolloutRow): Walk {
  const does = row.cutoffs === null ? "share" : row.toldRing < row.ring ? "tell" : "count";
  return { does, revision: row.revision, after: "", places: [], counts: emptyCounts(ringCount(row.plan)) };
}

export async function stepOn(env: Env, db: Db, row: RolloutRow, walk: Walk, now: number): Promise<Stepped> {
  const sets = await setsOfRollout(db, row.id);
  // Devices that a filter is still to find would be in no ring.
  if (walk.does === "share" && walk.after === "" && (await areFiltersDue(db, sets)))
    return { next: undefined, waits: true };
  const ids = await devicesWith(db, sets, devicesAWalk, walk.after);
  const enrolled = await enrolledAmong(db, ids);
  const last = ids.length === devicesAWalk ? ids.at(-1) : undefined;
  const next = await pageOf(db, row, walk, enrolled, now);
  if (last !== undefined) return { next: { ...next, after: last }, waits: false };
  await finishWalk(env, db, row, next, now);
  return { next: undefined, waits: false };
}

async function pageOf(
  db: Db,
  row: RolloutRow,
  walk: Walk,
  devices: readonly Enrolled[],
  now: number,
): Promise<Walk> {
  const ids = devices.map(({ id }) => id);
  const places = await Promise.all(ids.map((id) => placeOf(row.seed, id)));
  if (walk.does === "share") {
    const all = walk.places && [...walk.places, ...places];
    return { ...walk, places: all && all.length <= mostCountedOut ? all : null };
  }
  const rings = await ringsOf(db, row, ids, places);
  if (walk.does === "tell") {
    const opened = ids.filter((_, index) => isBetween(rings[index], row.toldRing, row.ring));
    if (opened.length > 0) await applyTogether(db, [devicesChanged(db, opened, { now })]);
    return walk;
  }
  return { ...walk, counts: await countPage(db, row, walk.counts, devices, rings, now) };
}

const isBetween = (ring: number | undefined, told: number, open: number): boolean =>
  ring !== undefined && ring > told && ring <= open;

async function ringsOf(
  db: Db,
  { plan, cutoffs }: RolloutRow,
  ids: readonly string[],
  places: readonly number[],
): Promise<number[]> {
  const named = plan.rings.flatMap((ring) => ("sets" in ring ? ring.sets : []));
  const held = named.length > 0 ? await setsAmong(db, ids, named) : [];
  const setsBy = Map.groupBy(held, ({ deviceId }) => deviceId);
  return ids.map((id, index) => {
    const own = new Set(setsBy.get(id)?.map(({ setName }) => setName));
    return ringOf(plan, cutoffs ?? [], places[index] ?? 0, own);
  });
}

async function countPage(
  db: Db,
  row: RolloutRow,
  before: readonly RingCounts[],
  devices: readonly Enrolled[],
  rings: readonly number[],
  now: number,
): Promise<RingCounts[]> {
  const items = await itemsOfRollout(db, row.id);
  const named = (kind: "profile" | "declaration") =>
    items.filter((item) => item.kind === kind).map(({ identifier }) => identifier);
  const [profiles, declarations] = [named("profile"), named("declaration")];
  const reached = devices.filter((_, index) => (rings[index] ?? 0) <= row.ring).map(({ id }) => id);
  // A profile may come with a declaration that wraps it.
  const wrappers = new Map(
    (await wrappersOf(db, profiles)).map(({ identifier, profile }) => [identifier, profile]),
  );
  const [found, tokens] = await Promise.all([
    itemStates(db, reached, { profiles, declarations: [...declarations, ...wrappers.keys()] }),
    declarations.length > 0 ? plainTokens(db, declarations) : [],
  ]);
  const states = found.flatMap((state) => {
    const profile = state.kind === "declaration" ? wrappers.get(state.identifier) : undefined;
    return profile === undefined
      ? [state]
      : [state, { ...state, kind: "profile" as const, identifier: profile }];
  });
  const statesBy = Map.groupBy(states, ({ deviceId }) => deviceId);
  const tokenBy = new Map(tokens.map(({ identifier, serverToken }) => [identifier, serverToken]));
  let counts = [...before];
  for (const [index, device] of devices.entries()) {
    const ring = rings[index] ?? 0;
    // A device cannot answer before it is enrolled.
    const began = Math.max(beganAt(row, ring, now), device.enrolledAt ?? 0);
    const opening = {
      openedAt: row.openedAt[ring] ?? now,
      silentAt: began + row.plan.silentHours * hour,
      tokens: tokenBy,
    };
    const outcome =
      ring <= row.ring ? outcomeOf(items, statesBy.get(device.id) ?? [], opening, now) : undefined;
    counts = counted(counts, ring, outcome);
  }
  return counts;
}

async function finishWalk(env: Env, db: Db, row: RolloutRow, walk: Walk, now: number): Promise<void> {
  if (walk.does === "share") {
    const cutoffs = cutoffsOf(row.plan.rings, walk.places ?? undefined);
    const step = stepRollout(db, row, { cutoffs, ring: 0, openedAt: [now] });
    await announceIf(env, standsAsRead(row), rolloutEvent("rollout.started", row), now, [step]);
  } else if (walk.does === "tell") {
    await applyTogether(db, [stepRollout(db, row, { toldRing: row.ring })]);
  } else {
    await act(env, db, row, walk.counts, judge(row, walk.counts, now), now);
  }
}

async function act(
  env: Env,
  db: Db,
  row: RolloutRow,
  counts: RingCounts[],
  verdict: Verdict,
  now: number,
): Promise<void> {
  const seen: Progress = { counts, countedAt: now };
  if (row.state === "halted" || verdict.does === "wait") {
    await applyTogether(db, [stepRollout(db, row, seen)]);
    return;
  }
  const tell = (event: ServerEvent, statements: readonly Statement[]) =>
    announceIf(env, standsAsRead(row), event, now, statements);
  switch (verdict.does) {
    case "open": {
      const openedAt = [...row.openedAt, now];
      const step = stepRollout(db, row, { ...seen, ring: row.ring + 1, openedAt });
      return tell(rolloutEvent("rollout.opened", row, { ring: row.ring + 2 }), [step]);
    }
    case "finish":
      return tell(rolloutEvent("rollout.finished", row), [
        // In the last ring all devices know of it already.
        ...(row.ring < row.plan.rings.length ? changesOf(db, await itemsOfRollout(db, row.id), now) : []),
        ...endRollout(db, row, { state: "finished", now, by: "rollouts" }, seen),
      ]);
    case "halt": {
      const { reason } = verdict;
      const step = stepRollout(db, row, { ...seen, state: "halted", reason });
      return tell(rolloutEvent("rollout.halted", row, { reason }), [step]);
    }
  }
}
