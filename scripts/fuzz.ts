// Fuzzes the parsers that strangers reach, led by the branches that inputs run:
// `npm run fuzz -- --minutes 10`, `--inputs 1000000`, `--target plist-xml`, `--seed 7`.
// What breaks a parser, and a little of what reaches far, stays in test/fixtures/fuzz; the suite replays it.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "./arguments.ts";
import { corpusFolder, grow, keep, keptOf } from "./fuzz/corpus.ts";
import { branches, watchBranches } from "./fuzz/coverage.ts";
import { randomFrom } from "./fuzz/random.ts";
import { Search } from "./fuzz/search.ts";
import { Watchdog } from "./fuzz/watchdog.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";

/** At most: each target has its turn, and in a short run a short one, so that all have had theirs whenever it ends. */
const longestTurnMs = 2_000;

await run(async () => {
  const values = readArguments({
    name: "npm run fuzz",
    does: "Fuzzes the parsers that strangers reach, led by the branches that inputs run.",
    options: {
      minutes: { takes: "N", help: "for how long; a minute unless --inputs is given" },
      inputs: { takes: "N", help: "how many inputs at most" },
      target: { takes: "NAME", help: "this parser alone" },
      seed: { takes: "N", help: "the same seed makes the same inputs", otherwise: newSeed() },
    },
  });
  const minutes = positive("minutes", values.minutes ?? (values.inputs ? "600" : "1"));
  const most = positive("inputs", values.inputs ?? "1e15");
  watchBranches();
  const { targets } = await import("./fuzz/targets.ts");
  const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target);
  if (chosen.length === 0) {
    throw new Trouble(`no target ${values.target}; there are ${targets.map(({ name }) => name).join(", ")}`);
  }
  mkdirSync(corpusFolder, { recursive: true });
  const watchdog = new Watchdog(join(corpusFolder, "hang"));
  const random = randomFrom(positive("seed", values.seed));
  console.log(`${chosen.length} targets, ${branches()} branches watched, seed ${values.seed}`);

  const searches = chosen.map((target) => new Search(target, random, watchdog));
  for (const search of searches) await search.begin(keptOf(search.target));
  const end = Date.now() + minutes * 60_000;
  const turnMs = Math.min(longestTurnMs, (minutes * 60_000) / chosen.length / 2);
  const done = () => searches.reduce((sum, { inputs }) => sum + inputs, 0);
  while (Date.now() < end && done() < most) {
    for (const search of searches) {
      await search.runUntil(Math.min(end, Date.now() + turnMs), most - done());
    }
  }

  const crashes: string[] = [];
  for (const search of searches) {
    const { target, inputs, slowest } = search;
    const found = search.crashes.map(({ input, why }) => `${keep(target, input)}: ${why}`);
    crashes.push(...found);
    const files = await grow(search);
    const figures = `${search.branches.size} branches, slowest ${slowest.toFixed(0)} ms, ${files} files kept`;
    console.log(`${target.name.padEnd(20)} ${String(inputs).padStart(9)} inputs, ${figures}`);
  }
  console.log(`${done()} inputs in all, ${crashes.length} broke their target`);
  if (crashes.length > 0) throw new Trouble(crashes.join("\n"));
});

function newSeed(): string {
  return String(Date.now() % 1_000_000);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Trouble(`--${name} is ${text}, and must be a number above 0`);
}
