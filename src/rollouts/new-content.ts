import type { Db } from "../db/open.ts";
import { findProfileEntries } from "../db/profiles.ts";
import { profilesWrappedBy, type RolloutItem } from "../db/rollouts.ts";
import type { MemberLists, SetMembers } from "../db/sets.ts";
import { connectivityOf } from "../profiles/connectivity.ts";
import { type AskedPlan, type Begun, type BegunItem, beginRollout } from "./begin.ts";
import { wasOptional } from "./held-back.ts";

/**
 * Other content of a set: devices outside the open rings lack what was added, and keep what was taken away. This is about
 * what the set requires: what it offers is there for every device at once.
 */

export function beginSetContent(
  env: Env,
  db: Db,
  { name, before, after }: { name: string; before: SetMembers; after: MemberLists },
  { by, asked }: { by: string; asked: AskedPlan },
  now: number,
): Promise<Begun> {
  let changed: BegunItem[] = [];
  return beginRollout(
    env,
    db,
    {
      ...{ kind: "set", subject: name, by, asked },
      items: (replaced) => {
        const was = contentOfAll(before, replaced);
        changed = contentItems(name, was, after, offeredBefore(before.optional, replaced));
        return changed;
      },
      isConnectivity: () => isConnectivity(db, changed),
      setNames: async () => [name],
    },
    now,
  );
}

/** What every device of the set had, before a rollout that is now replaced. */
function contentOfAll(before: MemberLists, replaced: readonly RolloutItem[]): MemberLists {
  const of = (kind: RolloutItem["kind"], present: readonly string[]) => {
    const named = (change: RolloutItem["change"]) =>
      replaced
        .filter((item) => item.kind === kind && item.change === change)
        .map(({ identifier }) => identifier);
    const added = named("added");
    return [...present.filter((identifier) => !added.includes(identifier)), ...named("removed")];
  };
  return { profiles: of("profile", before.profiles), declarations: of("declaration", before.declarations) };
}

/** What devices could choose before it was required. */
function offeredBefore(optional: MemberLists, replaced: readonly RolloutItem[]): MemberLists {
  const of = (kind: RolloutItem["kind"], present: readonly string[]) => [
    ...present,
    ...replaced.flatMap((item) => (item.kind === kind && wasOptional(item) ? [item.identifier] : [])),
  ];
  return {
    profiles: of("profile", optional.profiles),
    declarations: of("declaration", optional.declarations),
  };
}

function contentItems(
  setName: string,
  before: MemberLists,
  after: MemberLists,
  offered: MemberLists,
): BegunItem[] {
  const changes = (
    kind: RolloutItem["kind"],
    had: readonly string[],
    has: readonly string[],
    optional: readonly string[],
  ): BegunItem[] => {
    const item = (change: "added" | "removed") => (identifier: string) => ({
      ...{ kind, identifier, setName, change, version: null, policy: null },
      former: change === "added" && optional.includes(identifier) ? ({ optional: true } as const) : null,
    });
    return [
      ...[...new Set(has)].filter((one) => !had.includes(one)).map(item("added")),
      ...[...new Set(had)].filter((one) => !has.includes(one)).map(item("removed")),
    ];
  };
  return [
    ...changes("profile", before.profiles, after.profiles, offered.profiles),
    ...changes("declaration", before.declarations, after.declarations, offered.declarations),
  ];
}

async function isConnectivity(db: Db, items: readonly BegunItem[]): Promise<boolean> {
  const named = (kind: RolloutItem["kind"]) =>
    items.filter((item) => item.kind === kind).map(({ identifier }) => identifier);
  const wrapped = await profilesWrappedBy(db, named("declaration"));
  const rows = await findProfileEntries(db, [...named("profile"), ...wrapped]);
  return rows.some(({ payloadTypes }) => connectivityOf(payloadTypes).length > 0);
}
