// The bundle as it would be uploaded, and which of its modules run when an isolate starts. Esbuild puts all modules
// in one file; those that only `import()` reaches are wrapped in functions and run when they are first asked for.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Trouble } from "../trouble.ts";
import { complaintOf, runWrangler } from "../wrangler.ts";

type Metafile = {
  inputs: Record<string, { imports: { path: string; kind: string; external?: boolean }[] }>;
  outputs: Record<
    string,
    { entryPoint?: string; bytes: number; inputs: Record<string, { bytesInOutput: number }> }
  >;
};

export type Bundle = {
  file: string;
  minifiedBytes: number;
  gzipBytes: number;
  /** Modules that run at start, each with the module that imports it first; the entry has none. */
  eager: Map<string, string | undefined>;
  eagerBytes: number;
  /** All of it, at whatever time it runs. */
  modules: string[];
};

export async function buildBundle(project: string, folder: string): Promise<Bundle> {
  const built = await runWrangler(project, ["deploy", "--dry-run", "--outdir", folder, "--metafile"]);
  if (built.code !== 0) throw new Trouble(`the Worker does not build:\n${complaintOf(built)}`);
  const metafile = JSON.parse(readFileSync(join(folder, "bundle-meta.json"), "utf8")) as Metafile;
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (!output?.entryPoint) throw new Error("esbuild's metafile names no entry point");
  const file = join(folder, "index.js");
  const eager = eagerModules(metafile, output.entryPoint);
  const sizes = Object.entries(output.inputs).filter(([module]) => eager.has(module));
  return {
    file,
    minifiedBytes: output.bytes,
    gzipBytes: gzipSync(readFileSync(file)).length,
    eager,
    eagerBytes: sizes.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
    modules: Object.keys(output.inputs),
  };
}

/** How a module comes to run at start, from the entry to it. */
export function importChain({ eager }: Pick<Bundle, "eager">, module: string): string[] {
  const importer = eager.get(module);
  return importer === undefined ? [module] : [...importChain({ eager }, importer), module];
}

// Breadth first, so that a chain is the shortest one.
export function eagerModules(
  { inputs }: Pick<Metafile, "inputs">,
  entry: string,
): Map<string, string | undefined> {
  const eager = new Map<string, string | undefined>([[entry, undefined]]);
  for (const module of eager.keys()) {
    for (const { path, kind, external } of inputs[module]?.imports ?? []) {
      if (kind !== "dynamic-import" && !external && !eager.has(path)) eager.set(path, module);
    }
  }
  return eager;
}
