// Kinds whose file is what PUT takes, in the API's own words: most of them.
import * as v from "valibot";
import type { Json } from "../../../src/declarations/canonical-json.ts";
import { differencesBetween } from "../../../src/declarations/difference.ts";
import { requestError } from "../../../src/http/api/route/request-error.ts";
import { addressOf } from "./calls.ts";
import { readTree } from "./read-file.ts";
import { mapTexts } from "./secrets.ts";
import type { Exported, Finding, Kind, Reading, Source, Tree } from "./thing.ts";

export type Named = {
  place: string;
  one: string;
  /** Of the list; each thing is below it. */
  path: string;
  /** What PUT takes, with the values of what is not said. */
  schema: v.GenericSchema<unknown, object>;
  name?: v.GenericSchema<unknown, string>;
  /** Lists whose order means nothing. */
  unordered?: readonly string[];
  /** Fields that are compared and sent as they were given, although the schema makes something else of them. */
  asGiven?: readonly string[];
  /** Of what the API answers, what a file would say. */
  fields: readonly string[];
  /** Where one has fewer of them. */
  fieldsOf?: (answer: Tree) => readonly string[];
  /** Fields that are sent and not kept, such as a confirmation. */
  besides?: readonly string[];
  uses?: (value: Tree) => string[];
  check?: (value: Tree) => Promise<Omit<Finding, "file">[]>;
  /** Things of this kind that the server makes by itself. */
  isOwn?: (answer: Tree) => boolean;
  reach?: Kind["reach"];
  /** Query of a deletion. */
  removal?: Readonly<Record<string, string>>;
};

export function namedKind(named: Named): Kind {
  const put: Kind["create"] = async (api, { name, value, besides }, condition) => {
    await api.json("PUT", addressOf(kind, name), { body: { ...value, ...besides }, ...condition });
  };
  const kind: Kind = {
    place: named.place,
    one: named.one,
    forms: ["yaml", "json"],
    path: named.path,
    current: (answer) =>
      named.isOwn?.(answer) ? undefined : { name: String(answer.name), value: fieldsOf(named, answer) },
    ...(named.reach && { reach: named.reach }),
    read: (source, reading) => readNamed(named, source, reading, kind),
    differences: async (_api, thing, current) => differencesBetween(current.value, thing.value),
    create: put,
    change: (api, thing, _current, condition) => put(api, thing, condition),
    remove: async (api, { name }, condition) => {
      await api.json("DELETE", addressOf(kind, name), {
        ...(named.removal && { query: named.removal }),
        ...condition,
      });
    },
    exported: async (_api, { value }): Promise<Exported> => ({
      value: withoutDefaults(named.schema, value),
      secrets: [],
    }),
  };
  return kind;
}

async function readNamed(
  named: Named,
  source: Source,
  { secrets }: Reading,
  kind: Kind,
): ReturnType<Kind["read"]> {
  const { tree: written, findings } = readTree(source);
  if (written === undefined) return { findings };
  const filled = mapTexts(written, (text) => secrets.fill(text)) as Tree;
  const problems = [
    ...nameProblems(named, source.name),
    ...schemaProblems(named.schema, filled),
    ...((await named.check?.(filled)) ?? []),
  ].map((problem) => ({ file: source.file, ...problem }));
  if (problems.some(({ level }) => level === "error")) return { findings: problems };
  const value = normalized(named, filled);
  const besides = picked(filled, named.besides ?? []);
  const thing = {
    kind,
    name: source.name,
    file: source.file,
    value,
    written,
    uses: named.uses?.(value) ?? [],
  };
  return { thing: { ...thing, besides }, findings: problems };
}

function nameProblems({ name }: Named, given: string): Omit<Finding, "file">[] {
  const checked = name && v.safeParse(name, given);
  if (checked === undefined || checked.success) return [];
  return [{ pointer: "", detail: `its name ${checked.issues[0].message}`, level: "error" }];
}

export function schemaProblems(
  schema: v.GenericSchema<unknown, object>,
  value: unknown,
): Omit<Finding, "file">[] {
  const checked = v.safeParse(schema, value);
  if (checked.success) return [];
  return checked.issues.map((issue) => {
    const { pointer, detail } = requestError(issue);
    return { pointer, detail, level: "error" };
  });
}

/** The same value for the same meaning, whether it comes from a file or from the server. */
function normalized({ schema, unordered = [], asGiven = [], fields }: Named, given: Tree): Tree {
  const parsed = v.parse(schema, given) as Tree;
  return Object.fromEntries(
    fields.flatMap((field): [string, Json][] => {
      const value = asGiven.includes(field) ? (given[field] ?? null) : parsed[field];
      if (value === undefined) return [];
      return [[field, unordered.includes(field) ? sorted(value) : value]];
    }),
  );
}

const picked = (tree: Tree, fields: readonly string[]): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([field]) => fields.includes(field)));

const sorted = (value: Json): Json => (Array.isArray(value) ? [...value].sort() : value);

function fieldsOf({ fields, fieldsOf: some, unordered = [] }: Named, answer: Tree): Tree {
  return Object.fromEntries(
    (some?.(answer) ?? fields).flatMap((field): [string, Json][] => {
      const value = answer[field];
      if (value === undefined) return [];
      return [[field, unordered.includes(field) ? sorted(value) : value]];
    }),
  );
}

/** A file says what is not understood without it. */
export function withoutDefaults(schema: Named["schema"], value: Tree): Tree {
  let short = value;
  for (const field of Object.keys(value)) {
    const { [field]: left, ...rest } = short;
    const without = v.safeParse(schema, rest);
    if (!without.success) continue;
    const said = (without.output as Tree)[field] ?? null;
    if (JSON.stringify(said) === JSON.stringify(left ?? null)) short = rest;
  }
  return short;
}
