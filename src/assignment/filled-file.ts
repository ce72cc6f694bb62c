import { type Bytes, sha256, toHex, utf8 } from "../base/bytes.ts";
import { readJson } from "../base/json.ts";
import { logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type AssetFileRow, findAssetFiles } from "../db/asset-files.ts";
import { findDeclarations } from "../db/declarations.ts";
import { openDb } from "../db/open.ts";
import { readAssetFile } from "../library/asset-files.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";
import { isSpoilt } from "../pki/seal.ts";
import { findChannelFacts } from "./channel-facts.ts";
import type { DeclaredFor } from "./deliver-profile.ts";
import type { Missing } from "./render-declaration.ts";

export type FileFacts = Pick<AssetFileRow, "sha256" | "contentType" | "size">;

/** Each of these files as filled in for one channel, by the hash of the stored file. */
export async function filesFor(
  env: Env,
  rows: readonly AssetFileRow[],
  facts: VariableFacts,
): Promise<Map<string, Result<FileFacts, Missing>>> {
  const files = await Promise.all(
    rows.map(async (row) => {
      if (row.variables.length === 0) return [row.sha256, ok(row)] as const;
      const filled = await fillUnlessSpoilt(env, row, facts);
      return [row.sha256, filled.ok ? ok(filled.value.file) : filled] as const;
    }),
  );
  return new Map(files);
}

/** The filled-in file with that hash that one of these declarations refers to, for the channel that has it. */
export async function findServedFile(
  env: Env,
  { deviceId, origin }: { deviceId: string; origin: string },
  declared: readonly DeclaredFor[],
  digest: string,
): Promise<{ bytes: Bytes; contentType: string } | undefined> {
  const db = openDb(env.DB);
  const rows = await findDeclarations(
    db,
    declared.map(({ identifier }) => identifier),
  );
  const files = await findAssetFiles(
    db,
    rows.flatMap(({ dataSha256 }) => dataSha256 ?? []),
  );
  for (const { userId, identifier } of declared) {
    const row = rows.find((one) => one.identifier === identifier);
    const file = files.find((one) => one.sha256 === row?.dataSha256);
    const facts = file?.variables.length
      ? await findChannelFacts(env, db, { deviceId, userId }, origin)
      : undefined;
    if (!file || !facts) continue;
    const filled = await fill(env, file, facts);
    if (filled.ok && filled.value.file.sha256 === digest)
      return { bytes: filled.value.bytes, contentType: file.contentType };
  }
  return undefined;
}

type Filled = { bytes: Bytes; file: FileFacts };

/** One file that does not open must not block everything else for every device that reconciles. */
async function fillUnlessSpoilt(
  env: Env,
  row: AssetFileRow,
  facts: VariableFacts,
): Promise<Result<Filled, Missing>> {
  try {
    return await fill(env, row, facts);
  } catch (fault) {
    if (!isSpoilt(fault)) throw fault;
    logFault("assignment.file_spoilt", fault, { sha256: row.sha256 });
    return refuse({ missing: ["data"] });
  }
}

async function fill(env: Env, row: AssetFileRow, facts: VariableFacts): Promise<Result<Filled, Missing>> {
  const stored = await readAssetFile(env, row.sha256);
  const bytes = stored && new Uint8Array(await new Response(stored.body).arrayBuffer());
  const json = bytes && readJson(bytes);
  if (json === undefined) return refuse({ missing: ["data"] });
  const filled = fillVariables(json, facts);
  if (!filled.ok) return filled;
  const own = utf8(JSON.stringify(filled.value));
  const file = { sha256: toHex(await sha256(own)), contentType: row.contentType, size: own.length };
  return ok({ bytes: own, file });
}
