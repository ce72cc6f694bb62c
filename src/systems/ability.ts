import type { Db } from "../db/open.ts";
import { type SignedSystemRow, systemsOf, type UpdateModelRow } from "../db/signed-systems.ts";
import { type Ability, abilityOf, newestOfEach } from "../gdmf/newest.ts";
import { platformOfModel } from "../gdmf/read-list.ts";
import { platforms, versionKey } from "../mdm/platform.ts";
import { isGone } from "./reconcile.ts";

/**
 * Whether a model can be brought to a version, by what Apple signs for everybody.
 *
 * `models`: what the device calls itself, best first: SOFTWARE_UPDATE_DEVICE_ID, then PRODUCT. The list does not know the
 * products of Macs (`Mac15,3`), only their boards (`J514cAP`): without the first, the answer for a Mac is `unknown`.
 */
export async function canRun(
  db: Db,
  models: readonly (string | null | undefined)[],
  version: string,
  now: number,
): Promise<Ability> {
  const key = versionKey(version);
  const names = namesOf(models);
  if (key === undefined || names.length === 0) return "unknown";
  return abilityOf(await newestPublic(db, names, now), names, key);
}

/** The newest public system of the first of these names that the list knows. */
export async function newestFor(
  db: Db,
  models: readonly string[],
  now: number,
): Promise<(SignedSystemRow & { model: string }) | undefined> {
  const newest = await newestPublic(db, models, now);
  const model = models.find((name) => newest.has(name));
  const row = model === undefined ? undefined : newest.get(model);
  return row && model !== undefined ? { ...row, model } : undefined;
}

async function newestPublic(
  db: Db,
  models: readonly string[],
  now: number,
): Promise<Map<string, SignedSystemRow>> {
  const known = platforms.filter((platform) => models.some((model) => platformOfModel(model) === platform));
  if (known.length === 0) return new Map();
  const rows = await systemsOf(db, known);
  return newestOfEach(
    rows.filter((row) => row.list === "public" && !isGone(row, now)),
    now,
  );
}

const namesOf = (models: readonly (string | null | undefined)[]): string[] =>
  models.filter((model): model is string => typeof model === "string");

/** What a device calls itself for updates, best first. */
export function modelsOf({ told, attested, productName }: UpdateModelRow): string[] {
  const said: unknown = told === null ? undefined : JSON.parse(told);
  return [said, attested, productName].filter((name): name is string => typeof name === "string");
}
