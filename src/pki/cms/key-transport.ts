import { constants, privateDecrypt, publicEncrypt } from "node:crypto";
import type { Bytes } from "../../base/bytes.ts";
import type { Credential } from "../certificate.ts";
import { fieldsOf, onlyChild } from "../der/fields.ts";
import type { Element } from "../der/parse.ts";
import { contextTag, tags } from "../der/tags.ts";
import { octetStringOf } from "../der/values.ts";
import { algorithmOf, keyShape } from "../keys.ts";
import { oids } from "../oids.ts";
import { toPem } from "../pem.ts";
import { type Digest, digestOf } from "../signature.ts";

// How the content key travels: RSAES-PKCS1-v1_5 and RSAES-OAEP (RFC 3370 section 4.2.1, RFC 3560).
// An attacker who can send us messages and watch the answers can use a padding check as an oracle against the private key
// (Bleichenbacher). So there is no check to watch: a key that does not come out right is replaced by a random one of
// the right length, and the content then fails to decrypt like any other wrong key. The padding is looked at here,
// because the runtimes differ: workerd throws on bad padding, Node answers with random bytes of random length.

export type KeyTransport = { kind: "pkcs1" } | { kind: "oaep"; digest: Digest };

/** undefined for a transport that is not read here; throws Malformed. */
export function readKeyTransport(element: Element): KeyTransport | undefined {
  const { algorithm, parameters } = algorithmOf(element);
  if (algorithm === oids.rsaEncryption) return { kind: "pkcs1" };
  return algorithm === oids.rsaesOaep ? oaep(parameters) : undefined;
}

// RSAES-OAEP-params (RFC 4055 section 4.1): SHA-1 throughout unless said otherwise. WebCrypto uses one digest for both
// jobs and a label only if told, so anything else is not read.
function oaep(parameters: Element | undefined): KeyTransport | undefined {
  const fields = parameters && fieldsOf(parameters, tags.sequence, "OAEP parameters");
  const inside = (number: number): Element | undefined => {
    const field = fields?.maybe(contextTag(number));
    return field && onlyChild(field, "OAEP parameter");
  };
  const hash = inside(0);
  const mask = inside(1);
  const label = inside(2);
  const digest = hash ? digestOf(algorithmOf(hash).algorithm) : "SHA-1";
  const maskHash = mask && algorithmOf(mask).parameters;
  const maskDigest = maskHash ? digestOf(algorithmOf(maskHash).algorithm) : "SHA-1";
  if (!digest || digest !== maskDigest) return undefined;
  const source = label && algorithmOf(label).parameters;
  return source && octetStringOf(source, "OAEP label").length > 0 ? undefined : { kind: "oaep", digest };
}

/** Always a key of `length` bytes after one private operation; the right one, or a random one. Throws on a key of ours that is not RSA. */
export async function unwrapKey(
  transport: KeyTransport,
  wrapped: Uint8Array,
  { certificate, pkcs8 }: Credential,
  length: number,
): Promise<Bytes> {
  const shape = keyShape(certificate.spki);
  if (!shape.ok || shape.value.kind !== "rsa") throw new Error("cannot decrypt with a key that is not RSA");
  const substitute = crypto.getRandomValues(new Uint8Array(length));
  return transport.kind === "pkcs1"
    ? unwrapPkcs1(wrapped, pkcs8, shape.value.modulus, substitute)
    : unwrapOaep(wrapped, pkcs8, transport.digest, substitute);
}

function unwrapPkcs1(wrapped: Uint8Array, pkcs8: Bytes, modulus: Bytes, substitute: Bytes): Bytes {
  // What is no number below the modulus cannot be decrypted; another number is, so that the work is the same.
  const fits = wrapped.length === modulus.length && Buffer.compare(wrapped, modulus) < 0;
  const input = fits ? wrapped : new Uint8Array(modulus.length).fill(2, modulus.length - 1);
  const block = privateDecrypt(
    { key: toPem("PRIVATE KEY", pkcs8), padding: constants.RSA_NO_PADDING },
    input,
  );
  return unpad(block, substitute, fits ? 0 : 1);
}

/** 00 02, at least eight non-zero bytes, 00, the key (RFC 8017 section 7.2.2), without a branch on any of the bytes. */
export function unpad(block: Uint8Array, substitute: Uint8Array, refused: number): Bytes {
  const keyAt = block.length - substitute.length;
  const byte = (at: number): number => block[at] as number;
  let wrong = refused | byte(0) | (byte(1) ^ 2) | byte(keyAt - 1);
  for (let at = 2; at < keyAt - 1; at++) wrong |= (byte(at) - 1) >>> 31;
  const keep = -((wrong - 1) >>> 31);
  return Uint8Array.from(substitute, (spare, index) => (byte(keyAt + index) & keep) | (spare & ~keep));
}

async function unwrapOaep(
  wrapped: Uint8Array,
  pkcs8: Bytes,
  hash: Digest,
  substitute: Bytes,
): Promise<Bytes> {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "RSA-OAEP", hash }, false, ["decrypt"]);
  try {
    const unwrapped = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, key, wrapped as Bytes);
    return unwrapped.byteLength === substitute.length ? new Uint8Array(unwrapped) : substitute;
  } catch {
    return substitute;
  }
}

/** RSAES-PKCS1-v1_5, which every reader has. */
export const wrapKey = (key: Uint8Array, spki: Uint8Array): Bytes =>
  new Uint8Array(
    publicEncrypt({ key: toPem("PUBLIC KEY", spki), padding: constants.RSA_PKCS1_PADDING }, key),
  );
