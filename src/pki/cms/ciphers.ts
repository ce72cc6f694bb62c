import { createCipheriv, createDecipheriv } from "node:crypto";
import { type Bytes, concat } from "../../base/bytes.ts";
import { oids } from "../oids.ts";

// The content ciphers of enveloped messages (RFC 3370, RFC 3565, RFC 5084). WebCrypto runs AES; node:crypto runs triple DES,
// which WebCrypto does not have. Single DES is run as triple DES with one key three times: Node has no DES of its own.

export type CipherName = AesName | GcmName | DesName;
type AesName = "AES-128-CBC" | "AES-192-CBC" | "AES-256-CBC";
type GcmName = "AES-128-GCM" | "AES-192-GCM" | "AES-256-GCM";
type DesName = "3DES-CBC" | "DES-CBC";

type Cipher = {
  name: CipherName;
  oid: string;
  mode: "AES-CBC" | "AES-GCM" | "DES";
  keyBytes: number;
  ivBytes: number;
  /** Broken or nearly so: only for old clients, and only when asked. */
  legacy: boolean;
};

const row = (
  name: CipherName,
  oid: string,
  mode: Cipher["mode"],
  keyBytes: number,
  ivBytes: number,
): Cipher => ({
  name,
  oid,
  mode,
  keyBytes,
  ivBytes,
  legacy: mode === "DES",
});

const rows: readonly Cipher[] = [
  row("AES-128-CBC", oids.aes128Cbc, "AES-CBC", 16, 16),
  row("AES-192-CBC", oids.aes192Cbc, "AES-CBC", 24, 16),
  row("AES-256-CBC", oids.aes256Cbc, "AES-CBC", 32, 16),
  row("AES-128-GCM", oids.aes128Gcm, "AES-GCM", 16, 12),
  row("AES-192-GCM", oids.aes192Gcm, "AES-GCM", 24, 12),
  row("AES-256-GCM", oids.aes256Gcm, "AES-GCM", 32, 12),
  row("3DES-CBC", oids.desEde3Cbc, "DES", 24, 8),
  row("DES-CBC", oids.desCbc, "DES", 8, 8),
];

const byOid = new Map(rows.map((cipher) => [cipher.oid, cipher]));
const byName = new Map(rows.map((cipher) => [cipher.name, cipher]));

export const cipherByOid = (oid: string): Cipher | undefined => byOid.get(oid);
export const cipherByName = (name: CipherName): Cipher => byName.get(name) as Cipher;
export const isAuthenticated = ({ mode }: Cipher): boolean => mode === "AES-GCM";

export type { Cipher };

/** Tag and further data of an authenticated cipher. */
export type Authentication = { tag: Bytes; data: Bytes };

/** In CBC: envelopes of ours are never authenticated ones. */
export async function encryptContent(cipher: Cipher, key: Bytes, iv: Bytes, plain: Bytes): Promise<Bytes> {
  if (cipher.mode === "DES") {
    const run = createCipheriv("des-ede3-cbc", tripleKey(key), iv);
    return new Uint8Array(Buffer.concat([run.update(plain), run.final()]));
  }
  const imported = await crypto.subtle.importKey("raw", key, cipher.mode, false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt({ name: cipher.mode, iv }, imported, plain));
}

/** undefined when padding or tag are wrong; the answer does not tell which of them, or where. */
export async function decryptContent(
  cipher: Cipher,
  key: Bytes,
  iv: Bytes,
  ciphertext: Bytes,
  authentication: Authentication | undefined,
): Promise<Bytes | undefined> {
  try {
    if (cipher.mode === "DES") {
      const run = createDecipheriv("des-ede3-cbc", tripleKey(key), iv);
      return new Uint8Array(Buffer.concat([run.update(ciphertext), run.final()]));
    }
    const imported = await crypto.subtle.importKey("raw", key, cipher.mode, false, ["decrypt"]);
    if (cipher.mode === "AES-CBC")
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, imported, ciphertext));
    if (!authentication) return undefined;
    const { tag, data } = authentication;
    const algorithm = { name: "AES-GCM", iv, additionalData: data, tagLength: tag.length * 8 };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, concat([ciphertext, tag])));
  } catch {
    return undefined;
  }
}

const tripleKey = (key: Bytes): Bytes => (key.length === 8 ? concat([key, key, key]) : key);
