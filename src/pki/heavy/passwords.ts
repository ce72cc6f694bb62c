import { createDecipheriv, createHash } from "node:crypto";
import { type Bytes, concat, utf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { fieldsOf } from "../der/fields.ts";
import type { Element } from "../der/parse.ts";
import { tags } from "../der/tags.ts";
import { numberOf, octetStringOf } from "../der/values.ts";
import { algorithmOf } from "../keys.ts";
import { type Digest, digestOf } from "../signature.ts";
import { decryptRc2Cbc } from "./rc2.ts";

// Decryption with a password: PBES2 (RFC 8018) and the schemes of PKCS#12 (RFC 7292 appendices B and C), for keys and
// files that administrators upload. Nothing is encrypted with these. Readers throw Malformed.
//
// WebCrypto does what it knows. Of node:crypto come triple DES, and the digests of RFC 7292 appendix B: there each round
// waits for the one before, and a promise a round would take longer than the round.

export type PasswordRefusal =
  | { reason: "wrong-password" }
  | { reason: "unsupported-encryption"; algorithm: string }
  | { reason: "too-many-iterations"; iterations: number };

// The platform allows no more, and a file could ask for hours.
const maxIterations = 100_000;

const digestsOfPrf: Readonly<Record<string, Digest>> = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};
const digestBlocks: Readonly<Record<Digest, number>> = {
  "SHA-1": 64,
  "SHA-256": 64,
  "SHA-384": 128,
  "SHA-512": 128,
};

const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
const pbes2Ciphers: Readonly<Record<string, { name: CbcName; keyBytes: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "AES-CBC", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "AES-CBC", keyBytes: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "AES-CBC", keyBytes: 32 },
  "1.2.840.113549.3.7": { name: "3DES-CBC", keyBytes: 24 },
};
/** RFC 7292 appendix C, all with SHA-1; RC4 is left out. */
const pkcs12Ciphers: Readonly<Record<string, { name: "3DES-CBC" | "RC2-CBC"; keyBytes: number }>> = {
  "1.2.840.113549.1.12.1.3": { name: "3DES-CBC", keyBytes: 24 },
  "1.2.840.113549.1.12.1.4": { name: "3DES-CBC", keyBytes: 16 },
  "1.2.840.113549.1.12.1.5": { name: "RC2-CBC", keyBytes: 16 },
  "1.2.840.113549.1.12.1.6": { name: "RC2-CBC", keyBytes: 5 },
};

/** `algorithm` is the AlgorithmIdentifier that stands before the ciphertext. */
export async function decryptWithPassword(
  algorithmElement: Element,
  ciphertext: Bytes,
  password: string,
): Promise<Result<Bytes, PasswordRefusal>> {
  const { algorithm, parameters } = algorithmOf(algorithmElement);
  if (algorithm === pbes2 && parameters) return decryptPbes2(parameters, ciphertext, password);
  const cipher = pkcs12Ciphers[algorithm];
  if (!cipher || !parameters) return refuse({ reason: "unsupported-encryption", algorithm });
  const fields = fieldsOf(parameters, tags.sequence, "PBE parameters");
  const salt = octetStringOf(fields.any("salt"), "salt");
  const iterations = numberOf(fields.any("iterations"), "iterations");
  if (iterations > maxIterations) return refuse({ reason: "too-many-iterations", iterations });
  const derive = (purpose: 1 | 2, length: number): Bytes =>
    derivePkcs12Key({ digest: "SHA-1", password: bmpPassword(password), salt, iterations, purpose, length });
  const key = derive(1, cipher.keyBytes);
  const iv = derive(2, 8);
  if (cipher.name === "RC2-CBC") return orWrongPassword(decryptRc2Cbc(key, iv, ciphertext));
  // Two-key triple DES repeats its first key.
  const tripled = key.length === 16 ? concat([key, key.subarray(0, 8)]) : key;
  return orWrongPassword(await decryptCbc("3DES-CBC", tripled, iv, ciphertext));
}

async function decryptPbes2(
  parameters: Element,
  ciphertext: Bytes,
  password: string,
): Promise<Result<Bytes, PasswordRefusal>> {
  const fields = fieldsOf(parameters, tags.sequence, "PBES2 parameters");
  const derivation = algorithmOf(fields.take(tags.sequence, "key derivation"));
  const scheme = algorithmOf(fields.take(tags.sequence, "encryption scheme"));
  if (derivation.algorithm !== pbkdf2 || !derivation.parameters)
    return refuse({ reason: "unsupported-encryption", algorithm: derivation.algorithm });
  const cipher = pbes2Ciphers[scheme.algorithm];
  if (!cipher || !scheme.parameters)
    return refuse({ reason: "unsupported-encryption", algorithm: scheme.algorithm });

  const kdf = fieldsOf(derivation.parameters, tags.sequence, "PBKDF2 parameters");
  const salt = octetStringOf(kdf.any("salt"), "salt");
  const iterations = numberOf(kdf.any("iterations"), "iterations");
  if (iterations > maxIterations) return refuse({ reason: "too-many-iterations", iterations });
  kdf.maybe(tags.integer);
  const prf = kdf.maybe(tags.sequence);
  const prfOid = prf ? algorithmOf(prf).algorithm : "1.2.840.113549.2.7";
  const digest = digestsOfPrf[prfOid];
  if (!digest) return refuse({ reason: "unsupported-encryption", algorithm: prfOid });
  // WebCrypto throws on it; it protects nothing, and no program writes it.
  if (iterations < 1) return refuse({ reason: "unsupported-encryption", algorithm: pbkdf2 });
  const secret = await crypto.subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveBits"]);
  const order = { name: "PBKDF2", hash: digest, salt, iterations };
  const key = new Uint8Array(await crypto.subtle.deriveBits(order, secret, cipher.keyBytes * 8));
  const iv = octetStringOf(scheme.parameters, "initial vector");
  return orWrongPassword(await decryptCbc(cipher.name, key, iv, ciphertext));
}

