// `baseline.yaml` of a folder: which rules there are, and where their keys are.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearMiss } from "../../../src/catalog/near-miss.ts";
import { Trouble } from "../../trouble.ts";
import { itemsOf, membersOf } from "./json.ts";
import type { Filter } from "./sets.ts";

export type IndexedRule = {
  rule: string;
  title: string;
  profiles: readonly string[];
  declarations: readonly string[];
  /** A filter of devices: those of the baseline's sets that match it do not keep the rule, whatever they have installed. */
  broken: Filter | undefined;
};

export type Index = { name: string; title: string; rules: readonly IndexedRule[]; notCovered: number };

/** Those that come with edgemdm. */
export const ownBaselines = ["sensible-mac", "sensible-iphone"] as const;
const ownFolder = resolve(import.meta.dirname, "../../../baselines");

/** A folder, or the name of one that comes with edgemdm. */
export function folderOf(word: string): string {
  if (ownBaselines.some((name) => name === word)) return join(ownFolder, word);
  if (existsSync(join(word, "baseline.yaml"))) return resolve(word);
  const meant = nearMiss(word, ownBaselines);
  throw new Trouble(
    `${word} is neither a folder with a baseline.yaml nor one of ${ownBaselines.join(" and ")}${meant ? `; did you mean ${meant}?` : ""}`,
  );
}

export async function readIndex(folder: string): Promise<Index> {
  const { parse } = await import("yaml");
  const file = join(folder, "baseline.yaml");
  const { name, title, rules, not_covered } = membersOf(parse(readFileSync(file, "utf8")));
  if (typeof name !== "string" || !Array.isArray(rules)) throw new Trouble(`${file} has no name or no rules`);
  return {
    name,
    title: String(title ?? name),
    rules: rules.map((one) => indexed(membersOf(one))),
    notCovered: itemsOf(not_covered).length,
  };
}

function indexed({ rule, title, places, broken }: Readonly<Record<string, unknown>>): IndexedRule {
  const all = itemsOf(places).map(membersOf);
  return {
    rule: String(rule),
    title: String(title ?? rule),
    profiles: all.flatMap(({ profile }) => (typeof profile === "string" ? [profile] : [])),
    declarations: all.flatMap(({ declaration }) => (typeof declaration === "string" ? [declaration] : [])),
    broken: broken === undefined ? undefined : (membersOf(broken) as Filter),
  };
}
