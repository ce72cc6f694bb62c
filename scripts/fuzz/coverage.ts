// Which branches of src/ an input reaches, and how often. Modules that are imported after `watchBranches` count.
// Not by name: an older Node would fail before it could be told so.
import module from "node:module";
import { Trouble } from "../trouble.ts";
import { instrument } from "./instrument.ts";

const mostCounters = 1 << 17;
const hits = new Uint8Array(mostCounters);
const words = new BigUint64Array(hits.buffer);
let used = 0;

export function watchBranches(): void {
  if (typeof module.registerHooks !== "function") {
    throw new Trouble("this needs Node 22.15 or newer: npm ci brings one along on Linux");
  }
  Object.assign(globalThis, { __hits: hits });
  const src = new URL("../../src/", import.meta.url).href;
  module.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith(src) || url.includes("/catalog/data/")) return loaded;
      const { code, counters } = instrument(String(loaded.source), used);
      used += counters;
      return { ...loaded, format: "module", source: code };
    },
  });
}

export const branches = (): number => used;

/** Once, twice, … many times: a loop that runs longer than ever is news, one round more is not. */
const bucketOf = (count: number): number => (count < 4 ? count - 1 : count < 16 ? 3 : count < 128 ? 4 : 5);
const bucketsEach = 6;

export const forgetHits = (): void => {
  hits.fill(0, 0, used);
};

/** The branches of the run since `forgetHits`, each with its bucket, as numbers. */
export function featuresOfRun(): number[] {
  const features: number[] = [];
  for (let word = 0; word * 8 < used; word++) {
    if (words[word] === 0n) continue;
    for (let at = word * 8; at < word * 8 + 8; at++) {
      const count = hits[at] as number;
      if (count > 0) features.push(at * bucketsEach + bucketOf(count));
    }
  }
  return features;
}

export const branchOf = (feature: number): number => Math.floor(feature / bucketsEach);
