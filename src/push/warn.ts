import { log } from "../base/log.ts";
import { openDb } from "../db/open.ts";
import { listPushCertificates, noteWarning } from "../db/push-certificates.ts";
import { announceServerEvent } from "../events/announce.ts";
import { daysLeft, reminderOf, troubleOf, warningDue } from "./expiry.ts";

/** Warnings about the push certificates of a deployment. */
export type PushState = {
  /** No pushes are sent. */
  problems: { problem: string; remedy: string }[];
  /** There is still time. */
  reminders: string[];
};

export async function pushState(env: Env, now: number): Promise<PushState> {
  const rows = (await listPushCertificates(openDb(env.DB))).filter(({ inUse }) => inUse);
  return {
    problems: rows.map((row) => troubleOf(row, now)).filter((found) => found !== undefined),
    reminders: rows.map((row) => reminderOf(row, now)).filter((found) => found !== undefined),
  };
}

/** One event at 60, 30, 14, 7, 3 and 1 days before the end and one at the end; repeated calls add none. */
export async function warnOfExpiry(env: Env, now: number): Promise<void> {
  const db = openDb(env.DB);
  for (const row of await listPushCertificates(db)) {
    const due = row.inUse ? warningDue(row.notAfter, now) : undefined;
    if (due === undefined || (row.warnedDays !== null && row.warnedDays <= due)) continue;
    const name = due === 0 ? "push.certificate_expired" : "push.certificate_expires";
    const detail = {
      topic: row.topic,
      account: row.account,
      days_left: daysLeft(row.notAfter, now),
      expires_at: new Date(row.notAfter).toISOString(),
    };
    // The event comes before the note: after an interruption, twice is better than never.
    await announceServerEvent(env, { name, detail }, now);
    await noteWarning(db, row.id, due);
    log({ event: name, topic: row.topic, days_left: detail.days_left, expires_at: detail.expires_at });
  }
}
