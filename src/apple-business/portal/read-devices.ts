import { timeOf } from "../../ade/device.ts";
import { day } from "../../base/time.ts";
import { coverageCall, orgDevicesCall } from "../../business-api/calls.ts";
import type { BusinessClient } from "../../business-api/client.ts";
import { mostItemsAPage } from "../../business-api/page.ts";
import { type BusinessRefusal, unanswered } from "../../business-api/refusals.ts";
import { countOrderRulesUp } from "../../db/ade-accounts.ts";
import { applyTogether } from "../../db/directory.ts";
import { openDb } from "../../db/open.ts";
import { type PortalAccountRow, setPortalAccount } from "../../db/portal-accounts.ts";
import {
  coverageDue,
  dropUnseen,
  putOffCoverage,
  saveCoverage,
  savePortalDevices,
} from "../../db/portal-devices.ts";
import { coveragesATurn } from "./progress.ts";

/**
 * What the organisation bought: page after page, each written together with the place of the next. Pages change while they
 * are read, so a device is known by its serial number, and only a whole run says which are gone.
 */
export type RunStep = { refusal: BusinessRefusal | undefined; isDone: boolean };

const rowsDropped = 5_000;

export async function readOnePage(
  env: Env,
  row: PortalAccountRow,
  client: BusinessClient,
  now: number,
  isEndless: boolean,
): Promise<RunStep> {
  const db = openDb(env.DB);
  const startedAt = row.runStartedAt ?? now;
  const begin = () =>
    applyTogether(db, [setPortalAccount(db, row.name, { nextPage: null, runStartedAt: null })]);
  if (isEndless) {
    await begin();
    return { refusal: unanswered("unreadable-answer", "Apple's list of devices has no end"), isDone: false };
  }
  const page = await client.call(orgDevicesCall(row.nextPage ?? undefined, mostItemsAPage));
  if (!page.ok) {
    // A place that Apple does not know any more: the run begins again.
    const isLost = row.nextPage !== null && page.refusal.retry === "never";
    if (isLost) await begin();
    return { refusal: page.refusal, isDone: false };
  }
  const { items, next } = page.value;
  const told = items.map((device) => ({
    device,
    migrationDeadline: timeOf(device.mdmMigrationDeadlineDateTime),
  }));
  const place =
    next === undefined
      ? { nextPage: null, runStartedAt: null, syncedAt: now }
      : { nextPage: next, runStartedAt: startedAt };
  await applyTogether(db, [
    ...savePortalDevices(db, row.name, told, now),
    setPortalAccount(db, row.name, place),
    // What was bought meanwhile may fit a rule.
    ...(next === undefined ? [countOrderRulesUp(db)] : []),
  ]);
  if (next !== undefined) return { refusal: undefined, isDone: false };
  while ((await dropUnseen(db, row.name, startedAt, rowsDropped)) === rowsDropped);
  return { refusal: undefined, isDone: true };
}

/** How often the coverage of a device is read. */
const coverageAgainMs = 30 * day;
const coverageFailedMs = day;

/** `isMore`: others wait. */
export async function readCoverages(
  env: Env,
  row: PortalAccountRow,
  client: BusinessClient,
  now: number,
): Promise<{ refusal: BusinessRefusal | undefined; isMore: boolean }> {
  const db = openDb(env.DB);
  const due = await coverageDue(db, row.name, now, coveragesATurn);
  for (const { serial } of due) {
    const answer = await client.call(coverageCall(serial));
    if (answer.ok) {
      const { items } = answer.value;
      await applyTogether(db, [saveCoverage(db, row.name, serial, items, now + coverageAgainMs)]);
      continue;
    }
    const { retry, reason } = answer.refusal;
    // Apple fails for odd devices: such a one goes to the end of the line, so that it holds nobody up.
    if (retry === "never" || reason === "apple-unavailable")
      await applyTogether(db, [putOffCoverage(db, row.name, serial, now + coverageFailedMs)]);
    if (retry !== "never") return { refusal: answer.refusal, isMore: true };
  }
  return { refusal: undefined, isMore: due.length === coveragesATurn };
}
