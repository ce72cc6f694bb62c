import { createHash } from "node:crypto";
import { type Bytes, concat, fromHex, utf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { fieldsOf, onlyChild, rawOf } from "../der/fields.ts";
import { type MalformedRefusal, readingLater } from "../der/malformed.ts";
import { parseDer } from "../der/parse.ts";
import { tags } from "../der/tags.ts";
import { octetStringOf } from "../der/values.ts";
import { asn1Null, integer, octetString, oid, sequence } from "../der/write.ts";
import { type KeyRefusal, privateKeyShape } from "../keys.ts";
import { oids } from "../oids.ts";
import type { PemBlock } from "../pem.ts";
import { type CbcName, decryptCbc, decryptWithPassword, type PasswordRefusal } from "./passwords.ts";

// Private keys as other programs write them, made PKCS#8: PKCS#8 itself, encrypted PKCS#8 (RFC 5958), PKCS#1
// (RFC 8017 appendix A.1.2), SEC 1 (RFC 5915), and the encrypted PEM of openssl before 3, in which micromdm keeps
// its SCEP authority.

export type PrivateKeyRefusal =
  | MalformedRefusal
  | PasswordRefusal
  | KeyRefusal
  | { reason: "no-password" }
  | { reason: "not-a-private-key"; label: string };

export const isPrivateKey = ({ label }: PemBlock): boolean => label.endsWith("PRIVATE KEY");

/** The key of a PEM block as PKCS#8. An absent password and an empty one are different things. */
export async function readPrivateKey(
  { label, headers, der }: PemBlock,
  password: string | undefined,
): Promise<Result<Bytes, PrivateKeyRefusal>> {
  const info = headers.get("DEK-Info");
  if (info !== undefined && password === undefined) return refuse({ reason: "no-password" });
  const plain = info === undefined ? ok(der) : await decryptPem(info, der, password ?? "");
  if (!plain.ok) return plain;
  const pkcs8 = await readingLater(() => toPkcs8(label, plain.value, password));
  // A key under a wrong password may come out with right padding, and is then no key.
  if (!pkcs8.ok && info !== undefined && pkcs8.refusal.reason === "malformed")
    return refuse({ reason: "wrong-password" });
  if (!pkcs8.ok) return pkcs8;
  const shape = privateKeyShape(pkcs8.value);
  return shape.ok ? pkcs8 : shape;
}

async function toPkcs8(
  label: string,
  der: Bytes,
  password: string | undefined,
): Promise<Result<Bytes, PrivateKeyRefusal>> {
  switch (label) {
    case "PRIVATE KEY":
      return ok(der);
    case "ENCRYPTED PRIVATE KEY":
      return password === undefined ? refuse({ reason: "no-password" }) : decryptPkcs8(der, password);
    case "RSA PRIVATE KEY":
      parseDer(der);
      return ok(sequence(integer(0), sequence(oid(oids.rsaEncryption), asn1Null), octetString(der)));
    case "EC PRIVATE KEY":
      return ok(sequence(integer(0), sequence(oid(oids.ecPublicKey), curveOf(der)), octetString(der)));
    default:
      return refuse({ reason: "not-a-private-key", label });
  }
}

/** EncryptedPrivateKeyInfo: an algorithm and what it encrypted. Throws Malformed. */
export async function decryptPkcs8(
  der: Uint8Array,
  password: string,
): Promise<Result<Bytes, PrivateKeyRefusal>> {
  const fields = fieldsOf(parseDer(der), tags.sequence, "encrypted private key");
  const algorithm = fields.take(tags.sequence, "encryption");
  return decryptWithPassword(
    algorithm,
    octetStringOf(fields.any("encrypted key"), "encrypted key"),
    password,
  );
}

/** SEC 1 names the curve inside, PKCS#8 outside. */
function curveOf(der: Uint8Array): Bytes {
  const fields = fieldsOf(parseDer(der), tags.sequence, "EC key");
  fields.take(tags.integer, "version");
  fields.take(tags.octetString, "key");
  return rawOf(onlyChild(fields.take(0xa0, "curve"), "curve"));
}

const pemCiphers: Readonly<Record<string, { name: CbcName; keyBytes: number }>> = {
  "AES-128-CBC": { name: "AES-CBC", keyBytes: 16 },
  "AES-192-CBC": { name: "AES-CBC", keyBytes: 24 },
  "AES-256-CBC": { name: "AES-CBC", keyBytes: 32 },
  "DES-EDE3-CBC": { name: "3DES-CBC", keyBytes: 24 },
};

// DEK-Info: cipher and initial vector, whose first eight bytes salt a key made of MD5 (openssl's EVP_BytesToKey), which
// WebCrypto does not know.
async function decryptPem(
  info: string,
  der: Bytes,
  password: string,
): Promise<Result<Bytes, PasswordRefusal>> {
  const [name = "", vector = ""] = info.split(",").map((part) => part.trim());
  const cipher = pemCiphers[name];
  const iv = fromHex(vector);
  if (!cipher || !iv || iv.length < 8) return refuse({ reason: "unsupported-encryption", algorithm: name });
  let key: Bytes = new Uint8Array();
  let hash: Uint8Array = new Uint8Array();
  while (key.length < cipher.keyBytes) {
    hash = createHash("md5").update(hash).update(utf8(password)).update(iv.subarray(0, 8)).digest();
    key = concat([key, hash]);
  }
  const plain = await decryptCbc(cipher.name, key.slice(0, cipher.keyBytes), iv, der);
  return plain ? ok(plain) : refuse({ reason: "wrong-password" });
}
