import type { AssetKey } from "../apps-and-books/asset.ts";
import type { LicenceHolder } from "../apps-and-books/assignment.ts";
import type { ContentLimits } from "../apps-and-books/limits.ts";
import type { LicenceKey, LicenceRow } from "../db/licence-keys.ts";

/** One request to Apple: each of the assets for, or from, each of the holders. */
export type PlannedOrder = {
  what: "associate" | "disassociate";
  assets: AssetKey[];
  holderKind: LicenceHolder["kind"];
  holders: string[];
};

/**
 * The next order for what is due: as much in one as Apple takes. Assets that the same holders want go together, so that two
 * hundred devices get thirty apps with two requests.
 */
export function planOrder(due: readonly LicenceRow[], limits: ContentLimits): PlannedOrder | undefined {
  const [first] = due;
  if (!first) return undefined;
  const { holderKind, intent } = first;
  const alike = due.filter((row) => row.intent === intent && row.holderKind === holderKind);
  const mostHolders = holderKind === "device" ? limits.serialNumbers : limits.clientUserIds;
  const byAsset = [...Map.groupBy(alike, ({ adamId, pricing }) => `${adamId} ${pricing}`).values()].map(
    (rows) => {
      const holders = rows.map(({ holder }) => holder).sort();
      return { rows, holders: holders.slice(0, mostHolders) };
    },
  );
  const [leader] = byAsset;
  if (!leader) return undefined;
  const isSame = ({ holders }: { holders: string[] }) =>
    holders.length === leader.holders.length && holders.every((holder, at) => holder === leader.holders[at]);
  const assets = byAsset
    .filter(isSame)
    .slice(0, limits.assets)
    .flatMap(({ rows: [row] }) => (row ? [{ adamId: row.adamId, pricing: row.pricing }] : []));
  return {
    what: intent === "hold" ? "associate" : "disassociate",
    assets,
    holderKind,
    holders: leader.holders,
  };
}

export const keysOf = ({ assets, holderKind, holders }: PlannedOrder): LicenceKey[] =>
  assets.flatMap(({ adamId, pricing }) =>
    holders.map((id) => ({ adamId, pricing, holder: { kind: holderKind, id } })),
  );
