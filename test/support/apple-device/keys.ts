import { createPrivateKey, createPublicKey, sign, verify, webcrypto } from "node:crypto";
import { type Bytes, fromBase64, read } from "./der.ts";
import { type Digest, digests } from "./oids.ts";
import { pooledRsaKeys } from "./pooled-keys.ts";

/** A private key of the device. PEM, because workerd's node:crypto decrypts with nothing else. */
export type Key = {
  type: "rsa" | "ec";
  pem: string;
  /** SubjectPublicKeyInfo, DER. */
  spki: Bytes;
};

/** Where a device gets its keys from: a pool for speed, or new ones. */
export type KeySource = () => Promise<Key>;

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;

export const publicPem = (spki: Uint8Array): string => pem("PUBLIC KEY", spki);

function keyFromPkcs8(type: Key["type"], pkcs8: Uint8Array): Key {
  const privatePem = pem("PRIVATE KEY", pkcs8);
  const spki = createPublicKey(createPrivateKey(privatePem)).export({ type: "spki", format: "der" });
  return { type, pem: privatePem, spki: new Uint8Array(spki) };
}

/** A key nobody has had before. RSA takes a tenth of a second; ECDSA is what ACME identities use. */
export async function newKey(type: "RSA-2048" | "P-256" | "P-384" = "RSA-2048"): Promise<Key> {
  const { subtle } = webcrypto;
  const pair =
    type === "RSA-2048"
      ? await subtle.generateKey(rsa2048, true, ["sign", "verify"])
      : await subtle.generateKey({ name: "ECDSA", namedCurve: type }, true, ["sign", "verify"]);
  const pkcs8 = await subtle.exportKey("pkcs8", pair.privateKey);
  return keyFromPkcs8(type === "RSA-2048" ? "rsa" : "ec", new Uint8Array(pkcs8));
}

const rsa2048 = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

let taken = 0;
const pool: Key[] = [];

/** The next of a few keys that everybody knows: for tests, where making one would be most of the time spent. */
export const pooledKey: KeySource = async () => {
  const index = taken++ % pooledRsaKeys.length;
  pool[index] ??= keyFromPkcs8("rsa", fromBase64(pooledRsaKeys[index] ?? ""));
  return pool[index];
};

export const signWith = (key: Key, digest: Digest, data: Uint8Array): Bytes =>
  new Uint8Array(sign(digests[digest].node, data, key.pem));

export const verifyWith = (
  spki: Uint8Array,
  digest: Digest,
  data: Uint8Array,
  signature: Uint8Array,
): boolean => verify(digests[digest].node, data, publicPem(spki), signature);

/** The RSAPublicKey inside an RSA SubjectPublicKeyInfo: what Apple hashes into a transactionID. */
export const bareRsaKey = (spki: Uint8Array): Bytes => read(spki).child(1).content.slice(1);
