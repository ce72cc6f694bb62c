import { type Bytes, sha256, toHex, utf8 } from "../base/bytes.ts";
import { namedUuid } from "../base/named-uuid.ts";
import { ok, type Result } from "../base/result.ts";
import type { ProfileEntry, ProfileRow } from "../db/profiles.ts";
import { dictOf, openContent } from "../library/profile-content.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";
import { writePlist } from "../plist/write.ts";

/** A profile as one channel gets it, before it is signed. */
export type RenderedProfile = {
  identifier: string;
  version: number;
  /** The UUID under which the device will list it. */
  uuid: string;
  /** It differs for every content, including the values that were filled in. */
  digest: string;
  bytes: Bytes;
};

export async function renderProfile(
  env: Env,
  row: ProfileRow,
  facts: VariableFacts,
): Promise<Result<RenderedProfile, { missing: string[] }>> {
  const { identifier, version, variables } = row;
  const digest = await profileDigest(row, facts);
  if (!digest.ok) return digest;
  const bytes = await openContent(env, row);
  if (variables.length === 0) return ok({ identifier, version, uuid: row.uuid, digest: digest.value, bytes });
  const filled = fillVariables(dictOf(bytes), facts);
  if (!filled.ok) return filled;
  // So the UUID that a device lists shows whether it has these values or older ones.
  const uuid = await namedUuid(row.uuid, digest.value);
  const whole = writePlist(new Map([...filled.value, ["PayloadUUID", uuid]]));
  return ok({ identifier, version, uuid, digest: digest.value, bytes: whole });
}
/**
 * The identity of a profile for one channel without opening it, from its content and the values of its variables. So a
 * reconcile does not cost more if profiles are large.
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
