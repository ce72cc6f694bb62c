import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { namedUuid } from "./payload-uuid.ts";
import { profileDigest } from "./profile-digest.ts";

export type FilledProfile = { bytes: Bytes; uuid: string; digest: string };

/**
 * A profile with its variables filled in for one channel. Its PayloadUUID is made of the profile's own and of what it
 * was filled with: what a device lists then tells whether it has these values or former ones.
 */
export async function fillProfile(
  dict: PlistDict,
  facts: VariableFacts,
): Promise<Result<FilledProfile, { missing: string[] }>> {
  const filled = fillVariables(dict, facts);
  if (!filled.ok) return filled;
  const digest = await profileDigest(filled.value);
  const uuid = await namedUuid(String(dict.get("PayloadUUID")), digest);
  return ok({ bytes: writePlist(new Map([...filled.value, ["PayloadUUID", uuid]])), uuid, digest });
}
