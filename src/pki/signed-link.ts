import { timingSafeEqual } from "node:crypto";
import { fromBase64, toBase64Url } from "../base/bytes.ts";
import { derivedSecrets, type SealContext, type SealKeys } from "./seal.ts";

/**
 * The signature of a link that lets somebody in without a name and a password: an HMAC under a key that follows from
 * MASTER_KEY. `context` holds all that the link says, its end among it.
 */
export async function linkSignature(keys: SealKeys, context: SealContext): Promise<string> {
  const [signature = new Uint8Array()] = await derivedSecrets(keys, context);
  return toBase64Url(signature);
}

/** In a time that shows nothing. Links of the master key before this one count while that key is set. */
export async function isSignedLink(
  keys: SealKeys,
  context: SealContext,
  presented: string,
): Promise<boolean> {
  const signature = fromBase64(presented);
  if (signature === undefined) return false;
  const secrets = await derivedSecrets(keys, context);
  const matches = secrets.map(
    (secret) => secret.length === signature.length && timingSafeEqual(secret, signature),
  );
  return matches.includes(true);
}
