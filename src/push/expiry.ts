import { day } from "../base/time.ts";
import type { PushCertificateRow } from "../db/push-certificates.ts";

/** Messages about push certificates that end or that Apple refuses. */
const warningDays = [60, 30, 14, 7, 3, 1] as const;

type Known = Pick<PushCertificateRow, "topic" | "notAfter" | "account" | "trouble">;

export const daysLeft = (notAfter: number, now: number): number =>
  Math.max(0, Math.floor((notAfter - now) / day));

/** The due warning, in days before the end; 0 after the end; undefined while the end is far away. */
export const warningDue = (notAfter: number, now: number): number | undefined =>
  notAfter <= now ? 0 : warningDays.findLast((days) => notAfter - now <= days * day);

const renewal = ({ account }: Known): string =>
  `renew it at https://identity.apple.com/pushcert${account === null ? " with the Apple Account that made it" : ` with the Apple Account ${account}`}, with Renew and not with Create, and upload the result to /api/v1/push-certificates`;

/** No pushes are sent to the topic. */
export function troubleOf(row: Known, now: number): { problem: string; remedy: string } | undefined {
  if (row.notAfter <= now) {
    const at = new Date(row.notAfter).toISOString();
    return { problem: `the push certificate of ${row.topic} expired on ${at}`, remedy: renewal(row) };
  }
  return row.trouble === null
    ? undefined
    : { problem: `no pushes are sent to ${row.topic}: ${row.trouble}`, remedy: renewal(row) };
}

export function reminderOf(row: Known, now: number): string | undefined {
  const due = warningDue(row.notAfter, now);
  if (due === undefined || due === 0) return undefined;
  return `the push certificate of ${row.topic} expires in ${daysLeft(row.notAfter, now)} days: ${renewal(row)}`;
}
