// Reads a checkout of Apple's device-management schema: which files there are, of what kind, and what they say.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Kind } from "../../src/catalog/spec.ts";
import { Trouble } from "../trouble.ts";
import type { RawFile } from "./raw.ts";

/** One folder is one kind, except for the few shapes that stand among things they are not. */
const kindOfFolder: Record<string, Kind> = {
  "mdm/checkin": "checkins",
  "mdm/commands": "commands",
  "mdm/errors": "errors",
  "mdm/profiles": "profiles",
  "declarative/declarations": "structures",
  "declarative/declarations/activations": "declarations",
  "declarative/declarations/assets": "declarations",
  "declarative/declarations/assets/credentials": "credentials",
  "declarative/declarations/configurations": "declarations",
  "declarative/declarations/management": "declarations",
  "declarative/protocol": "structures",
  "declarative/status": "status-items",
  other: "structures",
};
const structures = new Set([
  "mdm/profiles/TopLevel",
  "mdm/profiles/CommonPayloadKeys",
  "declarative/status/statusreason",
]);

export type SchemaFile = {
  /** Path in the checkout, without `.yaml`. */
  path: string;
  folder: string;
  kind: Kind;
  raw: RawFile;
};

export type Checkout = {
  files: SchemaFile[];
  licence: string;
  /** SHA-256 over names and contents of all files read. */
  digest: string;
  /** Folders with schema files that this generator does not know. */
  unread: string[];
};

export function readCheckout(root: string): Checkout {
  const licence = ["LICENSE.txt", "LICENSE"].map((name) => join(root, name)).find((path) => existsSync(path));
  if (!licence)
    throw new Trouble(`${root} holds no LICENSE.txt: is it a checkout of Apple's device-management?`);

  const paths = ["mdm", "declarative", "other"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((path) => path.endsWith(".yaml"))
    .sort();
  const digest = createHash("sha256");
  const unread = new Set<string>();
  const files: SchemaFile[] = [];
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const kind = kindOfFolder[folder];
    if (!kind) {
      unread.add(folder);
      continue;
    }
    const text = readFileSync(join(root, path), "utf8");
    digest.update(`${path}\0${text}\0`);
    const name = path.replace(/\.yaml$/, "");
    files.push({
      path: name,
      folder,
      kind: structures.has(name) ? "structures" : kind,
      raw: parseFile(path, text),
    });
  }
  if (files.length === 0) throw new Error(`${root} holds no schema files under mdm, declarative and other`);
  return { files, licence: readFileSync(licence, "utf8"), digest: digest.digest("hex"), unread: [...unread] };
}

function parseFile(path: string, text: string): RawFile {
  try {
    // Anchors are reused up to some dozen times a file, and some lists hold themselves: aliases stay shared objects.
    const raw = parse(text, { maxAliasCount: 1000 }) as RawFile;
    if (typeof raw?.payload !== "object") throw new Error("it has no payload");
    return raw;
  } catch (fault) {
    throw new Error(`${path} cannot be read`, { cause: fault });
  }
}
