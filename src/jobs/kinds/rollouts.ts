import { openDb } from "../../db/open.ts";
import { findRollout, nextOpen } from "../../db/rollouts.ts";
import { startAssigning } from "../../library/start-assigning.ts";
import { startProblems } from "../../rollouts/start.ts";
import { stepOn, type Walk, walkFor } from "../../rollouts/step.ts";
import { type JobKind, jobKind } from "../job-kind.ts";
import type { Page } from "../run.ts";

/**
 * Takes every rollout as far as it can go now: counts how far its devices are, opens its next ring, halts or ends it. One
 * page is a page of the devices of one rollout.
 */
type Cursor = { after: string } | { id: string; walk: Walk };

const pauseMs = 250;
const filterPauseMs = 2_000;

export const rollouts: JobKind = jobKind<Cursor>({ after: "" }, async (env, cursor, now) => {
  const db = openDb(env.DB);
  if ("after" in cursor) {
    const row = await nextOpen(db, cursor.after);
    if (row === undefined)
      return { counts: {}, remarks: [], ends: "done", outcome: "every rollout was taken on" };
    return to({ id: row.id, walk: walkFor(row) }, { rollouts: 1 });
  }
  const { id, walk } = cursor;
  const row = await findRollout(db, id);
  if (row === undefined || row.endedAt !== null) return to({ after: id });
  // Somebody has changed it during the walk.
  if (row.revision !== walk.revision) return to({ id, walk: walkFor(row) });
  const stepped = await stepOn(env, db, row, walk, now);
  if (stepped.next !== undefined) return to({ id, walk: stepped.next });
  if (stepped.waits) return { ...to({ id, walk }), pauseMs: filterPauseMs };
  await startAssigning(env);
  const present = await findRollout(db, id);
  if (present?.state !== row.state) await startProblems(env);
  const isMoving = present !== undefined && present.endedAt === null;
  // After a count in which no ring was opened there is nothing more to do.
  if (!isMoving || (walk.does === "count" && present.toldRing >= present.ring)) return to({ after: id });
  return to({ id, walk: walkFor(present) });
});

const to = (next: Cursor, counts: Record<string, number> = {}): Page<Cursor> & { next: Cursor } => ({
  counts,
  remarks: [],
  next,
  pauseMs,
});
