import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Bytes } from "../../base/bytes.ts";
import { oids } from "../oids.ts";

// The content ciphers of enveloped messages (RFC 3370, RFC 3565, RFC 5084), over node:crypto: WebCrypto has neither DES.
// One surprise: single DES is run as triple DES with one key three times, since Node has no DES of its own any more.

export type CipherName = "AES-128-CBC" | "AES-192-CBC" | "AES-256-CBC" | "3DES-CBC" | "DES-CBC" | GcmName;
type GcmName = "AES-128-GCM" | "AES-192-GCM" | "AES-256-GCM";

type Cipher = {
  name: CipherName;
  oid: string;
  algorithm: "aes-128-cbc" | "aes-192-cbc" | "aes-256-cbc" | "des-ede3-cbc" | GcmAlgorithm;
  keyBytes: number;
  ivBytes: number;
  /** Broken or nearly so: only for old clients, and only when asked. */
  legacy: boolean;
};
type GcmAlgorithm = "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm";

const rows: readonly Cipher[] = [
  {
    name: "AES-128-CBC",
    oid: oids.aes128Cbc,
    algorithm: "aes-128-cbc",
    keyBytes: 16,
    ivBytes: 16,
    legacy: false,
  },
  {
    name: "AES-192-CBC",
    oid: oids.aes192Cbc,
    algorithm: "aes-192-cbc",
    keyBytes: 24,
    ivBytes: 16,
    legacy: false,
  },
  {
    name: "AES-256-CBC",
    oid: oids.aes256Cbc,
    algorithm: "aes-256-cbc",
    keyBytes: 32,
    ivBytes: 16,
    legacy: false,
  },
  {
    name: "3DES-CBC",
    oid: oids.desEde3Cbc,
    algorithm: "des-ede3-cbc",
    keyBytes: 24,
    ivBytes: 8,
    legacy: true,
  },
  { name: "DES-CBC", oid: oids.desCbc, algorithm: "des-ede3-cbc", keyBytes: 8, ivBytes: 8, legacy: true },
  {
    name: "AES-128-GCM",
    oid: oids.aes128Gcm,
    algorithm: "aes-128-gcm",
    keyBytes: 16,
    ivBytes: 12,
    legacy: false,
  },
  {
    name: "AES-192-GCM",
    oid: oids.aes192Gcm,
    algorithm: "aes-192-gcm",
    keyBytes: 24,
    ivBytes: 12,
    legacy: false,
  },
  {
    name: "AES-256-GCM",
    oid: oids.aes256Gcm,
    algorithm: "aes-256-gcm",
    keyBytes: 32,
    ivBytes: 12,
    legacy: false,
  },
];

const byOid = new Map(rows.map((row) => [row.oid, row]));
const byName = new Map(rows.map((row) => [row.name, row]));

export const cipherByOid = (oid: string): Cipher | undefined => byOid.get(oid);
export const cipherByName = (name: CipherName): Cipher => byName.get(name) as Cipher;
export const isAuthenticated = (cipher: Cipher): boolean => cipher.algorithm.endsWith("-gcm");

export type { Cipher };

/** Tag and further data of an authenticated cipher. */
export type Authentication = { tag: Bytes; data: Bytes };

const expandKey = (cipher: Cipher, key: Uint8Array): Uint8Array =>
  cipher.name === "DES-CBC" ? Buffer.concat([key, key, key]) : key;

export function encryptContent(cipher: Cipher, key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Bytes {
  const run = createCipheriv(cipher.algorithm, expandKey(cipher, key), iv);
  return new Uint8Array(Buffer.concat([run.update(plain), run.final()]));
}

/** undefined when padding or tag are wrong; which of them, and where, nobody learns. */
export function decryptContent(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  authentication: Authentication | undefined,
): Bytes | undefined {
  try {
    if (isGcm(cipher.algorithm)) {
      if (!authentication) return undefined;
      const run = createDecipheriv(cipher.algorithm, key, iv, { authTagLength: authentication.tag.length });
      run.setAuthTag(authentication.tag);
      run.setAAD(authentication.data);
      return new Uint8Array(Buffer.concat([run.update(ciphertext), run.final()]));
    }
    const run = createDecipheriv(cipher.algorithm, expandKey(cipher, key), iv);
    return new Uint8Array(Buffer.concat([run.update(ciphertext), run.final()]));
  } catch {
    return undefined;
  }
}

const isGcm = (algorithm: Cipher["algorithm"]): algorithm is GcmAlgorithm => algorithm.endsWith("-gcm");
