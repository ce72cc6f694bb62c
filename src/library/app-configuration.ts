import { type Bytes, fromBase64, sha256, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { AppRow } from "../db/library-apps.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn } from "../pki/seal.ts";
import { appConfigurationContext } from "../pki/seal-contexts.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { dictOf } from "./profile-content.ts";

/** The configuration of an app: sealed, because it may have passwords in it. */
type Configured = Pick<
  AppRow,
  "name" | "version" | "sealedConfiguration" | "configurationDigest" | "configurationSize" | "variables"
>;

export async function openConfiguration(env: Env, row: Configured): Promise<PlistDict | undefined> {
  if (row.sealedConfiguration === null) return undefined;
  const sealed = fromBase64(row.sealedConfiguration) ?? new Uint8Array();
  return dictOf(await openOwn(await masterKeys(env), appConfigurationContext(row.name, row.version), sealed));
}

export type FilledConfiguration = { dict: PlistDict; bytes: Bytes; sha256: string };

/** As one device gets it; undefined: the app has none. */
export async function fillConfiguration(
  env: Env,
  row: Configured,
  facts: VariableFacts,
): Promise<Result<FilledConfiguration | undefined, { missing: string[] }>> {
  const whole = await openConfiguration(env, row);
  if (whole === undefined) return ok(undefined);
  const filled = fillVariables(whole, facts);
  if (!filled.ok) return refuse(filled.refusal);
  const bytes = writePlist(filled.value);
  return ok({ dict: filled.value, bytes, sha256: toHex(await sha256(bytes)) });
}

/** Its hash and size as one device gets it. One without variables need not be opened. */
export async function describeConfiguration(
  env: Env,
  row: Configured,
  facts: VariableFacts,
): Promise<Result<{ sha256: string; size: number } | null, { missing: string[] }>> {
  const { configurationDigest, configurationSize, variables } = row;
  if (configurationDigest === null || configurationSize === null) return ok(null);
  if (variables.length === 0) return ok({ sha256: configurationDigest, size: configurationSize });
  const filled = await fillConfiguration(env, row, facts);
  if (!filled.ok) return filled;
  return ok(filled.value ? { sha256: filled.value.sha256, size: filled.value.bytes.length } : null);
}
