import { second } from "../../base/time.ts";
import { type Activity, isOver } from "../../business-api/activity.ts";
import { activityCall, assignedServerCall, orderCall, orgDeviceCall } from "../../business-api/calls.ts";
import type { BusinessClient } from "../../business-api/client.ts";
import type { BusinessRefusal } from "../../business-api/refusals.ts";
import { type DeviceResult, readResults } from "../../business-api/results.ts";
import { applyTogether, type Statement } from "../../db/directory.ts";
import { openDb } from "../../db/open.ts";
import {
  listActivityDevices,
  noteResults,
  type PortalActivityRow,
  setActivity,
} from "../../db/portal-activities.ts";
import type { AdeTrouble } from "../../db/schema/ade.ts";
import { announceAll } from "../../events/announce.ts";
import { troubleOf } from "../trouble.ts";
import {
  afterRefusedOrder,
  hasArrived,
  isTooLate,
  lookAfterMs,
  lookAgainAfter,
  looksBeforeAgain,
  orderOf,
} from "./activity-states.ts";

/** One step of an activity. What is written before Apple is asked says what to do after a kill at any moment. */
export type Followed = { env: Env; activity: PortalActivityRow; client: BusinessClient; now: number };

/** A refusal of the account or the line, after which nothing else can be asked now. */
export async function followActivity(followed: Followed): Promise<BusinessRefusal | undefined> {
  const { activity, now } = followed;
  if (isTooLate(activity, now)) {
    await end(followed, "failed", { trouble: activity.trouble ?? notSent });
    return undefined;
  }
  if (activity.state === "waiting") return send(followed);
  return activity.state === "sending" ? lookForIt(followed) : look(followed);
}

const mostDevices = 1_000;

const serialsOf = async ({ env, activity }: Followed, limit: number): Promise<string[]> =>
  (await listActivityDevices(openDb(env.DB), activity.id, limit, "")).map(({ serial }) => serial);

async function send(followed: Followed): Promise<BusinessRefusal | undefined> {
  const { activity, client, now } = followed;
  const serials = await serialsOf(followed, mostDevices);
  await change(followed, { state: "sending", sentAt: now, tries: 0, nextAt: now + lookAfterMs });
  const answer = await client.call(orderCall(orderOf(activity), serials));
  if (answer.ok) {
    const { id, subStatus } = answer.value;
    const nextAt = now + lookAgainAfter(activity, now);
    await change(followed, {
      state: "running",
      appleId: id,
      subStatus: subStatus ?? null,
      trouble: null,
      nextAt,
    });
    return undefined;
  }
  const trouble = troubleOf(answer.refusal);
  switch (afterRefusedOrder(answer.refusal)) {
    case "again":
      await change(followed, { state: "waiting", trouble, nextAt: now });
      return answer.refusal;
    case "unclear":
      await change(followed, { trouble });
      return answer.refusal;
    case "never":
      await end(followed, "failed", { trouble });
      return undefined;
  }
}

/** So many devices are asked about: an order is taken for all or for none. */
const asked = 3;

/** Its answer was lost: whether the devices show it. */
async function lookForIt(followed: Followed): Promise<BusinessRefusal | undefined> {
  const { activity, client, now } = followed;
  for (const serial of await serialsOf(followed, asked)) {
    const device = await client.call(orgDeviceCall(serial));
    const server = device.ok ? await client.call(assignedServerCall(serial)) : device;
    const refusal = device.ok ? (server.ok ? undefined : server.refusal) : device.refusal;
    if (refusal && refusal.retry !== "never") return refusal;
    if (!device.ok || !server.ok || !hasArrived(activity, device.value, server.value)) continue;
    await end(followed, "finished", { trouble: answerLost });
    return undefined;
  }
  const looks = activity.tries + 1;
  await change(
    followed,
    looks < looksBeforeAgain
      ? { tries: looks, nextAt: now + 2 * lookAfterMs }
      : { state: "waiting", tries: 0, nextAt: now },
  );
  return undefined;
}

async function look(followed: Followed): Promise<BusinessRefusal | undefined> {
  const { activity, client, now } = followed;
  const answer = await client.call(activityCall(activity.appleId ?? ""));
  if (!answer.ok) {
    if (answer.refusal.retry !== "never") return answer.refusal;
    await end(followed, "lost", { trouble: troubleOf(answer.refusal) });
    return undefined;
  }
  const told = answer.value;
  const subStatus = told.subStatus ?? null;
  if (!isOver(told)) {
    await change(followed, { subStatus, nextAt: now + lookAgainAfter(activity, now) });
    return undefined;
  }
  const results = await resultsOf(followed, told);
  if (results === "later") {
    await change(followed, { subStatus, tries: activity.tries + 1, nextAt: now + 30 * second });
    return undefined;
  }
  const isDone = told.status === "COMPLETED";
  await end(
    followed,
    isDone ? "finished" : "failed",
    { subStatus, trouble: isDone ? (results ? null : noTable) : stopped(told) },
    results ?? [],
  );
  return undefined;
}

/** The table may come seconds after the end. */
const tableTries = 5;

async function resultsOf(
  { activity, client }: Followed,
  { downloadUrl }: Activity,
): Promise<DeviceResult[] | "later" | undefined> {
  const table = downloadUrl === undefined ? undefined : await client.download(downloadUrl);
  const results = table?.ok ? readResults(table.value) : undefined;
  return results ?? (activity.tries < tableTries ? "later" : undefined);
}

const change = ({ env, activity }: Followed, columns: Parameters<typeof setActivity>[2]): Promise<void> =>
  applyTogether(openDb(env.DB), [setActivity(openDb(env.DB), activity.id, columns)]);

async function end(
  { env, activity, now }: Followed,
  state: "finished" | "failed" | "lost",
  columns: { subStatus?: string | null; trouble: AdeTrouble | null },
  results: readonly DeviceResult[] = [],
): Promise<void> {
  const db = openDb(env.DB);
  const { id, account, what, devices } = activity;
  const changes: Statement[] = [
    ...noteResults(db, id, results),
    setActivity(db, id, { ...columns, state, finishedAt: now, nextAt: null }),
  ];
  const refused = results.filter(({ outcome }) => !isSuccess(outcome)).length;
  const detail = {
    account,
    activity: id,
    what,
    state,
    devices,
    refused,
    reason: columns.trouble?.reason ?? null,
  };
  await announceAll(env, [{ name: "ade.activity_over", detail }], now, changes);
}

/** Apple's words for it are not documented. */
export const isSuccess = (outcome: string): boolean =>
  /^(success|succeeded|completed|ok|done)/i.test(outcome);

const notSent: AdeTrouble = {
  reason: "not-sent",
  code: null,
  detail: "Apple did not take it within a day",
  remedy: "See the state of the API account, and order it again.",
};
const answerLost: AdeTrouble = {
  reason: "answer-lost",
  code: null,
  detail: "Apple's answer was lost, and the devices show what was ordered",
  remedy: "Nothing to do; what Apple says of each device is in its portal.",
};
const noTable: AdeTrouble = {
  reason: "no-results",
  code: null,
  detail: "Apple did not give a table of what came of each device",
  remedy: "Look at the devices: GET /api/v1/ade/devices/{serial}.",
};
const stopped = ({ status, subStatus }: Activity): AdeTrouble => ({
  reason: "stopped-at-apple",
  code: subStatus ?? status,
  detail: `Apple ended it with ${[status, subStatus].filter(Boolean).join(" ")}`,
  remedy: "See what Apple says of each device, and order it again for those that are left.",
});
