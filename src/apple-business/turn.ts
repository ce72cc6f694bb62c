import type { AdeClient } from "../ade/client.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import { startRun } from "../ade/sync.ts";
import { day } from "../base/time.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import { nextCheckAt } from "../db/ade-sync.ts";
import { openDb } from "../db/open.ts";
import { announceServerEvent } from "../events/announce.ts";
import { noteTrouble, noteWorking } from "./account-state.ts";
import { failuresBeforeTold } from "./alarm-turns.ts";
import { repairDue, reviewPage } from "./check-profiles.ts";
import { followOnePage, positionOf } from "./follow-devices.ts";
import { type Progress, restAfter, syncEveryMs } from "./progress.ts";

/**
 * One turn of an account: a few pages of what is to be done, in this order: what Apple says of the devices, what they
 * should have then, and what must be assigned for it. Cut short at any point, the next turn goes on.
 */
const fullEveryMs = 7 * day;

/** Of requests to D1 a turn may make fifty at most. */
const pagesATurn = 5;

export type TurnOutcome = { progress: Progress; at: number };

export async function takeTurn(
  env: Env,
  row: AdeAccountRow,
  client: AdeClient,
  before: Progress,
  now: number,
): Promise<TurnOutcome> {
  if (before.restUntil > now) return { progress: before, at: before.restUntil };
  if (before.run || before.nextSyncAt <= now) return follow(env, row, client, before, now);
  if (before.review || before.reviewedVersion !== row.rulesVersion || unswept(row, before) !== undefined)
    return review(env, row, before, now);
  const repaired = await repairDue(env, row, client, now);
  if (repaired.refusal) return failed(env, row, before, repaired.refusal, now);
  const progress = { ...before, failures: 0 };
  if (repaired.isMore) return { progress, at: now };
  // Here the whole way has gone well; before, one call of two may be refused every time.
  await noteWorking(env, row, now);
  const due = await nextCheckAt(openDb(env.DB), row.name);
  return { progress, at: Math.min(progress.nextSyncAt, due ?? progress.nextSyncAt) };
}

async function follow(
  env: Env,
  row: AdeAccountRow,
  client: AdeClient,
  before: Progress,
  now: number,
): Promise<TurnOutcome> {
  const position = positionOf(row);
  // A fetch that was cut off goes on.
  const isFull = position?.mode !== "fetch" && (row.fetchedAt ?? 0) <= now - fullEveryMs;
  let run = before.run ? { ...startRun(position, now), ...before.run } : startRun(position, now, isFull);
  let { counts, review: reviewing } = before;
  for (let page = 0; page < pagesATurn; page += 1) {
    const outcome = await followOnePage(env, row, client, run, Date.now());
    run = outcome.run;
    counts = {
      added: counts.added + outcome.counts.added,
      changed: counts.changed + outcome.counts.changed,
      removed: counts.removed + outcome.counts.removed,
    };
    if (outcome.unseenSince !== undefined)
      reviewing = { after: "", unseenSince: outcome.unseenSince, rulesVersion: row.rulesVersion };
    if (outcome.next === "more") continue;
    const ended = { ...before, run: undefined, counts, review: reviewing };
    if (outcome.refusal) return failed(env, row, ended, outcome.refusal, now);
    const rest = { ...ended, failures: 0, restUntil: 0, nextSyncAt: now + syncEveryMs };
    if (!reviewing) await tellChanges(env, row, counts, now);
    return { progress: { ...rest, ...(!reviewing && { counts: none }) }, at: now };
  }
  const { pages, isRestarted } = run;
  return { progress: { ...before, run: { pages, isRestarted }, counts, review: reviewing }, at: now };
}

/**
 * A fetch is through, says D1, and no review has removed what it did not show: the object was killed before it could note
 * that there is one to do.
 */
function unswept({ syncMode, fetchStartedAt, fetchedAt }: AdeAccountRow, { sweptSince }: Progress) {
  const isThrough = syncMode === "sync" && fetchStartedAt !== null && (fetchedAt ?? 0) >= fetchStartedAt;
  return isThrough && fetchStartedAt !== sweptSince ? fetchStartedAt : undefined;
}

const none = { added: 0, changed: 0, removed: 0 };

async function review(env: Env, row: AdeAccountRow, before: Progress, now: number): Promise<TurnOutcome> {
  const fromTheStart = { after: "", unseenSince: unswept(row, before), rulesVersion: row.rulesVersion };
  const at = before.review ?? fromTheStart;
  const { next, removed } = await reviewPage(env, row, at.after, at.unseenSince, now);
  const counts = { ...before.counts, removed: before.counts.removed + removed };
  if (next !== undefined) return { progress: { ...before, counts, review: { ...at, after: next } }, at: now };
  await tellChanges(env, row, counts, now);
  const { rulesVersion, unseenSince } = at;
  const sweptSince = unseenSince ?? before.sweptSince;
  const done = { ...before, counts: none, review: undefined, reviewedVersion: rulesVersion, sweptSince };
  return { progress: done, at: now };
}

async function tellChanges(
  env: Env,
  row: AdeAccountRow,
  counts: Progress["counts"],
  now: number,
): Promise<void> {
  if (counts.added + counts.changed + counts.removed === 0) return;
  const detail = { account: row.name, ...counts };
  await announceServerEvent(env, { name: "ade.devices_changed", detail }, now);
}

/** Nothing is lost: what was not done is done in a later turn. */
async function failed(
  env: Env,
  row: AdeAccountRow,
  before: Progress,
  refusal: AdeRefusal,
  now: number,
): Promise<TurnOutcome> {
  const failures = before.failures + 1;
  if (refusal.retry !== "backoff" || failures >= failuresBeforeTold)
    await noteTrouble(env, row, refusal, now);
  const restMs = refusal.retry === "backoff" ? restAfter(failures, refusal.retryAfterSeconds) : syncEveryMs;
  const restUntil = now + restMs;
  return { progress: { ...before, failures, restUntil }, at: restUntil };
}
