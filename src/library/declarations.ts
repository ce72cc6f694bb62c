import { ok, type Result, refuse } from "../base/result.ts";
import { refusesIn, type ValidationMode } from "../catalog/finding.ts";
import { memberChanged } from "../db/assignment-changes.ts";
import {
  type DeclarationRow,
  deleteDeclaration,
  findDeclaration,
  findVersion,
  listReferrers,
  listSetsWith,
  putDeclaration,
  touchDeclaration,
} from "../db/declarations.ts";
import { type Db, openDb } from "../db/open.ts";
import { isTooDeep } from "../declarations/canonical-json.ts";
import { type DeclarationKind, isIdentifier, kindOfType } from "../declarations/declaration.ts";
import { isOwnIdentifier, ownPrefix } from "../declarations/own-namespace.ts";
import { referencesIn } from "../declarations/references.ts";
import type { Payload } from "../declarations/server-filled.ts";
import { serverToken } from "../declarations/server-token.ts";
import { variablesIn } from "../mdm/variables.ts";
import { type AskedPlan, isQuiet } from "../rollouts/begin.ts";
import { beginDeclarationVersion } from "../rollouts/new-version.ts";
import { startRollouts } from "../rollouts/start.ts";
import { type CheckedContent, checkAlone } from "./check-declaration.ts";
import { checkReferences, checkReferrers } from "./check-references.ts";
import type { DeclarationFinding } from "./declaration-findings.ts";
import { startAssigning } from "./start-assigning.ts";
import { partsKeptFromUsers } from "./user-enrollment.ts";

/** The library of declarations: what may be saved, and who is notified of a change. */
export type DeclarationContent = {
  type: string;
  payload: Record<string, unknown>;
};

export type ChangeTerms = {
  /** The id of a token. */
  by: string;
  mode: ValidationMode;
  /** Devices are not notified; they find the change when they next ask. */
  quiet?: boolean;
  /** Returns only what would happen. */
  dryRun?: boolean;
  /** The plan of rings (`rollouts/begin.ts`). */
  rollout?: AskedPlan;
};

export type Saved = {
  row: DeclarationRow;
  before: DeclarationRow | undefined;
  outcome: "created" | "changed" | "unchanged";
  findings: DeclarationFinding[];
  /** The rollout that brings it to devices ring by ring; undefined: they get it at once. */
  rollout?: string | undefined;
};

export type SaveRefusal =
  | { reason: "bad-identifier" | "bad-type" | "too-deep"; detail: string }
  | { reason: "unfit"; findings: DeclarationFinding[] }
  | { reason: "busy"; detail: string };

const mostTries = 4;

/** Saving the same content again changes nothing and notifies no device. */
export async function saveDeclaration(
  env: Env,
  identifier: string,
  content: DeclarationContent,
  terms: ChangeTerms,
  now: number,
): Promise<Result<Saved, SaveRefusal>> {
  const known = checkForm(identifier, content);
  if (!known.ok) return known;
  return settle(env, identifier, terms, now, async (before) => ({
    ...content,
    kind: known.value,
    // A declaration of another type does not use the file.
    dataSha256: before?.type === content.type ? before.dataSha256 : null,
  }));
}

export type NotThere = { reason: "not-found"; detail: string };

/** Saves an older content as the newest version. */
export async function restoreDeclaration(
  env: Env,
  identifier: string,
  version: number,
  terms: ChangeTerms,
  now: number,
): Promise<Result<Saved, SaveRefusal | NotThere>> {
  const old = await findVersion(openDb(env.DB), identifier, version);
  const kind = old && kindOfType(old.type);
  if (!old || !kind) return refuse(noVersion(identifier, version));
  const { type, payload, dataSha256 } = old;
  return settle(env, identifier, terms, now, async () => ({ type, payload, kind, dataSha256 }));
}

/** Sets this file as its data, or removes its data. */
export async function setDeclarationData(
  env: Env,
  identifier: string,
  dataSha256: string | null,
  terms: ChangeTerms,
  now: number,
): Promise<Result<Saved, SaveRefusal | NotThere>> {
  const row = await findDeclaration(openDb(env.DB), identifier);
  if (!row) return refuse(notThere(identifier));
  return settle(env, identifier, terms, now, async (before) => ({ ...(before ?? row), dataSha256 }));
}

/** Makes every device that has it fetch it again. */
export async function touch(
  env: Env,
  identifier: string,
  quiet: boolean,
  now: number,
): Promise<Result<DeclarationRow, NotThere | { reason: "busy"; detail: string }>> {
  const db = openDb(env.DB);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const row = await findDeclaration(db, identifier);
    if (!row) return refuse(notThere(identifier));
    const touches = row.touches + 1;
    const token = await tokenOf({ ...row, touches });
    if (
      await touchDeclaration(db, row, token, [memberChanged(db, "declaration", identifier, { now, quiet })])
    ) {
      await startAssigning(env);
      return ok({ ...row, touches, serverToken: token });
    }
  }
  return refuse(busy(identifier));
}

export type InUse = {
  reason: "in-use";
  referrers: string[];
  sets: string[];
};

