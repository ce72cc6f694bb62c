import { memberChanged, setChanged } from "../db/assignment-changes.ts";
import type { Statement } from "../db/directory.ts";
import type { Db } from "../db/open.ts";
import type { RolloutItem, RolloutRow } from "../db/rollouts.ts";
import type { ServerEvent, ServerEventName } from "../events/announce.ts";

/** Notes of every device that the rollout concerns. */
export function changesOf(
  db: Db,
  items: readonly Pick<RolloutItem, "kind" | "identifier" | "setName">[],
  now: number,
): Statement[] {
  const sets = [...new Set(items.flatMap(({ setName }) => (setName === "" ? [] : [setName])))];
  return [
    ...items
      .filter(({ setName }) => setName === "")
      .map(({ kind, identifier }) => memberChanged(db, kind, identifier, { now })),
    ...sets.map((name) => setChanged(db, name, { now })),
  ];
}

export const rolloutEvent = (
  name: ServerEventName & `rollout.${string}`,
  { id, kind, subject, ring }: Pick<RolloutRow, "id" | "kind" | "subject" | "ring">,
  more: ServerEvent["detail"] = {},
): ServerEvent => ({ name, detail: { rollout: id, kind, subject, ring: Math.max(ring, 0) + 1, ...more } });
