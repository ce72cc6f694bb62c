import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { BuildOptions, BuildResult, Metafile, Plugin } from "esbuild";
import { Trouble } from "../trouble.ts";
import { composeOutput, type Output, outputFolder, writeOutput } from "./output.ts";

export type Built = Output & { metafile: Metafile };

/** Builds the console and writes it where the asset layer looks. */
export async function buildConsole(project: string): Promise<Built> {
  const built = await bundleConsole(project);
  writeOutput(project, built);
  return built;
}

/** The console as it would be served; nothing is written. */
export async function bundleConsole(project: string): Promise<Built> {
  const { build } = await import("esbuild");
  const result = await build(options(project)).catch((fault: unknown) => {
    throw new Trouble("the console does not build; what esbuild said is above", { cause: fault });
  });
  return outputOf(project, result);
}

/** Builds after each change. Never returns by itself. */
export async function watchConsole(project: string, say: (line: string) => void): Promise<void> {
  const { context } = await import("esbuild");
  const write: Plugin = {
    name: "write-console",
    setup: (build) =>
      build.onEnd((result) => {
        if (result.errors.length > 0) return;
        const output = outputOf(project, result);
        writeOutput(project, output);
        const { id, files } = output;
        say(`${new Date().toTimeString().slice(0, 8)}  build ${id}, ${files.length} files`);
      }),
  };
  const watching = await context({ ...options(project), plugins: [write] });
  await watching.watch();
  await new Promise<never>(() => undefined);
}

function options(project: string) {
  return {
    absWorkingDir: project,
    entryPoints: { main: "console/src/main.tsx" },
    tsconfig: "console/tsconfig.json",
    outdir: outputFolder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome111", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    chunkNames: "[name]-[hash]",
    metafile: true,
    write: false,
    logLevel: "warning",
  } satisfies BuildOptions;
}

function outputOf(project: string, { outputFiles, metafile }: BuildResult): Built {
  if (outputFiles === undefined || metafile === undefined) throw new Error("esbuild was told to write files");
  const folder = join(project, outputFolder);
  const files = outputFiles
    .map(({ path, contents }) => ({ name: relative(folder, path), bytes: contents }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const page = readFileSync(join(project, "console/index.html"), "utf8");
  return { ...composeOutput(page, files), metafile };
}
