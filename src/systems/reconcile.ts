import { day } from "../base/time.ts";
import type { ReadingRow, SignedSystemRow } from "../db/signed-systems.ts";
import { dayOf } from "../gdmf/newest.ts";
import { identityOf, type SignedSystem } from "../gdmf/read-list.ts";

/**
 * What an answer changes in the list that is kept.
 *
 * Apple's edges disagree for hours, and one answer may lack what the next one has: so what is missing is only noted, and an
 * answer that is much shorter than the list changes nothing, unless they all stay so short for a week.
 */
export type Reconciled =
  | { outcome: "taken"; changed: SignedSystemRow[] }
  | { outcome: "shrunk"; detail: string };

const shareThatStays = 0.75;
const believedAfter = 7 * day;

export function reconcile(
  before: readonly SignedSystemRow[],
  answer: readonly SignedSystem[],
  reading: Pick<ReadingRow, "shrunkSince"> | undefined,
  now: number,
): Reconciled {
  const isLasting = reading?.shrunkSince != null && now - reading.shrunkSince >= believedAfter;
  const loss = lossOf(before, answer);
  if (loss !== undefined && !(isLasting && answer.length > 0)) return { outcome: "shrunk", detail: loss };
  const known = new Map(before.map((row) => [identityOf(row), row]));
  const present = new Set(answer.map(identityOf));
  const changed = [
    ...answer.map((system) => rowOf(system, known.get(identityOf(system)), now)),
    ...before
      .filter((row) => row.missingSince === null && !present.has(identityOf(row)))
      .map((row) => ({ ...row, missingSince: now })),
  ].filter((row) => !isSame(row, known.get(identityOf(row))));
  return { outcome: "taken", changed };
}

/** In words; undefined: the answer is as long as it should be. */
function lossOf(before: readonly SignedSystemRow[], answer: readonly SignedSystem[]): string | undefined {
  const counted = (rows: readonly Pick<SignedSystem, "list" | "platform">[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { list, platform } of rows) {
      // Improvements come and go.
      if (list !== "improvement")
        counts.set(`${list} ${platform}`, (counts.get(`${list} ${platform}`) ?? 0) + 1);
    }
    return counts;
  };
  const is = counted(answer);
  const was = counted(before.filter(({ missingSince }) => missingSince === null));
  if (is.size === 0) return "it holds no systems";
  for (const [what, count] of was) {
    if (!is.has(what)) return `it holds nothing for ${what}, where ${count} were`;
  }
  const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
  if (sum(is) < sum(was) * shareThatStays) return `it holds ${sum(is)} systems, where ${sum(was)} were`;
  return undefined;
}

function rowOf(system: SignedSystem, before: SignedSystemRow | undefined, now: number): SignedSystemRow {
  const first = before?.firstPostedOn ?? system.postedOn;
  return {
    ...system,
    firstPostedOn: first < system.postedOn ? first : system.postedOn,
    firstSeenAt: before?.firstSeenAt ?? now,
    missingSince: null,
  };
}

function isSame(row: SignedSystemRow, other: SignedSystemRow | undefined): boolean {
  return other !== undefined && canonical(row) === canonical(other);
}

const canonical = ({ models, ...row }: SignedSystemRow): string =>
  JSON.stringify([
    Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)),
    Object.entries(models).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);

const missedFor = 2 * day;

/** Apple does not sign it any more: every answer of two days lacked it, or its last day is over for every model. */
export function isGone(row: SignedSystemRow, now: number): boolean {
  if (row.missingSince !== null && now - row.missingSince >= missedFor) return true;
  const today = dayOf(now);
  return Object.values(row.models).every((until) => until !== null && until < today);
}
