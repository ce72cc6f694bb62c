// What must change on the server for a folder to be true.
import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../../../src/declarations/canonical-json.ts";
import type { Difference } from "../../../src/declarations/difference.ts";
import { Trouble } from "../../trouble.ts";
import type { Api } from "./api.ts";
import { addressOf, listOf } from "./calls.ts";
import type { Folder } from "./folder.ts";
import { shownDifference } from "./hide.ts";
import { kinds } from "./kinds.ts";
import { managedBy } from "./origin.ts";
import { nobody, type Reach, Survey } from "./reach.ts";
import { type Current, type Kind, keyOf, type Thing } from "./thing.ts";

export type Change = {
  kind: Kind;
  name: string;
  /** undefined: it is not there yet. */
  current?: Current;
  /** undefined: it is deleted. */
  thing?: Thing;
  /** As they may be shown. */
  differences: Difference[];
  reach: Reach;
};

type Draft = Omit<Change, "reach">;

export type Plan = {
  id: string;
  /** In the order in which they are made. */
  changes: Change[];
  /** How many things are as the folder says. */
  same: number;
  /** How many devices are enrolled. */
  fleet: number;
  touched: number;
  losing: number;
};

export type Found = ReadonlyMap<Kind, ReadonlyMap<string, Current>>;

export async function planOf(api: Api, folder: Folder, { prune }: { prune: boolean }): Promise<Plan> {
  const found = await findAll(api, folder.kinds);
  const changes: Draft[] = [];
  let same = 0;
  for (const thing of ordered(folder.things)) {
    const current = found.get(thing.kind)?.get(thing.name);
    if (current === undefined && thing.kind.missing)
      throw new Trouble(`${thing.file}: ${thing.kind.missing(thing.name)}`);
    const differences = current
      ? await thing.kind.differences(api, thing, current)
      : [{ pointer: "", to: thing.written as Json }];
    if (differences.length === 0) same++;
    else
      changes.push({
        ...about(thing, current),
        differences: differences.map((one) => shownDifference(one, thing.written)),
      });
  }
  if (prune) changes.push(...(await deletions(api, folder, found)));
  return measured(api, folder, changes, { same, prune });
}

const about = (thing: Thing, current: Current | undefined) => ({
  kind: thing.kind,
  name: thing.name,
  thing,
  ...(current && { current }),
});

async function findAll(api: Api, wanted: ReadonlySet<Kind>): Promise<Found> {
  const lists = await Promise.all(
    [...wanted].map(async (kind): Promise<[Kind, Map<string, Current>]> => {
      const all = await listOf(api, kind);
      refuseDoubles(kind, all);
      return [kind, new Map(all.map((current) => [current.name, current]))];
    }),
  );
  return new Map(lists);
}

/** Where the server knows things by an id, two may have one name: a file cannot mean both. */
function refuseDoubles({ one }: Kind, all: readonly Current[]): void {
  const names = all.map(({ name }) => name);
  const double = names.find((name, at) => names.indexOf(name) !== at);
  if (double !== undefined)
    throw new Trouble(`the server has more than one ${one} ${double}: rename or delete one of them first`);
}

/** Kinds in their order; within a kind, what others use comes first. */
export function ordered(things: readonly Thing[]): Thing[] {
  const byKey = new Map(things.map((thing) => [keyOf(thing.kind, thing.name), thing]));
  const done = new Set<Thing>();
  const order: Thing[] = [];
  const visit = (thing: Thing): void => {
    if (done.has(thing)) return;
    done.add(thing);
    for (const use of thing.uses) {
      const used = byKey.get(use);
      if (used !== undefined) visit(used);
    }
    order.push(thing);
  };
  for (const kind of kinds) for (const thing of things) if (thing.kind === kind) visit(thing);
  return order;
}

/** Only what `apply` made under this name of a folder, and only kinds that the folder has a place for. */
async function deletions(api: Api, folder: Folder, found: Found): Promise<Draft[]> {
  const wanted = new Set(folder.things.map(({ kind, name }) => keyOf(kind, name)));
  const made = await managedBy(api, folder.options.scope);
  return [...kinds].reverse().flatMap((kind) =>
    [...(found.get(kind)?.values() ?? [])]
      .filter(({ name }) => kind.remove && !wanted.has(keyOf(kind, name)))
      .filter((current) => made.has(`/api/v1${addressOf(kind, current.name, current.id)}`))
      .map((current) => ({ kind, name: current.name, current, differences: [] })),
  );
}

async function measured(
  api: Api,
  folder: Folder,
  drafts: readonly Draft[],
  more: { same: number; prune: boolean },
): Promise<Plan> {
  const survey = new Survey(api, folder.things);
  const changes: Change[] = [];
  for (const draft of drafts)
    changes.push({ ...draft, reach: (await draft.kind.reach?.(survey, draft)) ?? nobody });
  const touched = new Set(changes.flatMap(({ reach }) => [...reach.touched])).size;
  const losing = new Set(changes.flatMap(({ reach }) => [...reach.losing])).size;
  const id = `${wantedDigest(api, folder, more.prune)}-${touched}-${losing}`;
  return { id, changes, same: more.same, fleet: await survey.fleet(), touched, losing };
}

/** Of what is wanted, and not of what is there: a plan that was confirmed stays confirmed when it is resumed. */
function wantedDigest(api: Api, { things, options }: Folder, prune: boolean): string {
  const wanted = things.map(({ kind, name, value }) => `${keyOf(kind, name)} ${canonicalJson(value)}`).sort();
  const all = canonicalJson([api.origin, options.scope, prune, ...wanted]);
  return createHash("sha256").update(all).digest("hex").slice(0, 12);
}
