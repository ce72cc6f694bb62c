import type { AssetKey } from "../apps-and-books/asset.ts";
import type { LicenceHolder } from "../apps-and-books/assignment.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { findAsset } from "../db/content-assets.ts";
import type { ContentLocationRow } from "../db/content-locations.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import type { LicenceKey } from "../db/licence-keys.ts";
import { giveUpAllOf, giveUpLicences, wantLicences } from "../db/licences.ts";
import { openDb } from "../db/open.ts";
import { openLocation } from "./object.ts";

/** Somebody wants licences for devices or people, or gives them up. It is written down; the location's object does it. */
export type LicenceWish = { assets: readonly AssetKey[]; holders: readonly LicenceHolder[] };

export type WishRefusal =
  | { reason: "managed-elsewhere"; detail: string }
  | { reason: "unknown-asset" | "not-for-devices" | "not-revocable"; at: number; detail: string };

const keysOf = ({ assets, holders }: LicenceWish): LicenceKey[] =>
  assets.flatMap((asset) => holders.map((holder) => ({ ...asset, holder })));

export async function wantFor(
  env: Env,
  row: ContentLocationRow,
  wish: LicenceWish,
  by: string,
  now: number,
): Promise<Result<number, WishRefusal>> {
  if (row.rival) return refuse(managedBy(row));
  const isForDevices = wish.holders.some(({ kind }) => kind === "device");
  for (const [at, asset] of wish.assets.entries()) {
    const known = await findAsset(openDb(env.DB), row.name, asset);
    if (!known) return refuse({ reason: "unknown-asset", at, detail: unknownAsset(row, asset) });
    if (isForDevices && !known.isForDevices)
      return refuse({
        reason: "not-for-devices",
        at,
        detail: `Apple licenses ${asset.adamId} only to people: name users instead of devices`,
      });
  }
  const keys = keysOf(wish);
  await order(env, row, wantLicences(openDb(env.DB), row.name, keys, by, now));
  return ok(keys.length);
}

export async function giveUpFor(
  env: Env,
  row: ContentLocationRow,
  wish: LicenceWish,
  by: string,
  now: number,
): Promise<Result<number, WishRefusal>> {
  if (row.rival) return refuse(managedBy(row));
  for (const [at, asset] of wish.assets.entries()) {
    const known = await findAsset(openDb(env.DB), row.name, asset);
    if (known && !known.isRevocable)
      return refuse({
        reason: "not-revocable",
        at,
        detail: `Apple takes ${asset.adamId} back from nobody: a book stays with the person who got it`,
      });
  }
  const keys = keysOf(wish);
  await order(env, row, giveUpLicences(openDb(env.DB), row.name, keys, by, now));
  return ok(keys.length);
}

/** A device is erased or sold, or a person leaves: all that Apple takes back. How many licences it is, the object finds. */
export async function giveUpAll(
  env: Env,
  row: ContentLocationRow,
  holders: readonly LicenceHolder[],
  by: string,
  now: number,
): Promise<Result<undefined, WishRefusal>> {
  if (row.rival) return refuse(managedBy(row));
  await order(env, row, giveUpAllOf(openDb(env.DB), row.name, holders, by, now));
  return ok(undefined);
}

async function order(env: Env, { name }: ContentLocationRow, wishes: readonly Statement[]): Promise<void> {
  await applyTogether(openDb(env.DB), wishes);
  await openLocation(env, name).wake(true);
}

const managedBy = ({ name, rival }: ContentLocationRow): WishRefusal => ({
  reason: "managed-elsewhere",
  detail: `${name} is managed by ${rival?.name} (${rival?.metadata}) now, so nothing is written: take it over first`,
});

const unknownAsset = ({ name }: ContentLocationRow, { adamId, pricing }: AssetKey): string =>
  `${name} has no ${adamId} (${pricing}): get it in Apple's portal, also when it is free`;
