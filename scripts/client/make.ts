// Writes what is made of the API's description into the folder of the client, and builds what other programs load.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { accessOf, type Description, repeatableOf, typesOf } from "./types.ts";

const compiler = resolve(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

/** `folder` has `src` and `tsconfig.json`; it gets `api.d.ts`, `src/repeatable.ts` and `built`. The console gets who may ask what. */
export function makeClient(description: Description, folder: string): void {
  writeFileSync(join(folder, "api.d.ts"), typesOf(description));
  writeFileSync(join(folder, "src/repeatable.ts"), repeatableOf(description));
  writeFileSync(join(folder, "../console/src/api/access.ts"), accessOf(description));
  buildClient(folder, join(folder, "built"));
}

/** What programs load that know no TypeScript, and its types. */
export function buildClient(folder: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  execFileSync(process.execPath, [compiler, "-p", join(folder, "tsconfig.json"), "--outDir", target], {
    stdio: "inherit",
  });
  for (const file of readdirSync(target).filter((name) => name.endsWith(".d.ts"))) {
    const types = readFileSync(join(target, file), "utf8");
    writeFileSync(join(target, file), types.replace(/(from "\.\/[\w-]+)\.ts"/g, '$1.js"'));
  }
}
