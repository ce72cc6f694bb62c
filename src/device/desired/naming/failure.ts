import { hour } from "../../../base/time.ts";
import type { NameRow } from "../../store/naming.ts";

/** After each of these failures in a row it is tried again; then only after something changes. */
const rests = [hour, 6 * hour, 24 * hour] as const;

export const withoutCommand = { command_uuid: null, brings: null };

/** The try failed; the intervals between tries grow, and there are few tries. */
export function namingFailed(
  row: NameRow,
  { repeatable, error }: { repeatable: boolean; error: string },
  now: number,
): NameRow {
  const tried = row.brings ?? row.wish;
  const attempts = row.tried === tried ? row.attempts + 1 : 1;
  const rest = repeatable ? rests[attempts - 1] : undefined;
  return {
    ...row,
    ...withoutCommand,
    ...{ tried, attempts, state: "failed", reason: error.slice(0, 1_000) },
    retry_at: rest === undefined ? null : now + rest,
  };
}
