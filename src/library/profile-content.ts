import { type Bytes, fromBase64 } from "../base/bytes.ts";
import type { ProfileRow } from "../db/profiles.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn } from "../pki/seal.ts";
import { profileContentContext } from "../pki/seal-contexts.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict } from "../plist/value.ts";

/** The content of a profile, or of one of its versions. */

export async function openContent(
  env: Env,
  { identifier, version, sealedContent }: Pick<ProfileRow, "identifier" | "version" | "sealedContent">,
): Promise<Bytes> {
  const sealed = fromBase64(sealedContent) ?? new Uint8Array();
  return openOwn(await masterKeys(env), profileContentContext(identifier, version), sealed);
}
/** Reads a content that was already read without error before it was stored. */

export function dictOf(content: Bytes): PlistDict {
  const read = readPlist(content);
  if (!read.ok || !(read.value instanceof Map)) throw new Error("a profile of the library cannot be read");
  return read.value;
}
