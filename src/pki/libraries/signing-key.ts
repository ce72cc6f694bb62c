import type { Bytes } from "../../base/bytes.ts";
import { type KeyPair, privateKeyShape } from "../keys.ts";
import type { StrongDigest } from "../signature.ts";

// Keys as the libraries take them: WebCrypto's own objects, with the digest that belongs to them.

export type LibraryKey = { privateKey: CryptoKey; digest: StrongDigest };

const digestOfCurve = { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" } as const;

/** A PKCS#8 key of our own. Throws on one that is neither RSA nor on a known curve. */
export async function librarySigningKey(pkcs8: Bytes): Promise<LibraryKey> {
  const { algorithm, digest } = algorithmOf(pkcs8);
  return { privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]), digest };
}

export async function libraryKeyPair({
  pkcs8,
  spki,
}: KeyPair): Promise<LibraryKey & { publicKey: CryptoKey }> {
  const { algorithm, digest } = algorithmOf(pkcs8);
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
    crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]),
  ]);
  return { privateKey, publicKey, digest };
}

function algorithmOf(pkcs8: Bytes): {
  algorithm: { name: string; hash?: string; namedCurve?: string };
  digest: StrongDigest;
} {
  const shape = privateKeyShape(pkcs8);
  if (!shape.ok) throw new Error(`cannot sign with ${shape.refusal.detail}`);
  if (shape.value.kind === "rsa")
    return { algorithm: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, digest: "SHA-256" };
  const { curve } = shape.value;
  return { algorithm: { name: "ECDSA", namedCurve: curve }, digest: digestOfCurve[curve] };
}
