import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { AssetKey } from "../apps-and-books/asset.ts";
import type { LicenceHolder } from "../apps-and-books/assignment.ts";
import { licences } from "./schema/licences.ts";

/** A licence is known by the app or book and who has it: how many are found by their keys in one statement. */
export type LicenceRow = typeof licences.$inferSelect;
export type LicenceKey = AssetKey & { holder: LicenceHolder };

export const keyOf = ({ adamId, pricing, holderKind, holder }: LicenceRow): LicenceKey => ({
  adamId,
  pricing,
  holder: { kind: holderKind, id: holder },
});

export const rowsAStatement = 1_000;

export const jsonOf = (keys: readonly LicenceKey[]): string =>
  JSON.stringify(keys.map(({ adamId, pricing, holder }) => [adamId, pricing, holder.kind, holder.id]));

/** The rows of these licences, found by their key. */
export const areThese = (location: string, keys: readonly LicenceKey[]): SQL =>
  sql`${licences.location} = ${location} AND (adam_id, pricing, holder_kind, holder) IN
    (SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(${jsonOf(keys)}))`;

export const target: SQLiteColumn[] = [
  licences.location,
  licences.adamId,
  licences.pricing,
  licences.holderKind,
  licences.holder,
];
