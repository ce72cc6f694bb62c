import type { OpenItem } from "../db/desired-state.ts";
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
};

/** The content of sets without what was added, and with what was taken away. */
export function membersBefore<One extends Member>(
  members: readonly One[],
  heldBack: readonly OpenItem[],
): (One | Member)[] {
  const keyOf = ({ setName, kind, identifier }: Member) => JSON.stringify([setName, kind, identifier]);
  const added = new Set(heldBack.filter(({ change }) => change === "added").map(keyOf));
  const stay = members.filter((member) => !added.has(keyOf(member)));
  const there = new Set(stay.map(keyOf));
  const removed = heldBack.filter((item) => item.change === "removed" && !there.has(keyOf(item)));
  return [
    ...stay,
    ...removed.map(({ setName, kind, identifier, policy }) => ({ setName, kind, identifier, policy })),
  ];
}

/** The rows of the library with their former content. */
export function contentBefore<Row extends { identifier: string }>(
  rows: readonly Row[],
  kind: "profile" | "declaration",
  heldBack: readonly OpenItem[],
): Row[] {
  const former = new Map(
    heldBack.flatMap(({ change, kind: of, identifier, former: content }) =>
      change === "version" && of === kind && content ? [[identifier, content] as const] : [],
    ),
  );
  return rows.map((row) => withFormer(row, former.get(row.identifier)));
}

/** `digest` of a declaration is no column of its row. */
const withFormer = <Row>(row: Row, former: FormerProfile | FormerDeclaration | undefined): Row =>
  former === undefined ? row : { ...row, ...former };
