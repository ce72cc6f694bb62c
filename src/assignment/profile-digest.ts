import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { ProfileEntry } from "../db/profiles.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";

/**
 * What a profile would be for one channel, without opening it: its content and the values of its variables. Looking
 * what a device should have costs no more when profiles are large.
 */
export async function profileDigest(
  { digest, variables }: Pick<ProfileEntry, "digest" | "variables">,
  facts: VariableFacts,
): Promise<Result<string, { missing: string[] }>> {
  if (variables.length === 0) return ok(digest);
  const values = fillVariables(
    variables.map((name) => `{{${name}}}`),
    facts,
  );
  if (!values.ok) return values;
  return ok(toHex(await sha256(utf8(JSON.stringify([digest, values.value])))));
}

export async function digestsOf(
  rows: readonly ProfileEntry[],
  facts: VariableFacts,
): Promise<Map<string, Result<string, { missing: string[] }>>> {
  const digests = await Promise.all(
    rows.map(async (row) => [row.identifier, await profileDigest(row, facts)] as const),
  );
  return new Map(digests);
}
