// What the bundle may weigh, and what may not run when an isolate starts. A cold isolate stands before many a
// device's request, and on the Free plan that request has 10 ms.
import { type Bundle, importChain } from "./bundle.ts";

export type Figures = {
  /** As uploaded. */
  minifiedKiB: number;
  gzipKiB: number;
  /** The part whose modules run at start; the rest waits for an `import()`. */
  eagerKiB: number;
  /** Processor time of the start, in starts of an empty Worker; undefined where it cannot be measured. */
  emptyStarts: number | undefined;
};

/**
 * The limits, with room for what a year of features needs. Raise one only in a commit that says what for.
 *
 * Of the bundle, 640 KiB (150 KiB in gzip) are pkijs and @peculiar/x509, which administrators' requests load. Nothing of them
 * runs at start, but the engine scans the whole file once: each 1,000 KiB cost the start of some 1.6 empty Workers. A module of
 * its own would not help: workerd compiles all modules of a Worker when it starts.
 *
 * 155 KiB are words in other languages, of problems and of the pages of sign-in: each language is loaded when a reader asks for it.
 *
 * Forms for payloads, what is tried again, rotation on request and apps as files added 30 KiB, none of them run at start.
 *
 * The start takes 10 to 11 empty Workers on a quiet machine, one of them for scanning the 360 KiB that words, rings, files, people
 * and Apps and Books added; the limit leaves neighbours room. An Error that is made at start costs five: make none there.
 */
export const budget = { minifiedKiB: 2960, gzipKiB: 955, eagerKiB: 460, emptyStarts: 13 } as const;

/** What runs in browsers: an administrator loads it from the asset layer, and no device waits for it. */
const notInWorker = /^console\/|node_modules\/(@preact|preact)\//;

/** What only administrators' requests need. */
const notAtStart: readonly RegExp[] = [
  /node_modules\/(pkijs|asn1js|bytestreamjs|pvtsutils|reflect-metadata|tslib|tsyringe|fast-xml-parser)\//,
  /node_modules\/@(peculiar|noble)\//,
  /node_modules\/@valibot\/to-json-schema\//,
  /^src\/catalog\/data\//,
  /^src\/http\/api\/(app|openapi|docs)\.ts$/,
  /^src\/pki\/(heavy|libraries)\//,
  /^src\/(problems|http\/sign-in)\/words\/(de|en|es|fr|ja)\.ts$/,
];

export type Verdict = { table: string; complaints: string[] };

export function judge(figures: Figures, bundle: Pick<Bundle, "eager" | "modules">): Verdict {
  const rows = [
    row("minified", figures.minifiedKiB, budget.minifiedKiB, "KiB"),
    row("gzip", figures.gzipKiB, budget.gzipKiB, "KiB"),
    row("run at start", figures.eagerKiB, budget.eagerKiB, "KiB"),
    row("start-up CPU", figures.emptyStarts, budget.emptyStarts, "x empty"),
  ];
  const intruders = [...bundle.eager.keys()].filter((module) => notAtStart.some((rule) => rule.test(module)));
  return {
    table: rows.map(({ text }) => text).join("\n"),
    complaints: [
      ...rows.flatMap(({ complaint }) => complaint ?? []),
      ...intrusions(bundle, intruders),
      ...bundle.modules
        .filter((module) => notInWorker.test(module))
        .map((module) => `${module} is of the console, and in the Worker`),
    ],
  };
}

function row(name: string, value: number | undefined, limit: number, unit: string) {
  const figure = value?.toFixed(value < 10 ? 1 : 0);
  const shown = figure === undefined ? "not measured here" : `${figure} ${unit}`;
  return {
    text: `  ${name.padEnd(14)}${shown.padStart(18)}   of ${limit} ${unit}`,
    complaint:
      value !== undefined && value > limit
        ? `${name}: ${figure} ${unit} is over the budget of ${limit} ${unit}`
        : undefined,
  };
}

// Of a library's modules the first one met tells enough.
function intrusions(bundle: Pick<Bundle, "eager">, intruders: readonly string[]): string[] {
  const first = new Map(
    intruders.toReversed().map((module): [string, string] => [packageOf(module), module]),
  );
  return [...first].map(
    ([name, module]) =>
      `${name} runs at start: reach it by \`await import\` only. It comes by ${importChain(bundle, module).join(" -> ")}`,
  );
}

function packageOf(module: string): string {
  const inside = module.split("node_modules/").at(-1) ?? module;
  if (inside === module) return module;
  return inside.split("/", inside.startsWith("@") ? 2 : 1).join("/");
}
