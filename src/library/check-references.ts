import { nearMiss } from "../catalog/near-miss.ts";
import { findAssetFiles } from "../db/asset-files.ts";
import {
  type DeclarationRow,
  findDeclarations,
  knownProfiles,
  listIdentifiers,
  listReferrers,
} from "../db/declarations.ts";
import type { Db } from "../db/open.ts";
import { type Reference, referencesIn, type Wanted } from "../declarations/references.ts";
import type { Payload } from "../declarations/server-filled.ts";
import { type DeclarationFinding, found } from "./declaration-findings.ts";

/** The parts of a declaration that its references depend on. */
type Referring = { identifier: string; type: string; payload: Payload };
type Referred = Pick<DeclarationRow, "kind" | "type" | "payload" | "dataSha256">;

/** How many of the library's identifiers are searched for a similar one. */
const mostCompared = 2_000;
const mostReferrers = 100;

/** Whether its references exist and are of the right type. */
export async function checkReferences(
  db: Db,
  { identifier, type, payload }: Referring,
): Promise<DeclarationFinding[]> {
  const references = await referencesIn(type, payload);
  if (references.length === 0) return [];
  const named = (kind: Reference["kind"]) =>
    references.filter((reference) => reference.kind === kind).map((reference) => reference.identifier);
  const [rows, profiles] = await Promise.all([
    findDeclarations(db, named("declaration")),
    knownProfiles(db, named("profile")),
  ]);
  const byIdentifier = new Map(rows.map((row) => [row.identifier, row]));
  const types = await contentTypesOf(db, rows);
  const isMissing = ({ kind, identifier: name }: Reference) =>
    kind === "profile" ? !profiles.includes(name) : !byIdentifier.has(name);
  const missing = references.filter(isMissing);
  const known = missing.length > 0 ? await listIdentifiers(db, mostCompared) : [];
  return [
    ...missing.map((reference) =>
      unknown(
        reference,
        known.filter((name) => name !== identifier),
      ),
    ),
    ...references.flatMap((reference) => {
      const row = byIdentifier.get(reference.identifier);
      return row && reference.kind === "declaration" ? misfit(reference, row, types) : [];
    }),
  ];
}

/** Whether declarations that refer to it may still do so with its new type. */
export async function checkReferrers(
  db: Db,
  { identifier, ...content }: Referring & Referred,
): Promise<DeclarationFinding[]> {
  const referrers = await listReferrers(db, "declaration", identifier, mostReferrers);
  const rows = await findDeclarations(
    db,
    referrers.map((referrer) => referrer.identifier),
  );
  const unfit = await Promise.all(
    rows.map(async (row) => {
      const references = await referencesIn(row.type, row.payload as Payload);
      return references.some(
        ({ identifier: name, wants }) => name === identifier && problemOf(wants, content) !== undefined,
      );
    }),
  );
  return rows
    .filter((_, at) => unfit[at])
    .map((row) =>
      found(
        "",
        "unfit-for-referrer",
        `${row.identifier} refers to it and needs a type other than ${content.type}`,
      ),
    );
}

function unknown({ kind, identifier, pointer }: Reference, known: readonly string[]): DeclarationFinding {
  const what = kind === "profile" ? "profile" : "declaration";
  const detail = `the library has no ${what} ${JSON.stringify(identifier.slice(0, 100))}`;
  return found(
    pointer,
    "unknown-reference",
    detail,
    kind === "profile" ? undefined : nearMiss(identifier, known),
  );
}

function misfit(
  { identifier, pointer, wants }: Reference,
  row: DeclarationRow,
  contentTypes: ReadonlyMap<string, string>,
): DeclarationFinding[] {
  const problem = problemOf(wants, row);
  if (problem !== undefined) return [found(pointer, "wrong-reference", `${identifier} is ${problem}`)];
  const given = contentTypes.get(row.identifier);
  if (!wants.contentTypes || given === undefined || wants.contentTypes.includes(given)) return [];
  const detail = `${identifier} has ${given}; the content type must be ${wants.contentTypes.join(" or ")}`;
  return [found(pointer, "wrong-content-type", detail)];
}

function problemOf({ kind, types }: Wanted, row: Pick<Referred, "kind" | "type">): string | undefined {
  if (types && !types.includes(row.type)) return `of type ${row.type}; it must be ${types.join(" or ")}`;
  if (kind && row.kind !== kind) return `of kind ${row.kind}; it must be of kind ${kind}`;
  return undefined;
}

/** The content type of its uploaded file, or the declared type of data elsewhere. */
async function contentTypesOf(db: Db, rows: readonly DeclarationRow[]): Promise<Map<string, string>> {
  const digests = rows.flatMap(({ dataSha256 }) => dataSha256 ?? []);
  const files = digests.length > 0 ? await findAssetFiles(db, digests) : [];
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const told = (row.payload.Reference as { ContentType?: unknown } | undefined)?.ContentType;
      const type = files.find(({ sha256 }) => sha256 === row.dataSha256)?.contentType ?? told;
      return typeof type === "string" ? [[row.identifier, type]] : [];
    }),
  );
}
