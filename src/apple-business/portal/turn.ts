import type { BusinessClient } from "../../business-api/client.ts";
import type { BusinessRefusal } from "../../business-api/refusals.ts";
import { openDb } from "../../db/open.ts";
import type { PortalAccountRow } from "../../db/portal-accounts.ts";
import { activityDue, nextActivityAt } from "../../db/portal-activities.ts";
import { failuresBeforeTold } from "../alarm-turns.ts";
import { noteTrouble, noteWorking } from "./account-state.ts";
import { followActivity } from "./follow-activity.ts";
import {
  coverageEveryMs,
  mostPages,
  type PortalProgress,
  portalRest,
  refusedRestMs,
  runEveryMs,
} from "./progress.ts";
import { readCoverages, readOnePage } from "./read-devices.ts";

/** One step of an API account: what people ordered first, then the devices, then their coverage. */
export type PortalTurn = { progress: PortalProgress; at: number };

export async function takePortalTurn(
  env: Env,
  row: PortalAccountRow,
  client: BusinessClient,
  before: PortalProgress,
  now: number,
): Promise<PortalTurn> {
  if (before.restUntil > now) return { progress: before, at: before.restUntil };
  const step = await nextStep(env, row, client, before, now);
  if (step === undefined) {
    if (!before.isForbidden) await noteWorking(env, row, now);
    return { progress: before, at: await nextAt(env, row, before, now) };
  }
  if (step.refusal) return failed(env, row, step.progress, step.refusal, now);
  return { progress: { ...step.progress, failures: 0 }, at: now };
}

type Step = { progress: PortalProgress; refusal: BusinessRefusal | undefined };

/** undefined: nothing is due. */
async function nextStep(
  env: Env,
  row: PortalAccountRow,
  client: BusinessClient,
  before: PortalProgress,
  now: number,
): Promise<Step | undefined> {
  const activity = await activityDue(openDb(env.DB), row.name, now);
  if (activity) {
    const refusal = await followActivity({ env, activity, client, now });
    return { progress: before, refusal };
  }
  if (row.nextPage !== null || before.nextRunAt <= now) {
    const isEndless = before.pages >= mostPages;
    const { refusal, isDone } = await readOnePage(env, row, client, now, isEndless);
    if (refusal?.reason === "forbidden")
      return forbidden(env, row, refusal, { ...before, nextRunAt: now + refusedRestMs }, now);
    const after = isDone
      ? { nextRunAt: now + runEveryMs, pages: 0, isForbidden: false }
      : { pages: refusal ? (isEndless ? 0 : before.pages) : before.pages + 1 };
    return { progress: { ...before, ...after }, refusal };
  }
  if (row.readsCoverage && before.nextCoverageAt <= now) {
    const { refusal, isMore } = await readCoverages(env, row, client, now);
    if (refusal?.reason === "forbidden")
      return forbidden(env, row, refusal, { ...before, nextCoverageAt: now + refusedRestMs }, now);
    const nextCoverageAt = isMore ? now + coverageEveryMs : before.nextRunAt;
    return { progress: { ...before, nextCoverageAt }, refusal };
  }
  return undefined;
}

async function forbidden(
  env: Env,
  row: PortalAccountRow,
  refusal: BusinessRefusal,
  progress: PortalProgress,
  now: number,
): Promise<Step> {
  await noteTrouble(env, row, refusal, now);
  return { progress: { ...progress, isForbidden: true }, refusal: undefined };
}

async function nextAt(env: Env, row: PortalAccountRow, before: PortalProgress, now: number): Promise<number> {
  const activity = await nextActivityAt(openDb(env.DB), row.name);
  const times = [before.nextRunAt, activity, row.readsCoverage ? before.nextCoverageAt : undefined];
  return Math.max(now, Math.min(...times.filter((at) => at !== undefined)));
}

async function failed(
  env: Env,
  row: PortalAccountRow,
  before: PortalProgress,
  refusal: BusinessRefusal,
  now: number,
): Promise<PortalTurn> {
  const failures = before.failures + 1;
  if (refusal.retry !== "backoff" || failures >= failuresBeforeTold)
    await noteTrouble(env, row, refusal, now);
  const restUntil = now + portalRest(failures, refusal);
  return { progress: { ...before, failures, restUntil }, at: restUntil };
}
