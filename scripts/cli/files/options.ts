// `edgemdm.yaml`: what concerns the whole folder.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { schemaProblems } from "./named-kind.ts";
import { readTree } from "./read-file.ts";
import type { Finding, FolderOptions } from "./thing.ts";

export const optionsFile = "edgemdm.yaml";

const Options = v.strictObject({
  scope: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/, "must be lower-case letters, digits and hyphens"),
    ),
    "default",
  ),
  encrypt: v.optional(v.array(v.string())),
});

export function readOptions(folder: string): { options: FolderOptions; findings: Finding[] } {
  const path = join(folder, optionsFile);
  const nothing: FolderOptions = { scope: "default", encrypt: undefined };
  if (!existsSync(path)) return { options: nothing, findings: [] };
  const source = { file: optionsFile, form: "yaml" as const, bytes: readFileSync(path) };
  const { tree, findings } = readTree(source);
  if (tree === undefined) return { options: nothing, findings };
  const problems = schemaProblems(Options, tree).map((problem) => ({ file: optionsFile, ...problem }));
  if (problems.length > 0) return { options: nothing, findings: problems };
  const { scope, encrypt } = v.parse(Options, tree);
  return { options: { scope, encrypt }, findings: [] };
}
