import { sha256, toHex } from "../base/bytes.ts";
import {
  type AssetFileRow,
  findAssetFile,
  findAssetPart,
  putAssetFile,
  putAssetPart,
  renewAssetFile,
} from "../db/asset-files.ts";
import { fileChanged } from "../db/assignment-changes.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { masterKeys } from "../pki/master.ts";
import { DoesNotOpen, openText, sealText } from "../pki/seal.ts";
import { assetPartContext } from "../pki/seal-contexts.ts";
import { startAssigning } from "./start-assigning.ts";

/** Files of assets: stored sealed and in parts, by the hash of their bytes. The same bytes are stored once. */
export const largestFileBytes = 20 * 1024 * 1024;

// A row of D1 holds 2 MB, and base64 adds a third to the size.
const partBytes = 1024 * 1024;

export async function storeAssetFile(
  env: Env,
  bytes: Uint8Array,
  { contentType, variables }: Pick<AssetFileRow, "contentType" | "variables">,
  now: number,
): Promise<AssetFileRow> {
  const [db, keys] = [openDb(env.DB), await sealingKeys(env)];
  const digest = toHex(await sha256(bytes));
  const row = { sha256: digest, contentType, size: bytes.length, variables, createdAt: now };
  const known = await findAssetFile(db, digest);
  // Devices have the earlier content type in their declarations.
  const isOtherType = known !== undefined && known.contentType !== contentType;
  const isThere = await renewAssetFile(db, row, isOtherType ? [fileChanged(db, digest, { now })] : []);
  if (isOtherType) await startAssigning(env);
  if (isThere) return row;
  for (let part = 0; part * partBytes < bytes.length; part += 1) {
    const piece = bytes.subarray(part * partBytes, (part + 1) * partBytes);
    await putAssetPart(db, digest, part, await sealText(keys, assetPartContext(digest, part), piece));
  }
  await putAssetFile(db, row);
  return row;
}

/** The file as a stream, with one part in memory at a time. */
export async function readAssetFile(
  env: Env,
  digest: string,
): Promise<{ row: AssetFileRow; body: ReadableStream<Uint8Array> } | undefined> {
  const row = await findAssetFile(openDb(env.DB), digest);
  if (!row) return undefined;
  const parts = Math.ceil(row.size / partBytes);
  let part = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (part < parts) controller.enqueue(await openPart(env, digest, part));
      part += 1;
      if (part >= parts) controller.close();
    },
  });
  return { row, body };
}

async function openPart(env: Env, digest: string, part: number): Promise<Uint8Array> {
  const sealed = await findAssetPart(openDb(env.DB), digest, part);
  if (sealed === undefined) throw new Error(`part ${part} of the asset file ${digest} is missing`);
  const opened = await openText(await masterKeys(env), assetPartContext(digest, part), sealed);
  if (!opened.ok) throw new DoesNotOpen(opened.refusal);
  return opened.value;
}
