// Kinds of which there is one, and whose file says only what it wants to be otherwise.
import type * as v from "valibot";
import type { Json } from "../../../src/declarations/canonical-json.ts";
import { differencesBetween } from "../../../src/declarations/difference.ts";
import { schemaProblems } from "./named-kind.ts";
import { readTree } from "./read-file.ts";
import { mapTexts } from "./secrets.ts";
import type { Kind, Tree } from "./thing.ts";

export type Patched = {
  place: string;
  one: string;
  path: string;
  schema: v.GenericSchema<unknown, object>;
  /** Of what is answered, what can be set. */
  settable: (answer: Tree) => Tree;
  /** What the server would have after it took the file. */
  merged: (current: Tree, wanted: Tree) => Tree;
  reach?: Kind["reach"];
  exported: (current: Tree) => { value: Tree; secrets: readonly string[] };
};

export function patchedKind(patched: Patched): Kind {
  const { place, one, path, settable, merged } = patched;
  const kind: Kind = {
    place,
    one,
    path,
    isSingle: true,
    forms: ["yaml", "json"],
    async read(source, { secrets }) {
      const { file } = source;
      const { tree: written, findings } = readTree(source);
      if (written === undefined) return { findings };
      const value = mapTexts(written, (text) => secrets.fill(text)) as Tree;
      const problems = schemaProblems(patched.schema, value).map((problem) => ({ file, ...problem }));
      if (problems.length > 0) return { findings: problems };
      return { thing: { kind, name: "", file, value, written, uses: [] }, findings: [] };
    },
    current: (answer) => ({ name: "", value: settable(answer) }),
    ...(patched.reach && { reach: patched.reach }),
    differences: async (_api, thing, { value }) => differencesBetween(value, merged(value, thing.value)),
    create: () => Promise.reject(new Error(`${one} are always there`)),
    async change(api, { value }, current, condition) {
      const wanted = merged(current.value, value);
      const json = Object.fromEntries(
        Object.entries(value).filter(
          ([name]) => differencesBetween(current.value[name], wanted[name]).length > 0,
        ),
      ) as Record<string, Json>;
      await api.json("PATCH", path, { body: json, ...condition });
    },
    exported: async (_api, { value }) => patched.exported(value),
  };
  return kind;
}
