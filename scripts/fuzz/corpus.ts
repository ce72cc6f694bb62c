// The inputs that are kept in test/fixtures/fuzz, one folder a target: what once broke it, and what reaches far.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { branchOf, featuresOfRun } from "./coverage.ts";
import { type Search, shrink } from "./search.ts";
import type { Target } from "./target.ts";

export const corpusFolder = fileURLToPath(new URL("../../test/fixtures/fuzz", import.meta.url));

const mostFiles = 16;
const largestFile = 4 * 1024;

export const folderOf = ({ name }: Target): string => join(corpusFolder, name);

export function keptOf(target: Target): Uint8Array<ArrayBuffer>[] {
  const folder = folderOf(target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

export function keep(target: Target, input: Uint8Array): string {
  const folder = folderOf(target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 12));
  writeFileSync(path, input);
  return path;
}

/** Adds what reaches branches that neither the seeds nor the kept files do, made small; how many there are afterwards. */
export async function grow(search: Search): Promise<number> {
  const { target } = search;
  const kept = keptOf(target);
  const reached = new Set<number>();
  const branchesOf = async (input: Uint8Array<ArrayBuffer>) => {
    await search.run(input);
    return new Set(featuresOfRun().map(branchOf));
  };
  for (const input of [...kept, ...(await target.seeds())]) {
    for (const branch of await branchesOf(new Uint8Array(input))) reached.add(branch);
  }
  let files = kept.length;
  for (const input of search.corpus.toSorted((a, b) => a.length - b.length)) {
    // Larger ones would take their time to be cut down, and there is mostly a small one that does as well.
    if (files >= mostFiles || input.length > 2 * largestFile) break;
    const news = [...(await branchesOf(input))].filter((branch) => !reached.has(branch));
    if (news.length === 0) continue;
    const small = await shrink(input, async (smaller) => {
      const still = await branchesOf(smaller);
      return news.every((branch) => still.has(branch));
    });
    if (small.length > largestFile) continue;
    for (const branch of await branchesOf(small)) reached.add(branch);
    keep(target, small);
    files++;
  }
  return files;
}
