// What profiles, declarations and sets have in common: a list, one of them, saving and deleting.
import { readFileSync } from "node:fs";
import type { Bytes, Listed } from "../../client/src/index.ts";
import { Trouble } from "../trouble.ts";
import { ask } from "./ask.ts";
import { type Command, type Given, type Runtime, WrongCall } from "./command.ts";
import { all } from "./lists.ts";
import type { Column } from "./screen.ts";

type LibraryPath = "/profiles" | "/declarations" | "/sets";

export type Library<Path extends LibraryPath> = {
  path: Path;
  /** In a sentence: `profile`. */
  one: string;
  columns: readonly Column<Listed[Path]>[];
  /** How a file is sent; JSON unless said. */
  bodyOf?: (file: string) => Bytes;
  /** Further words: `give NAME DEVICE`. */
  more?: Readonly<
    Record<
      string,
      { words: string; count: number; run: (words: readonly string[], runtime: Runtime) => Promise<void> }
    >
  >;
  also?: string;
};

export function libraryCommand<Path extends LibraryPath>(library: Library<Path>): Command {
  const { more = {} } = library;
  const actions = [
    "show NAME",
    "save NAME FILE",
    "delete NAME",
    ...Object.entries(more).map(([name, { words }]) => `${name} ${words}`),
  ];
  return {
    words: `[${actions.join(" | ")}]`,
    count: [0, 3],
    options: { yes: { help: "delete without a question" } },
    ...(library.also && { also: library.also }),
    run: (given, runtime) => perform(library, actions, given, runtime),
  };
}

async function perform<Path extends LibraryPath>(
  library: Library<Path>,
  actions: readonly string[],
  given: Given,
  runtime: Runtime,
): Promise<void> {
  const [action = "list", ...words] = given.words;
  const further = library.more?.[action];
  if (action === "list" && words.length === 0) return list(library, runtime);
  if (action === "show" && words.length === 1) return show(library, words[0] ?? "", runtime);
  if (action === "save" && words.length === 2) return save(library, words, runtime);
  if (action === "delete" && words.length === 1) return remove(library, words[0] ?? "", given, runtime);
  if (further !== undefined && words.length === further.count) return further.run(words, runtime);
  throw new WrongCall(actions.join(", or "));
}

async function list<Path extends LibraryPath>(
  { path, one, columns }: Library<Path>,
  { api, screen }: Runtime,
): Promise<void> {
  const items = await all(api.list(path as LibraryPath) as AsyncIterable<Listed[Path]>);
  if (screen.isJson) return screen.json(items);
  if (items.length === 0) return screen.note(`there is no ${one} yet`);
  screen.table(items, columns);
}

async function show(
  { path }: Pick<Library<LibraryPath>, "path">,
  name: string,
  { api, screen }: Runtime,
): Promise<void> {
  screen.json(await (await api.raw("GET", `${path}/{name}`, { path: { name } })).json());
}

async function save(
  library: Pick<Library<LibraryPath>, "path" | "bodyOf">,
  [name = "", file = ""]: readonly string[],
  { api, screen }: Runtime,
): Promise<void> {
  const body = library.bodyOf?.(file) ?? { bytes: contentOf(file), type: "application/json" };
  const answer = await api.raw("PUT", `${library.path}/{name}`, { path: { name }, body });
  const saved: { warnings?: Warnings } = JSON.parse(await answer.text());
  warnOf(saved, screen);
  if (screen.isJson) screen.json(saved);
  else screen.say(`${name} is saved.`);
}

async function remove(
  { path, one }: Pick<Library<LibraryPath>, "path" | "one">,
  name: string,
  given: Given,
  { api, screen }: Runtime,
): Promise<void> {
  if (!given.has("yes")) {
    if (!screen.isAttended) throw new Trouble(`say --yes to delete the ${one} ${name}`);
    if (!/^y(es)?$/i.test(await ask(`Delete the ${one} ${name}? [y/N] `)))
      throw new Trouble("nothing was deleted");
  }
  await api.raw("DELETE", `${path}/{name}`, { path: { name } });
  if (screen.isJson) screen.json({ deleted: name });
  else screen.say(`${name} is deleted.`);
}

/** What the server took, and what will come of it otherwise than one may think. */
export function warnOf({ warnings = [] }: { warnings?: Warnings }, screen: Runtime["screen"]): void {
  for (const { detail } of warnings) screen.note(`warning: ${detail}`);
}

type Warnings = readonly { detail: string }[];

/** A file, or standard input for `-`. */
export function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (fault) {
    throw new Trouble(`${file} cannot be read: ${fault instanceof Error ? fault.message : fault}`, {
      cause: fault,
    });
  }
}
