// A checkout -> the whole catalogue in its packed form, with all that a reader of the result must know about it.
import type { PackedSpec, Shared } from "../../src/catalog/packed.ts";
import { type Kind, kinds, type Platform, platforms } from "../../src/catalog/spec.ts";
import type { Checkout, SchemaFile } from "./checkout.ts";
import { correct } from "./corrections.ts";
import { countKeys, type FolderCount } from "./counts.ts";
import { packKeys, type Reading } from "./keys.ts";
import type { RawFile } from "./raw.ts";
import { OsTables } from "./supported-os.ts";
import { Unread } from "./unread.ts";
import { compareVersions } from "./versions.ts";

export type Release = {
  /** The newest version that any file names, per platform: the files do not say which release they are. */
  newest: { [platform in Platform]?: string };
  digest: string;
  files: number;
  folders: Record<string, FolderCount>;
};

export type Catalogue = {
  kinds: Record<Kind, { shared: Shared; specs: [file: string, spec: PackedSpec][] }>;
  release: Release;
  unread: string[];
};

const fileFacts = ["title", "description", "payload", "payloadkeys", "responsekeys", "reasons"];
const fileFactsKept = ["related-status-items", "notes", "examples"];
const payloadFacts = [
  "requesttype",
  "payloadtype",
  "declarationtype",
  "statusitemtype",
  "credentialtype",
  "supportedOS",
  "apply",
  "beta",
  "content",
];

export function buildCatalogue(checkout: Checkout): Catalogue {
  const unread = new Unread();
  for (const folder of checkout.unread) unread.note(`folder ${folder}`);
  const folders = countKeys(checkout.files);
  for (const place of correct(checkout.files)) unread.note(`nothing to correct at ${place}`);

  const packed = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      packKind(
        checkout.files.filter((file) => file.kind === kind),
        unread,
      ),
    ]),
  ) as Catalogue["kinds"];
  return {
    kinds: packed,
    release: {
      newest: newestVersions(packed),
      digest: checkout.digest,
      files: checkout.files.length,
      folders,
    },
    unread: unread.list(),
  };
}

function packKind(files: readonly SchemaFile[], unread: Unread): Catalogue["kinds"][Kind] {
  const tables = new OsTables(unread);
  const reading: Reading = { tables, unread };
  const rows = files
    .map((file) => ({ file: file.path, id: identityOf(file), raw: file.raw }))
    .sort((a, b) => compareText(a.id, b.id) || compareText(a.file, b.file));
  const index = rows.map(({ file, id, raw }): Shared["index"][number] => [
    file,
    id,
    tables.place(raw.payload.supportedOS, "entry", file) as number,
  ]);
  return {
    specs: rows.map(({ file, raw }) => [file, packSpec(raw, reading, file)]),
    shared: { facts: tables.facts, tables: tables.tables, index },
  };
}

function packSpec(raw: RawFile, reading: Reading, where: string): PackedSpec {
  for (const name of Object.keys(raw))
    if (!fileFacts.includes(name) && !fileFactsKept.includes(name)) reading.unread.note(`file ${name}`);
  for (const name of Object.keys(raw.payload))
    if (!payloadFacts.includes(name)) reading.unread.note(`payload ${name}`);
  const items = raw["related-status-items"]?.flatMap((group) => group["status-items"] ?? []);
  return {
    keys: packKeys(raw.payloadkeys ?? [], reading, where),
    ...(raw.responsekeys && { response: packKeys(raw.responsekeys, reading, where) }),
    ...(raw.payload.apply && { apply: raw.payload.apply }),
    ...(raw.payload.beta && { beta: true }),
    ...(raw.reasons && { reasons: raw.reasons.map(packReason) }),
    ...(items && items.length > 0 && { "related-status-items": items }),
  };
}

const packReason = ({ value, details }: NonNullable<RawFile["reasons"]>[number]) => ({
  value,
  details: (details ?? []).map(({ key, type, valuetype }) => ({
    name: key,
    type: type.replace(/^<(.*)>$/, "$1") as "string",
    ...(valuetype && { valuetype }),
  })),
});

/** Errors have no identity but the one value of their key `code`. */
export function identityOf({ path, raw }: SchemaFile): string {
  const { requesttype, payloadtype, declarationtype, statusitemtype, credentialtype } = raw.payload;
  const code = raw.payloadkeys?.find(({ key }) => key === "code")?.rangelist?.[0];
  const id = requesttype ?? payloadtype ?? declarationtype ?? statusitemtype ?? credentialtype ?? code;
  if (typeof id !== "string") throw new Error(`${path} has no identity`);
  return id;
}

function newestVersions(packed: Catalogue["kinds"]): Release["newest"] {
  const newest: Release["newest"] = {};
  for (const { shared } of Object.values(packed))
    for (const table of shared.tables)
      for (const platform of platforms) {
        const place = table[platform];
        const version = typeof place === "number" ? shared.facts[place]?.introduced : undefined;
        if (version && version !== "all" && compareVersions(version, newest[platform] ?? "0") > 0)
          newest[platform] = version;
      }
  return newest;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
