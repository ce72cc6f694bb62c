import { day } from "../base/time.ts";
import type { ProblemRow } from "../db/problems.ts";
import type { ServerEvent } from "../events/announce.ts";
import { type Finding, keyOf, type Urgency } from "./problem.ts";
import { inEnglish } from "./words/speak.ts";

/**
 * Compares the findings with the open problems: which are new, which are solved, and which need a reminder. Pure.
 */
export type Changes = { put: ProblemRow[]; drop: ProblemRow[]; events: ServerEvent[] };

/** The interval of reminders for problems without steps. */
const remindedEvery: Record<Urgency, number> = { urgent: 7 * day, soon: 30 * day, notice: 90 * day };

export function reconcile(open: readonly ProblemRow[], found: readonly Finding[], now: number): Changes {
  const before = new Map(open.map((row) => [row.key, row]));
  const keys = new Set(found.map(keyOf));
  const changes: Changes = { put: [], drop: [], events: [] };
  for (const one of found) {
    const known = before.get(keyOf(one));
    const row = rowOf(one, known, now);
    const name =
      known === undefined ? "problem.opened" : isDue(known, row, now) ? "problem.reminded" : undefined;
    if (name !== undefined) {
      row.toldAt = now;
      changes.events.push(eventOf(name, row));
    }
    if (name !== undefined || !isSame(known, row)) changes.put.push(row);
  }
  for (const row of open.filter(({ key }) => !keys.has(key))) {
    changes.drop.push(row);
    changes.events.push(eventOf("problem.closed", row));
  }
  return changes;
}

const rowOf = (one: Finding, known: ProblemRow | undefined, now: number): ProblemRow => ({
  key: keyOf(one),
  ...one,
  openedAt: known?.openedAt ?? now,
  toldAt: known?.toldAt ?? now,
});

const ranks: Record<Urgency, number> = { urgent: 0, soon: 1, notice: 2 };

export const rankOf = ({ urgency }: Pick<ProblemRow, "urgency">): number => ranks[urgency];

export const mostUrgentFirst = (a: ProblemRow, b: ProblemRow): number =>
  rankOf(a) - rankOf(b) ||
  (a.endsAt ?? Number.MAX_SAFE_INTEGER) - (b.endsAt ?? Number.MAX_SAFE_INTEGER) ||
  a.openedAt - b.openedAt ||
  a.key.localeCompare(b.key);

function isDue(known: ProblemRow, row: ProblemRow, now: number): boolean {
  if (rankOf(row) < rankOf(known)) return true;
  if (row.endsAt !== null && row.stage !== known.stage) return row.endsAt === known.endsAt;
  return now - known.toldAt >= remindedEvery[row.urgency];
}

const isSame = (known: ProblemRow | undefined, row: ProblemRow): boolean =>
  known !== undefined && JSON.stringify(sorted(known)) === JSON.stringify(sorted(row));

const sorted = (row: ProblemRow) => ({
  ...Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))),
  facts: Object.entries(row.facts).sort(([a], [b]) => (a < b ? -1 : 1)),
});

function eventOf(name: ServerEvent["name"], row: ProblemRow): ServerEvent {
  const { title, todo } = inEnglish(row);
  return {
    name,
    detail: {
      problem: row.code,
      subject: row.subject,
      title,
      urgency: row.urgency,
      devices: row.devices,
      ...(name !== "problem.closed" && { what_to_do: todo }),
      since: new Date(row.openedAt).toISOString(),
    },
  };
}
