// A folder as what it says: things by kind, and what is wrong with its files.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { nearMiss } from "../../../src/catalog/near-miss.ts";
import { causeOf, Trouble } from "../../trouble.ts";
import { kinds } from "./kinds.ts";
import { nameOfFile } from "./names.ts";
import { optionsFile, readOptions } from "./options.ts";
import { readSealed, sealedFile } from "./sealed.ts";
import { Secrets } from "./secrets.ts";
import {
  type Finding,
  type FolderOptions,
  type Form,
  type Kind,
  keyOf,
  type Source,
  type Thing,
} from "./thing.ts";

export type Folder = {
  things: Thing[];
  findings: Finding[];
  options: FolderOptions;
  /** The kinds that the folder speaks of; of others it says nothing. */
  kinds: ReadonlySet<Kind>;
  secrets: Secrets;
};

const formOf: Readonly<Record<string, Form>> = {
  ".yaml": "yaml",
  ".yml": "yaml",
  ".json": "json",
  ".mobileconfig": "mobileconfig",
};

/** Bytes of assets: named by declarations, not read by themselves. */
const dataFolder = "data";
/** Which rule is where: `edgemdm baseline status` reads it. */
const baselineFile = "baseline.yaml";
const largestFile = 16 * 1024 * 1024;

export async function readFolder(path: string): Promise<Folder> {
  const { options, findings } = readOptions(path);
  const secrets = new Secrets(await readSealed(path), process.env);
  const found = sourcesIn(path);
  findings.push(...found.findings);
  const things: Thing[] = [];
  for (const { kind, source } of found.sources) {
    const read = await kind.read(source, { secrets, folder: path, options });
    findings.push(...read.findings);
    if (read.thing) things.push(read.thing);
  }
  for (const name of secrets.missing)
    findings.push({
      file: "",
      pointer: "",
      level: "error",
      detail: `\${${name}} is used, and neither the environment nor ${sealedFile} has a value for it`,
    });
  findings.push(...doubles(things), ...unknownUses(things));
  return { things, findings, options, kinds: new Set(found.kinds), secrets };
}

type Sources = { sources: { kind: Kind; source: Source }[]; findings: Finding[]; kinds: Kind[] };

function sourcesIn(path: string): Sources {
  const all: Sources = { sources: [], findings: [], kinds: [] };
  for (const kind of kinds) {
    if (kind.isSingle) continue;
    const files = filesIn(path, kind.place);
    if (files === undefined) continue;
    all.kinds.push(kind);
    for (const file of files) add(all, path, kind, `${kind.place}/${file}`);
  }
  const places = new Set(kinds.map(({ place }) => place.split("/")[0]));
  for (const entry of entriesOf(path) ?? []) {
    const single = kinds.find(({ place, isSingle }) => isSingle && place === withoutEnding(entry));
    if (single && formOf[extname(entry)]) {
      all.kinds.push(single);
      add(all, path, single, entry);
    } else if (
      !places.has(entry) &&
      ![optionsFile, sealedFile, dataFolder, baselineFile].includes(entry) &&
      !isReading(entry)
    )
      all.findings.push(
        stranger(
          entry,
          [...places].filter((place) => place !== undefined),
        ),
      );
  }
  return all;
}

function add(all: Sources, folder: string, kind: Kind, file: string): void {
  const form = formOf[extname(file)];
  const wrong = (detail: string) => all.findings.push({ file, pointer: "", detail, level: "error" });
  if (form === undefined || !kind.forms.includes(form)) {
    wrong(`is no ${kind.one}: its name ends in ${kind.forms.map((known) => `.${known}`).join(", or ")}`);
    return;
  }
  const name = kind.isSingle ? "" : nameOfFile(withoutEnding(file.slice(kind.place.length + 1)));
  const path = join(folder, file);
  if (name === undefined) wrong("has a % in its name that is not followed by two digits: write %25");
  else if (statSync(path).size > largestFile) wrong(`is larger than ${largestFile} bytes`);
  else all.sources.push({ kind, source: { file, name, form, bytes: readFileSync(path) } });
}

/** Notes for people are no part of it. */
const isReading = (entry: string): boolean => /\.(md|txt)$/i.test(entry) || entry === "LICENSE";

const stranger = (entry: string, places: readonly string[]): Finding => {
  const meant = nearMiss(withoutEnding(entry), places);
  return {
    file: entry,
    pointer: "",
    level: "error",
    detail: `is nothing that apply knows${meant ? `; did you mean ${meant}?` : `; it knows ${places.join(", ")}`}`,
  };
};

function doubles(things: readonly Thing[]): Finding[] {
  const seen = new Map<string, string>();
  return things.flatMap(({ kind, name, file }): Finding[] => {
    const key = keyOf(kind, name);
    const other = seen.get(key);
    seen.set(key, file);
    if (other === undefined) return [];
    return [{ file, pointer: "", level: "error", detail: `is the ${kind.one} ${name}, and so is ${other}` }];
  });
}

/** It may be on the server already. */
function unknownUses(things: readonly Thing[]): Finding[] {
  const known = new Set(things.map(({ kind, name }) => keyOf(kind, name)));
  return things.flatMap(({ file, uses }) =>
    uses
      .filter((use) => !known.has(use))
      .map(
        (use): Finding => ({
          file,
          pointer: "",
          level: "warning",
          detail: `names ${use}, which is not in the folder`,
        }),
      ),
  );
}

function filesIn(path: string, place: string): string[] | undefined {
  return entriesOf(join(path, place))?.filter(
    (entry) => !kinds.some((kind) => kind.place === `${place}/${entry}`),
  );
}

/** In one order on every machine. undefined: there is no such folder. */
function entriesOf(path: string): string[] | undefined {
  try {
    return readdirSync(path)
      .filter((entry) => !entry.startsWith("."))
      .sort();
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "ENOENT") return undefined;
    throw new Trouble(`${path} cannot be read: ${causeOf(fault)}`, { cause: fault });
  }
}

const withoutEnding = (file: string): string => file.slice(0, file.length - extname(file).length);
