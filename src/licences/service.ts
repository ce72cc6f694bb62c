import { findLocation } from "../db/content-locations.ts";
import { dropLicences } from "../db/licences.ts";
import { openDb } from "../db/open.ts";
import { clientOf } from "./location.ts";
import type { ContentProgress } from "./progress.ts";
import { type ContentTurn, takeContentTurn } from "./turn.ts";

const rowsDropped = 5_000;

/** A turn of a location; of one that is deleted, what is known of it goes. */
export async function takeTurn(
  env: Env,
  name: string,
  progress: ContentProgress,
): Promise<ContentTurn | "gone" | "going"> {
  const db = openDb(env.DB);
  const row = await findLocation(db, name);
  if (row) return takeContentTurn(env, row, await clientOf(env, row), progress, Date.now());
  return (await dropLicences(db, name, rowsDropped)) < rowsDropped ? "gone" : "going";
}
