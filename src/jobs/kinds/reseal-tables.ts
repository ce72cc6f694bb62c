import { fromBase64, toBase64 } from "../../base/bytes.ts";
import { openDb } from "../../db/open.ts";
import { keyOf, replaceSealed, type SealedKey, type SealedRow, walkSealed } from "../../db/sealed.ts";
import { needsReseal, reseal, type SealingKeys } from "../../pki/seal.ts";
import type { Remark } from "../run.ts";
import type { SealedPlace } from "./reseal-places.ts";

/** One page of one sealed column of D1. */
export type TablePage = { moved: number; stuck: Remark[]; next: SealedKey | undefined };

const rowsRead = 500;
/** Each needs a statement, and an invocation may send only a limited number. */
const rowsMoved = 40;

export async function resealRows(
  env: Env,
  keys: SealingKeys,
  place: SealedPlace,
  after: SealedKey | null,
): Promise<TablePage> {
  const db = openDb(env.DB);
  const rows = await walkSealed(db, place, after, rowsRead);
  let changed = 0;
  const stuck: Remark[] = [];
  let reached: SealedRow | undefined;
  for (const row of rows) {
    if (changed === rowsMoved) break;
    reached = row;
    const moved = await resealRow(keys, place, row);
    if (moved === undefined) continue;
    if ("detail" in moved) {
      stuck.push({ about: `${place.table}.${place.column} ${keyOf(place, row).join(" ")}`, ...moved });
      continue;
    }
    await replaceSealed(db, place, row, moved.sealed);
    changed += 1;
  }
  const isLast = rows.length < rowsRead && reached === rows.at(-1);
  return {
    moved: changed,
    stuck,
    next: isLast || reached === undefined ? undefined : keyOf(place, reached),
  };
}

/** undefined: it is sealed with the present key, or not sealed. */
async function resealRow(
  keys: SealingKeys,
  place: SealedPlace,
  row: SealedRow,
): Promise<{ sealed: string } | { detail: string } | undefined> {
  const context = place.context(row);
  if (context === undefined) return undefined;
  const sealed = fromBase64(String(row[place.column]));
  if (sealed === undefined) return { detail: "the value is not base64" };
  if (!needsReseal(keys, sealed)) return undefined;
  const resealed = await reseal(keys, context, sealed);
  return resealed.ok ? { sealed: toBase64(resealed.value) } : { detail: resealed.refusal.detail };
}
