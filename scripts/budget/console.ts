// What the console may weigh. An administrator opens it on a phone, beside a device that does not do what it should.
import { gzipSync } from "node:zlib";
import type { Built } from "../console/build.ts";
import { outputFolder } from "../console/output.ts";

/**
 * Raise one only in a commit that says what for. `firstLoadKiB` is all that is fetched until the page Start is shown in English;
 * `partKiB` is the largest part that another page may add.
 */
export const consoleBudget = { firstLoadKiB: 60, partKiB: 40, allKiB: 500 } as const;

/** What is asked for by itself on the way to the first page. */
const firstAsked =
  /^console\/src\/(main\.tsx|shell\/sign-in\.tsx|pages\/start\/page\.tsx|words\/en\/(common|start)\.ts)$/;

export type ConsoleFigures = { firstLoadKiB: number; allKiB: number; parts: [name: string, kiB: number][] };

export function weighConsole(built: Pick<Built, "page" | "files" | "metafile">): ConsoleFigures {
  const kiB = (bytes: string | Uint8Array): number => gzipSync(bytes).length / 1024;
  const parts = built.files.map(({ name, bytes }): [string, number] => [name, kiB(bytes)]);
  const first = firstLoad(built.metafile);
  const weight = (some: [string, number][]): number => some.reduce((sum, [, size]) => sum + size, 0);
  return {
    firstLoadKiB: kiB(built.page) + weight(parts.filter(([name]) => first.has(name))),
    allKiB: weight(parts),
    parts: parts.toSorted(([, one], [, other]) => other - one),
  };
}

/** Names of files: those that are asked for first, what they import, and the style. */
export function firstLoad({ outputs }: Pick<Built["metafile"], "outputs">): Set<string> {
  const asked = Object.entries(outputs).filter(([, { entryPoint }]) => firstAsked.test(entryPoint ?? ""));
  const paths = new Set(asked.map(([path]) => path));
  for (const path of paths) {
    const { imports = [], cssBundle } = outputs[path] ?? {};
    if (cssBundle !== undefined) paths.add(cssBundle);
    for (const { path: imported, kind } of imports) if (kind === "import-statement") paths.add(imported);
  }
  return new Set([...paths].map((path) => path.slice(outputFolder.length + 1)));
}

export function judgeConsole({ firstLoadKiB, allKiB, parts }: ConsoleFigures): {
  table: string;
  complaints: string[];
} {
  const [largest = ["none", 0]] = parts;
  const rows: [string, number, number][] = [
    ["first load", firstLoadKiB, consoleBudget.firstLoadKiB],
    [`largest part, ${largest[0]}`, largest[1], consoleBudget.partKiB],
    [`all ${parts.length} parts`, allKiB, consoleBudget.allKiB],
  ];
  return {
    table: rows
      .map(
        ([name, size, limit]) => `  ${name.padEnd(32)} ${size.toFixed(1).padStart(6)} KiB   of ${limit} KiB`,
      )
      .join("\n"),
    complaints: rows
      .filter(([, size, limit]) => size > limit)
      .map(
        ([name, size, limit]) =>
          `the console's ${name}: ${size.toFixed(1)} KiB in gzip is over the budget of ${limit} KiB`,
      ),
  };
}
