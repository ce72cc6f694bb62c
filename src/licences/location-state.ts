import { troubled, troubleOf, working, workingState } from "../apple-business/trouble.ts";
import type { MdmInfo } from "../apps-and-books/client-config.ts";
import type { ContentRefusal } from "../apps-and-books/refusals.ts";
import { type ContentLocationRow, setLocation } from "../db/content-locations.ts";
import { openDb } from "../db/open.ts";
import { announceAll } from "../events/announce.ts";

// How it stands with a location, as the last answer of Apple showed. What changes is told once.

export async function noteTrouble(
  env: Env,
  row: ContentLocationRow,
  refusal: ContentRefusal,
  now: number,
): Promise<void> {
  const trouble = troubleOf(refusal);
  const change = troubled(row, trouble, now);
  if (change === undefined) return;
  const detail = { location: row.name, ...trouble };
  await announceAll(env, change.isNews ? [{ name: "content.trouble", detail }] : [], now, [
    setLocation(openDb(env.DB), row.name, change.columns),
  ]);
}

export async function noteWorking(env: Env, row: ContentLocationRow, now: number): Promise<void> {
  if (row.state === workingState) return;
  const detail = { location: row.name, reason: row.state };
  await announceAll(env, [{ name: "content.trouble_over", detail }], now, [
    setLocation(openDb(env.DB), row.name, working(now)),
  ]);
}

/**
 * Another server wrote down at Apple that it manages the location. From now on nothing is written: two servers would take
 * licences from each other. An administrator takes the location over, or leaves it.
 */
export async function noteRival(
  env: Env,
  row: ContentLocationRow,
  rival: MdmInfo,
  now: number,
): Promise<void> {
  if (row.rival?.id === rival.id) return;
  const detail = { location: row.name, by: rival.name, metadata: rival.metadata };
  await announceAll(env, [{ name: "content.taken_over", detail }], now, [
    setLocation(openDb(env.DB), row.name, { rival, updatedAt: now }),
  ]);
}
