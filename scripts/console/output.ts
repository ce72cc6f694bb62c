// What the build of the console leaves in console/dist, which is the root of what the asset layer may serve:
//
//   _headers, _redirects        rules of the asset layer, made here
//   .assetsignore               what is half written is not served
//   console/page.html           answers every path of the console
//   console/<build>/main.js …   the program, in a folder named by its content, which browsers keep for a year
//
// One folder for each build: a page loads the parts of its own build or nothing, never a mixture of two.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writing } from "../trouble.ts";
import { assetHeaders, assetRoutes } from "./asset-rules.ts";

export const outputFolder = "console/dist";
/** The file that is written when all others are there. */
export const lastWritten = "_headers";

export type OutputFile = { name: string; bytes: Uint8Array };
export type Output = { id: string; page: string; files: OutputFile[] };

/** The page names the files of its build. */
export function composeOutput(source: string, files: OutputFile[]): Output {
  const hash = createHash("sha256");
  for (const { name, bytes } of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  const id = hash.digest("hex").slice(0, 12);
  return { id, page: source.replaceAll('"/console/main.', `"/console/${id}/main.`), files };
}

/**
 * Files are replaced one by one, and old builds removed at the end: a server that is running reads whole files, and two
 * builds at the same time write the same.
 */
export function writeOutput(project: string, { id, page, files }: Output): void {
  const root = join(project, outputFolder);
  writing(root, () => {
    for (const { name, bytes } of files) replace(join(root, "console", id, name), bytes);
    replace(join(root, "console/page.html"), page);
    replace(join(root, ".assetsignore"), "*.part\n");
    replace(join(root, "_redirects"), assetRoutes(id));
    replace(join(root, lastWritten), assetHeaders(id));
    const kept = new Set([id, "page.html"]);
    for (const name of readdirSync(join(root, "console")))
      if (!kept.has(name) && !name.endsWith(".part"))
        rmSync(join(root, "console", name), { recursive: true, force: true });
  });
}

function replace(path: string, content: string | Uint8Array): void {
  const part = `${path}.${process.pid}.part`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(part, content);
  renameSync(part, path);
}
