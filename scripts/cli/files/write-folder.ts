// What a server has, as the folder that `apply` would make it of.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Json } from "../../../src/declarations/canonical-json.ts";
import { masked } from "../../../src/mdm/secrets.ts";
import { writing } from "../../trouble.ts";
import type { Api } from "./api.ts";
import { listOf } from "./calls.ts";
import { valueAt } from "./hide.ts";
import { kinds } from "./kinds.ts";
import { distinct, fileNameOf } from "./names.ts";
import { optionsFile } from "./options.ts";
import { hasKey, writeSealed } from "./sealed.ts";
import { escaped, mapTexts } from "./secrets.ts";
import type { Current, Exported, Kind, Tree } from "./thing.ts";

export type Written = {
  files: string[];
  /** Names of secrets that have no value in the folder: the environment must give them. */
  wanted: string[];
  /** Files of an earlier time, whose things the server does not have. */
  left: string[];
};

export async function writeFolder(api: Api, folder: string): Promise<Written> {
  const files: string[] = [];
  const values = new Map<string, string>();
  const wanted: string[] = [];
  const encrypted: string[] = [];
  for (const kind of kinds) {
    const taken = new Set<string>();
    for (const current of sortedByName(await listOf(api, kind))) {
      const exported = await kind.exported(api, current);
      if (exported === undefined || (kind.isSingle && Object.keys(exported.value).length === 0)) continue;
      if (kind.place === "profiles" && current.value.encrypted === true) encrypted.push(current.name);
      const named = withPlaceholders(kind, current, exported);
      for (const [name, value] of named.secrets)
        if (value === masked || value === "********" || !hasKey()) wanted.push(name);
        else values.set(name, value);
      const name = kind.isSingle ? kind.place : `${kind.place}/${fileNameIn(taken, current.name)}`;
      files.push(write(folder, `${name}.${exported.form ?? "yaml"}`, contentOf(exported, named.value)));
      if (exported.bytes) files.push(write(folder, exported.bytes.file, exported.bytes.content));
    }
  }
  if (values.size > 0) await writeSealed(folder, values);
  if (!existsSync(join(folder, optionsFile)))
    write(
      folder,
      optionsFile,
      stringify({ scope: "default", ...(encrypted.length > 0 && { encrypt: encrypted }) }),
    );
  return { files, wanted, left: leftIn(folder, files) };
}

const contentOf = ({ file }: Exported, value: Tree): string | Uint8Array =>
  file ?? stringify(value, { version: "1.2", lineWidth: 0 });

const sortedByName = (all: readonly Current[]): Current[] =>
  [...all].sort((a, b) => (a.name < b.name ? -1 : 1));

function fileNameIn(taken: Set<string>, name: string): string {
  const file = distinct(fileNameOf(name), taken);
  taken.add(file.toLowerCase());
  return file;
}

/** Secrets as names; what only resembles a name is escaped. */
function withPlaceholders(
  kind: Kind,
  { name }: Current,
  { value, secrets }: Exported,
): { value: Tree; secrets: Map<string, string> } {
  const named = new Map<string, string>();
  let all = mapTexts(value, escaped);
  for (const pointer of secrets) {
    const secret = valueAt(value, pointer);
    if (secret === undefined || secret === null) continue;
    const variable = variableOf(kind, name, pointer);
    named.set(variable, typeof secret === "string" ? secret : JSON.stringify(secret));
    all = replacedAt(all, pointer, `\${${variable}}`);
  }
  return { value: all as Tree, secrets: named };
}

const variableOf = ({ place }: Kind, name: string, pointer: string): string =>
  `${place}_${name}${pointer}`
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^(?=\d)/, "_")
    .toUpperCase();

function replacedAt(value: Json, pointer: string, text: string): Json {
  const [, first, ...rest] = pointer.split("/");
  if (first === undefined) return text;
  const key = first.replaceAll("~1", "/").replaceAll("~0", "~");
  const below = rest.length === 0 ? "" : `/${rest.join("/")}`;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === key ? replacedAt(item, below, text) : item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? replacedAt(item, below, text) : item]),
  );
}

function write(folder: string, file: string, content: string | Uint8Array): string {
  const path = join(folder, file);
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  });
  return file;
}

function leftIn(folder: string, files: readonly string[]): string[] {
  const places = kinds.filter(({ isSingle }) => !isSingle).map(({ place }) => place);
  return places.flatMap((place) => {
    const path = join(folder, place);
    if (!existsSync(path)) return [];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => `${place}/${name}`)
      .filter((file) => !files.includes(file));
  });
}
