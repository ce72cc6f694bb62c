import type { OpenItem } from "../db/desired-state.ts";
import type { RolloutItem } from "../db/rollouts.ts";
import type { FormerDeclaration, FormerProfile } from "../db/schema/rollouts.ts";
import { placeOf, ringOf } from "./rings.ts";

/** The part of open rollouts that has not reached a device: for it, the library is as it was before. */
export async function heldBackFrom(
  items: readonly OpenItem[],
  deviceId: string,
  setNames: ReadonlySet<string>,
): Promise<OpenItem[]> {
  const reached = new Map<string, boolean>();
  for (const { rolloutId, seed, plan, cutoffs, ring } of items) {
    if (reached.has(rolloutId)) continue;
    const own = cutoffs && ringOf(plan, cutoffs, await placeOf(seed, deviceId), setNames);
    reached.set(rolloutId, own !== null && own <= ring);
  }
  return items.filter(({ rolloutId }) => reached.get(rolloutId) === false);
}

type Member = {
  setName: string;
  kind: "profile" | "declaration" | "app";
  identifier: string;
  policy: string | null;
  optional: boolean;
};

export const wasOptional = ({ former }: Pick<RolloutItem, "former">): boolean =>
  former !== null && "optional" in former;

/** The former content of an item that brings a new version. */
export const formerVersion = ({
  former,
}: Pick<RolloutItem, "former">): FormerProfile | FormerDeclaration | undefined =>
  former !== null && "version" in former ? former : undefined;

/** The content of sets without what was added, and with what was taken away: what they require is as it was. */
export function membersBefore<One extends Member>(
  members: readonly One[],
  heldBack: readonly OpenItem[],
): (One | Member)[] {
  const keyOf = ({ setName, kind, identifier }: Pick<Member, "setName" | "kind" | "identifier">) =>
    JSON.stringify([setName, kind, identifier]);
  const added = new Map(
    heldBack.flatMap((item) => (item.change === "added" ? [[keyOf(item), item] as const] : [])),
  );
  const removed = new Map(
    heldBack.flatMap((item) => (item.change === "removed" ? [[keyOf(item), item] as const] : [])),
  );
  const stay = members.flatMap((member) => {
    const item = added.get(keyOf(member));
    if (item !== undefined) return wasOptional(item) ? [{ ...member, optional: true }] : [];
    return [removed.has(keyOf(member)) ? { ...member, optional: false } : member];
  });
  const there = new Set(stay.map(keyOf));
  const missing = [...removed].filter(([key]) => !there.has(key));
  return [
    ...stay,
    ...missing.map(([, { setName, kind, identifier, policy }]) => ({
      ...{ setName, kind, identifier, policy, optional: false },
    })),
  ];
}

/** The rows of the library with their former content. */
export function contentBefore<Row extends { identifier: string }>(
  rows: readonly Row[],
  kind: "profile" | "declaration",
  heldBack: readonly OpenItem[],
): Row[] {
  const former = new Map(
    heldBack.flatMap((item) => {
      const content = formerVersion(item);
      return item.kind === kind && content ? [[item.identifier, content] as const] : [];
    }),
  );
  return rows.map((row) => withFormer(row, former.get(row.identifier)));
}

/** `digest` of a declaration is no column of its row. */
const withFormer = <Row>(row: Row, former: FormerProfile | FormerDeclaration | undefined): Row =>
  former === undefined ? row : { ...row, ...former };
