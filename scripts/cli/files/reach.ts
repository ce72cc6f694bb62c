// How many devices a change concerns: by the sets through which it comes to them.
import { type Api, isRefusal, itemsOf, membersOf } from "./api.ts";

import { keyOf, type Thing, type Tree } from "./thing.ts";

/** Ids of devices: whom it concerns, and who loses something by it. */
export type Reach = { touched: ReadonlySet<string>; losing: ReadonlySet<string> };

export const nobody: Reach = { touched: new Set(), losing: new Set() };

type Holders = { given: ReadonlySet<string>; all: ReadonlySet<string> };

/** Asks the server each question once. */
export class Survey {
  readonly #api: Api;
  readonly #things: readonly Thing[];
  #sets: Promise<Map<string, Tree>> | undefined;
  #summary: Promise<number> | undefined;
  readonly #holders = new Map<string, Promise<Holders>>();
  readonly #matching = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(api: Api, things: readonly Thing[]) {
    this.#api = api;
    this.#things = things;
  }

  /** How many devices are enrolled. */
  fleet(): Promise<number> {
    this.#summary ??= this.#api.get("/summary").then(({ devices }) => Number(membersOf(devices).enrolled));
    return this.#summary;
  }

  everybody(): Promise<ReadonlySet<string>> {
    return this.#match({});
  }

  /** Whom a set's change concerns. Without `after`, it is deleted. */
  async ofSet(name: string, before: Tree | undefined, after: Tree | undefined): Promise<Reach> {
    const holders = before
      ? await this.#holdersOf(name)
      : { given: new Set<string>(), all: new Set<string>() };
    if (after === undefined) return { touched: holders.all, losing: holders.all };
    const filter = membersOf(after.filter);
    const isSameFilter = JSON.stringify(before?.filter ?? null) === JSON.stringify(after.filter ?? null);
    const later = isSameFilter
      ? holders.all
      : new Set([...holders.given, ...(after.filter ? await this.#match(filter) : [])]);
    const gone = [...holders.all].filter((id) => !later.has(id));
    const [loses, gets] = [lost(before, after), lost(after, before)];
    const isOther =
      loses || gets || ["activate", "predicate"].some((field) => before?.[field] !== after[field]);
    const come = [...later].filter((id) => !holders.all.has(id));
    return {
      touched: new Set([...gone, ...come, ...(isOther ? [...later] : [])]),
      losing: new Set([...gone, ...(loses ? holders.all : [])]),
    };
  }

  /** Whom something concerns that comes to devices by sets: those of today, and those that the folder says. */
  async through(key: string, sets: readonly string[] = []): Promise<Reach> {
    const carriers = [...sets, ...(await this.#setsWith(key)), ...this.#setsThatWant(key)];
    return { touched: await this.holdersOf(carriers), losing: new Set() };
  }

  /** Who has one of these sets, or will have it. */
  async holdersOf(names: readonly string[]): Promise<ReadonlySet<string>> {
    const all = await Promise.all([...new Set(names)].map((name) => this.#laterHolders(name)));
    return new Set(all.flatMap((ids) => [...ids]));
  }

  /** The sets through which channels have a declaration, references included; only the server knows. */
  async setsOfDeclaration({ name, value }: Thing): Promise<readonly string[]> {
    const json = { type: value.type, payload: value.payload };
    const query = { dry_run: "true", limit: "1", validate: "off" };
    try {
      const plan = await this.#api.json("PUT", `/declarations/${encodeURIComponent(name)}`, {
        body: json,
        query,
      });
      return itemsOf(plan.sets).map(String);
    } catch (fault) {
      // A viewer may plan, and is told what the sets themselves say.
      if (isRefusal(fault)) return [];
      throw fault;
    }
  }

  async #laterHolders(name: string): Promise<ReadonlySet<string>> {
    const before = (await this.#allSets()).get(name);
    const after = this.#things.find(
      ({ kind, name: wanted }) => kind.place === "sets" && wanted === name,
    )?.value;
    const reach = after && (await this.ofSet(name, before, after));
    const today = before ? (await this.#holdersOf(name)).all : [];
    return new Set([...today, ...(reach?.touched ?? [])]);
  }

  async #setsWith(key: string): Promise<string[]> {
    const [place = "", name = ""] = split(key);
    const all = await this.#allSets();
    return [...all].filter(([, set]) => itemsOf(set[place]).includes(name)).map(([set]) => set);
  }

  /** Sets of the folder that name it, or name what uses it. */
  #setsThatWant(key: string, seen: ReadonlySet<string> = new Set()): string[] {
    const users = this.#things.filter(({ uses }) => uses.includes(key));
    return users.flatMap(({ kind, name }) => {
      const user = keyOf(kind, name);
      if (seen.has(user)) return [];
      return kind.place === "sets" ? [name] : this.#setsThatWant(user, new Set([...seen, user]));
    });
  }

  #allSets(): Promise<Map<string, Tree>> {
    this.#sets ??= (async () => {
      const all = new Map<string, Tree>();
      for await (const set of this.#api.trees("/sets")) all.set(String(set.name), set);
      return all;
    })();
    return this.#sets;
  }

  #holdersOf(name: string): Promise<Holders> {
    return kept(this.#holders, name, async () => {
      const [given, all] = [new Set<string>(), new Set<string>()];
      for await (const holder of this.#api.trees(`/sets/${encodeURIComponent(name)}/channels`)) {
        all.add(String(holder.device_id));
        if (holder.given) given.add(String(holder.device_id));
      }
      return { given, all };
    });
  }

  #match(filter: Readonly<Record<string, unknown>>): Promise<ReadonlySet<string>> {
    const query = Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]));
    return kept(this.#matching, JSON.stringify(query), async () => {
      const all = new Set<string>();
      for await (const { id } of this.#api.trees("/devices", { ...query, state: "enrolled" }))
        all.add(String(id));
      return all;
    });
  }
}

/** Whether the second has less than the first. */
function lost(first: Tree | undefined, second: Tree | undefined): boolean {
  return (["profiles", "declarations", "apps"] as const).some((kind) => {
    const left = itemsOf(second?.[kind]);
    return itemsOf(first?.[kind]).some((name) => !left.includes(name));
  });
}

const split = (key: string): [string, string] => {
  const at = key.indexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
};

function kept<Value>(
  all: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = all.get(key) ?? make();
  all.set(key, known);
  return known;
}
