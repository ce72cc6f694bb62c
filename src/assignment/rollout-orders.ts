import { ok, type Result, refuse } from "../base/result.ts";
import { openDb } from "../db/open.ts";
import {
  endRollout,
  findRollout,
  itemsOfRollout,
  type RolloutRow,
  standsAsRead,
  stepRollout,
} from "../db/rollouts.ts";
import { announceIf } from "../events/announce.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { changesOf, rolloutEvent } from "../rollouts/changes.ts";
import { startProblems, startRollouts } from "../rollouts/start.ts";
import { takeBack } from "./take-back.ts";

/** What a person decides about a rollout. Each may be asked for again: a rollout that is so already is answered as it is. */
export type OrderRefusal =
  | { reason: "unknown" }
  /** It has ended otherwise. */
  | { reason: "over"; state: RolloutRow["state"] }
  /** Somebody else changed it at the same moment. */
  | { reason: "busy" }
  /** What it would go back to cannot be had any more. */
  | { reason: "no-way-back"; detail: string };

type Answer = Promise<Result<RolloutRow, OrderRefusal>>;

/** What has failed so far is accepted, and the open ring has its hours again. */
export const resumeRollout = (env: Env, id: string, by: string, now: number): Answer =>
  order(env, id, "running", async (row) => {
    const accepted = (row.counts ?? []).map(({ failed, silent }, ring) => {
      const at = ring === row.ring ? now : (row.accepted[ring]?.at ?? 0);
      return { failed, silent, at };
    });
    const step = stepRollout(openDb(env.DB), row, { state: "running", reason: null, accepted });
    await announceIf(env, standsAsRead(row), rolloutEvent("rollout.resumed", row, { by }), now, [step]);
    await startRollouts(env);
    return undefined;
  });

/** All devices get it now. */
export const finishRollout = (env: Env, id: string, by: string, now: number): Answer =>
  order(env, id, "finished", async (row) => {
    const db = openDb(env.DB);
    const changes = changesOf(db, await itemsOfRollout(db, id), now);
    const end = endRollout(db, row, { state: "finished", now, by });
    const event = rolloutEvent("rollout.finished", row, { by });
    await announceIf(env, standsAsRead(row), event, now, [...changes, ...end]);
    await startAssigning(env);
    return undefined;
  });

/** The devices that have it go back to what they had. */
export const cancelRollout = (env: Env, id: string, by: string, now: number): Answer =>
  order(env, id, "cancelled", async (row) => {
    const taken = await takeBack(env, row, by, now);
    if (!taken.ok) return { reason: "no-way-back", detail: taken.refusal };
    const db = openDb(env.DB);
    // The library is as it was, so that the end of the rollout changes nothing for devices that had not got it.
    const changes = changesOf(db, await itemsOfRollout(db, id), now);
    const present = (await findRollout(db, id)) ?? row;
    const end = endRollout(db, present, { state: "cancelled", now, by });
    const event = rolloutEvent("rollout.cancelled", row, { by });
    if (present.endedAt === null)
      await announceIf(env, standsAsRead(present), event, now, [...changes, ...end]);
    await startAssigning(env);
    return undefined;
  });

async function order(
  env: Env,
  id: string,
  state: RolloutRow["state"],
  act: (row: RolloutRow) => Promise<OrderRefusal | undefined>,
): Answer {
  const db = openDb(env.DB);
  const row = await findRollout(db, id);
  if (row === undefined) return refuse({ reason: "unknown" });
  if (row.state === state) return ok(row);
  if (row.endedAt !== null) return refuse({ reason: "over", state: row.state });
  const refusal = await act(row);
  if (refusal !== undefined) return refuse(refusal);
  if (row.state === "halted") await startProblems(env);
  const after = await findRollout(db, id);
  return after?.state === state ? ok(after) : refuse({ reason: "busy" });
}
