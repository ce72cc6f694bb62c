import { failuresBeforeTold } from "../apple-business/alarm-turns.ts";
import { clientConfigCall } from "../apps-and-books/calls.ts";
import type { ContentClient } from "../apps-and-books/client.ts";
import { type ContentRefusal, concernsToken } from "../apps-and-books/refusals.ts";
import { type ContentLocationRow, setLocation } from "../db/content-locations.ts";
import { nextUserAt } from "../db/content-users.ts";
import { applyTogether } from "../db/directory.ts";
import { nextOrderAt, orderDue } from "../db/licence-orders.ts";
import { openDb } from "../db/open.ts";
import { nextLicenceAt } from "../db/ordered-licences.ts";
import { followOrder } from "./follow-orders.ts";
import { noteRival, noteTrouble, noteWorking } from "./location-state.ts";
import { type ContentProgress, newContentProgress } from "./progress.ts";
import { dueRun, readOnePage } from "./read-lists.ts";
import { readStore } from "./read-store.ts";
import { sendLicences, sendUsers } from "./send-orders.ts";
import { takeNotifications } from "./take-notifications.ts";
import { restAfter, rivalEveryMs } from "./times.ts";

/**
 * One step of a location: what Apple told, what became of orders, then its lists, then what is due. The lists come before
 * new orders, so that nothing is ordered that is there already.
 */
export type ContentTurn = { progress: ContentProgress; at: number };

export async function takeContentTurn(
  env: Env,
  row: ContentLocationRow,
  client: ContentClient,
  before: ContentProgress,
  now: number,
): Promise<ContentTurn> {
  if (await takeNotifications(env, row, now)) return { progress: before, at: now };
  if (before.restUntil > now) return { progress: before, at: before.restUntil };
  if (row.rival) return waitForTakeover(env, row, client, before, now);
  const step = await nextStep(env, row, client, now);
  const { mdmInfo, tokenExpiresAt } = client.heard();
  if (mdmInfo && mdmInfo.id !== row.mdmId) {
    await noteRival(env, row, mdmInfo, now);
    return { progress: before, at: now + rivalEveryMs };
  }
  if (step === undefined) {
    await noteWorking(env, row, now);
    return { progress: { failures: 0, restUntil: 0 }, at: await nextAt(env, row, now) };
  }
  if (tokenExpiresAt !== undefined && tokenExpiresAt !== row.tokenExpiresAt) {
    const db = openDb(env.DB);
    await applyTogether(db, [setLocation(db, row.name, { tokenExpiresAt })]);
  }
  if (step.refusal) return failed(env, row, before, step.refusal, now);
  return { progress: { failures: 0, restUntil: 0 }, at: now };
}

type Step = { refusal: ContentRefusal | undefined };

/** undefined: nothing is due. */
async function nextStep(
  env: Env,
  row: ContentLocationRow,
  client: ContentClient,
  now: number,
): Promise<Step | undefined> {
  const order = await orderDue(openDb(env.DB), row.name, now);
  if (order) return { refusal: await followOrder({ env, row, client, order, now }) };
  const run = dueRun(row, now);
  if (run) return { refusal: await readOnePage({ env, row, client, run, now }) };
  const sending = { env, row, client, now };
  const sent = (await sendUsers(sending)) ?? (await sendLicences(sending));
  if (sent) return sent;
  return (await readStore(env, row, now)) ? { refusal: undefined } : undefined;
}

async function nextAt(env: Env, row: ContentLocationRow, now: number): Promise<number> {
  const db = openDb(env.DB);
  const times = [
    row.assetsDueAt,
    row.assignmentsDueAt,
    row.usersDueAt,
    await nextOrderAt(db, row.name),
    await nextLicenceAt(db, row.name),
    await nextUserAt(db, row.name),
  ];
  return Math.max(now, Math.min(...times.filter((at) => at !== undefined)));
}

/** Nothing is written, and little read, while another server manages the location. */
async function waitForTakeover(
  env: Env,
  row: ContentLocationRow,
  client: ContentClient,
  before: ContentProgress,
  now: number,
): Promise<ContentTurn> {
  const told = await client.call(clientConfigCall());
  if (!told.ok) return failed(env, row, before, told.refusal, now);
  const { mdmInfo } = told.value;
  const isOurs = mdmInfo?.id === row.mdmId;
  const db = openDb(env.DB);
  await applyTogether(db, [setLocation(db, row.name, { rival: isOurs ? null : (mdmInfo ?? row.rival) })]);
  return { progress: newContentProgress, at: isOurs ? now : now + rivalEveryMs };
}

async function failed(
  env: Env,
  row: ContentLocationRow,
  before: ContentProgress,
  refusal: ContentRefusal,
  now: number,
): Promise<ContentTurn> {
  const failures = before.failures + 1;
  if (concernsToken(refusal) || failures >= failuresBeforeTold) await noteTrouble(env, row, refusal, now);
  const restUntil = now + restAfter(failures, refusal);
  return { progress: { failures, restUntil }, at: restUntil };
}