export type CbcName = "AES-CBC" | "3DES-CBC";

/** undefined when the padding is wrong, or the initial vector does not fit. */
export async function decryptCbc(
  name: CbcName,
  key: Bytes,
  iv: Bytes,
  ciphertext: Bytes,
): Promise<Bytes | undefined> {
  try {
    if (name === "AES-CBC") {
      const imported = await crypto.subtle.importKey("raw", key, name, false, ["decrypt"]);
      return new Uint8Array(await crypto.subtle.decrypt({ name, iv }, imported, ciphertext));
    }
    const run = createDecipheriv("des-ede3-cbc", key, iv);
    return new Uint8Array(Buffer.concat([run.update(ciphertext), run.final()]));
  } catch {
    return undefined;
  }
}

const orWrongPassword = (plain: Bytes | undefined): Result<Bytes, PasswordRefusal> =>
  plain ? ok(plain) : refuse({ reason: "wrong-password" });

/** The MacData of a PKCS#12 file (RFC 7292 section 4): does the password fit the whole? */
export async function checkMac(
  macData: Element,
  authenticated: Bytes,
  password: string,
): Promise<Result<undefined, PasswordRefusal>> {
  const fields = fieldsOf(macData, tags.sequence, "MAC data");
  const mac = fieldsOf(fields.take(tags.sequence, "MAC"), tags.sequence, "MAC");
  const { algorithm } = algorithmOf(mac.take(tags.sequence, "MAC digest"));
  const expected = octetStringOf(mac.any("MAC value"), "MAC value");
  const salt = octetStringOf(fields.any("MAC salt"), "MAC salt");
  const count = fields.maybe(tags.integer);
  const iterations = count ? numberOf(count, "iterations") : 1;
  if (iterations > maxIterations) return refuse({ reason: "too-many-iterations", iterations });
  const hash = digestOf(algorithm);
  if (!hash) return refuse({ reason: "unsupported-encryption", algorithm });
  const length = expected.length;
  if (length === 0) return refuse({ reason: "wrong-password" });
  // An empty password is written with its terminating zero or without, as the writer liked.
  const spellings = [bmpPassword(password), ...(password === "" ? [new Uint8Array()] : [])];
  for (const spelling of spellings) {
    const raw = derivePkcs12Key({ digest: hash, password: spelling, salt, iterations, purpose: 3, length });
    const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["verify"]);
    if (await crypto.subtle.verify("HMAC", key, expected, authenticated)) return ok(undefined);
  }
  return refuse({ reason: "wrong-password" });
}

/** UTF-16 with a terminating zero. */
function bmpPassword(password: string): Bytes {
  const units = `${password}\0`;
  return Uint8Array.from({ length: units.length * 2 }, (_, index) =>
    index % 2 ? units.charCodeAt(index >> 1) & 0xff : units.charCodeAt(index >> 1) >> 8,
  );
}

type Derivation = {
  digest: Digest;
  password: Uint8Array;
  salt: Uint8Array;
  iterations: number;
  /** 1 for a key, 2 for an initial vector, 3 for a MAC key. */
  purpose: 1 | 2 | 3;
  length: number;
};

/** RFC 7292 appendix B.2. */
function derivePkcs12Key({ digest, password, salt, iterations, purpose, length }: Derivation): Bytes {
  const block = digestBlocks[digest];
  const name = digest.replace("-", "");
  const diversifier = new Uint8Array(block).fill(purpose);
  const input = concat([stretch(salt, block), stretch(password, block)]);
  const parts: Uint8Array[] = [];
  for (let made = 0; made < length; ) {
    let hash: Uint8Array = createHash(name).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round++) hash = createHash(name).update(hash).digest();
    parts.push(hash);
    made += hash.length;
    const summand = stretch(hash, block).subarray(0, block);
    for (let at = 0; at < input.length; at += block) addOneMore(input.subarray(at, at + block), summand);
  }
  return concat(parts).slice(0, length);
}

/** Repeats the octets up to the next whole block. */
const stretch = (octets: Uint8Array, block: number): Bytes =>
  Uint8Array.from(
    { length: block * Math.ceil(octets.length / block) },
    (_, index) => octets[index % octets.length] as number,
  );

/** In place: target + summand + 1, as big-endian numbers of equal width. */
function addOneMore(target: Uint8Array, summand: Uint8Array): void {
  let carry = 1;
  for (let at = target.length - 1; at >= 0; at--) {
    const sum = (target[at] as number) + (summand[at] as number) + carry;
    target[at] = sum;
    carry = sum >> 8;
  }
}