const mostNamed = 100;

export async function removeDeclaration(
  env: Env,
  identifier: string,
): Promise<Result<void, NotThere | InUse>> {
  const db = openDb(env.DB);
  if (await deleteDeclaration(db, identifier)) return ok(undefined);
  const [row, referrers, sets] = await Promise.all([
    findDeclaration(db, identifier),
    listReferrers(db, "declaration", identifier, mostNamed),
    listSetsWith(db, identifier, mostNamed),
  ]);
  if (!row) return refuse(notThere(identifier));
  return refuse({ reason: "in-use", referrers: referrers.map((referrer) => referrer.identifier), sets });
}

type NewContent = Pick<DeclarationRow, "type" | "kind" | "payload" | "dataSha256">;

/** Reads, checks and writes; starts again if another request wrote in between. */
async function settle(
  env: Env,
  identifier: string,
  { by, mode, quiet = false, dryRun = false, rollout }: ChangeTerms,
  now: number,
  contentAfter: (before: DeclarationRow | undefined) => Promise<NewContent>,
): Promise<Result<Saved, SaveRefusal>> {
  const db = openDb(env.DB);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await findDeclaration(db, identifier);
    const content = await contentAfter(before);
    const payload = content.payload as Payload;
    const findings = mode === "off" ? [] : await findingsOf(db, { ...content, payload, identifier });
    if (refusesIn(mode, findings)) return refuse({ reason: "unfit", findings });
    const row = await nextRow(identifier, before, content, by, now);
    if (before?.serverToken === row.serverToken)
      return ok({ row: before, before, outcome: "unchanged", findings });
    const outcome = before ? "changed" : "created";
    if (dryRun) return ok({ row, before, outcome, findings });
    const references = await referencesIn(content.type, payload);
    const stored = references.map(({ kind, identifier: refersTo }) => ({ kind, refersTo }));
    const note = memberChanged(db, "declaration", identifier, { now, quiet });
    const begun = await beginDeclarationVersion(env, db, { before, row }, { by, asked: rollout }, now);
    const also = [...begun.statements, ...(isQuiet(begun) ? [] : [note])];
    if (await putDeclaration(db, row, stored, also)) {
      await startAssigning(env);
      if (begun.id !== undefined) await startRollouts(env);
      return ok({ row, before, outcome, findings, rollout: begun.id });
    }
  }
  return refuse(busy(identifier));
}

/** All errors and warnings together; also what the devices of its sets do not get that their users enrolled. */
async function findingsOf(db: Db, content: CheckedContent): Promise<DeclarationFinding[]> {
  const sets = await listSetsWith(db, content.identifier, mostNamed);
  return [
    ...(await checkAlone(content)),
    ...(await checkReferences(db, content)),
    ...(await checkReferrers(db, content)),
    ...(await partsKeptFromUsers(db, sets, content)),
  ];
}

async function nextRow(
  identifier: string,
  before: DeclarationRow | undefined,
  { type, kind, payload, dataSha256 }: NewContent,
  by: string,
  now: number,
): Promise<DeclarationRow> {
  const touches = before?.touches ?? 0;
  return {
    identifier,
    type,
    kind,
    payload,
    dataSha256,
    touches,
    serverToken: await tokenOf({ identifier, type, payload, dataSha256, touches }),
    version: (before?.version ?? 0) + 1,
    variables: variablesIn(payload),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    updatedBy: by,
  };
}

const tokenOf = ({
  identifier,
  type,
  payload,
  touches,
  dataSha256,
}: Pick<DeclarationRow, "identifier" | "type" | "payload" | "touches" | "dataSha256">): Promise<string> =>
  serverToken({ identifier, type, payload, touches, data: dataSha256 === null ? [] : [dataSha256] });

function checkForm(
  identifier: string,
  { type, payload }: DeclarationContent,
): Result<DeclarationKind, SaveRefusal> {
  if (!isIdentifier(identifier)) {
    const detail = "an identifier must be 1 to 64 bytes of UTF-8 without control characters";
    return refuse({ reason: "bad-identifier", detail });
  }
  if (isOwnIdentifier(identifier)) {
    const detail = `identifiers that begin with ${ownPrefix} belong to the server itself; choose another one`;
    return refuse({ reason: "bad-identifier", detail });
  }
  const kind = kindOfType(type);
  if (!kind) {
    const detail =
      "the third word of a type must be activation, asset, configuration or management, as in com.apple.activation.simple";
    return refuse({ reason: "bad-type", detail });
  }
  if (isTooDeep(payload)) return refuse({ reason: "too-deep", detail: "nested deeper than 64" });
  return ok(kind);
}

const notThere = (identifier: string): NotThere => ({
  reason: "not-found",
  detail: `no declaration ${identifier} is known`,
});

const noVersion = (identifier: string, version: number): NotThere => ({
  reason: "not-found",
  detail: `${identifier} has no version ${version}; the last 100 versions are kept`,
});

const busy = (identifier: string) => ({
  reason: "busy" as const,
  detail: `${identifier} is being changed by several requests at once; try again`,
});
