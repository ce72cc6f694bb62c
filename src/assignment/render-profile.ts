import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { ProfileRow } from "../db/profiles.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn } from "../pki/seal.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { profileContentContext } from "../profiles/content-context.ts";
import { namedUuid } from "../profiles/payload-uuid.ts";
import { profileDigest } from "./profile-digest.ts";

/** A profile as one channel gets it, before it is signed. */
export type RenderedProfile = {
  identifier: string;
  version: number;
  /** What the device will list it by. */
  uuid: string;
  /** Another one for every content, what it was filled with included. */
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
  // What a device lists tells whether it has these values or former ones.
  const uuid = await namedUuid(row.uuid, digest.value);
  const whole = writePlist(new Map([...filled.value, ["PayloadUUID", uuid]]));
  return ok({ identifier, version, uuid, digest: digest.value, bytes: whole });
}

/** The content of a profile, or of one of its versions. */
export async function openContent(
  env: Env,
  { identifier, version, sealedContent }: Pick<ProfileRow, "identifier" | "version" | "sealedContent">,
): Promise<Bytes> {
  const sealed = fromBase64(sealedContent) ?? new Uint8Array();
  return openOwn(await masterKeys(env), profileContentContext(identifier, version), sealed);
}

/** Of a content that was read before it was kept. */
export function dictOf(content: Bytes): PlistDict {
  const read = readPlist(content);
  if (!read.ok || !(read.value instanceof Map)) throw new Error("a profile of the library does not read");
  return read.value;
}
