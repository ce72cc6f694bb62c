import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { fieldsOf } from "./der/fields.ts";
import { reading } from "./der/malformed.ts";
import { type Element, parseDer } from "./der/parse.ts";
import { tags } from "./der/tags.ts";
import { bitsOf, oidOf, positiveOf, unsignedOf } from "./der/values.ts";
import { integer, sequence } from "./der/write.ts";
import { oids } from "./oids.ts";

// Public keys as SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), private keys as PKCS#8 (RFC 5958), and what
// WebCrypto calls them. Which signature a key makes is for signature.ts, decryption for cms/.

export type Curve = "P-256" | "P-384" | "P-521";
export type KeyShape = { kind: "rsa"; bits: number; modulus: Bytes } | { kind: "ec"; curve: Curve };
export type KeyRefusal = { reason: "unsupported-key"; detail: string };
export type KeyPair = { pkcs8: Bytes; spki: Bytes };

export const curves: Readonly<Record<Curve, { oid: string; bytes: number }>> = {
  "P-256": { oid: oids.p256, bytes: 32 },
  "P-384": { oid: oids.p384, bytes: 48 },
  "P-521": { oid: oids.p521, bytes: 66 },
};
const curvesByOid = new Map(Object.entries(curves).map(([name, { oid }]) => [oid, name as Curve]));

// Below, factoring is cheap; above, one verification costs a request its whole time.
const minimumRsaBits = 1024;
const maximumRsaBits = 8192;

/** What kind of public key this is, before anything is done with it. */
export const keyShape = (spki: Uint8Array): Result<KeyShape, KeyRefusal> => describe(() => publicShape(spki));

function publicShape(spki: Uint8Array): Result<KeyShape, KeyRefusal> {
  const info = fieldsOf(parseDer(spki), tags.sequence, "public key");
  const { algorithm, parameters } = algorithmOf(info.take(tags.sequence, "key algorithm"));
  if (algorithm === oids.ecPublicKey) return curveShape(parameters);
  if (algorithm !== oids.rsaEncryption) return unsupported(`key algorithm ${algorithm}`);
  const numbers = fieldsOf(parseDer(bitsOf(info.any("key"), "key")), tags.sequence, "RSA key");
  const modulus = unsignedOf(numbers.take(tags.integer, "modulus"), "modulus");
  const exponent = unsignedOf(numbers.take(tags.integer, "exponent"), "exponent");
  const bits = modulus.length * 8 - Math.clz32(modulus[0] as number) + 24;
  if (bits < minimumRsaBits || bits > maximumRsaBits) return unsupported(`an RSA key of ${bits} bits`);
  // A long public exponent makes verification as slow as signing. Honest keys have none.
  if (exponent.length > 4) return unsupported(`an RSA exponent of ${exponent.length} bytes`);
  // With exponent 1 everybody signs; even ones cannot sign at all.
  const last = exponent.at(-1) as number;
  if (last % 2 === 0 || (exponent.length === 1 && last === 1))
    return unsupported(`an RSA exponent that ends in ${last}`);
  return ok({ kind: "rsa", bits, modulus });
}

function curveShape(parameters: Element | undefined): Result<KeyShape, KeyRefusal> {
  const curve = parameters?.tag === tags.oid ? curvesByOid.get(oidOf(parameters, "curve")) : undefined;
  return curve
    ? ok({ kind: "ec", curve })
    : unsupported("an elliptic curve other than P-256, P-384 and P-521");
}

/** The kind of a PKCS#8 private key; the modulus is that of its public half. */
export const privateKeyShape = (pkcs8: Uint8Array): Result<KeyShape, KeyRefusal> =>
  describe(() => {
    const info = fieldsOf(parseDer(pkcs8), tags.sequence, "private key");
    info.take(tags.integer, "version");
    const { algorithm, parameters } = algorithmOf(info.take(tags.sequence, "key algorithm"));
    if (algorithm === oids.ecPublicKey) return curveShape(parameters);
    if (algorithm !== oids.rsaEncryption) return unsupported(`key algorithm ${algorithm}`);
    const octets = info.take(tags.octetString, "key");
    const numbers = fieldsOf(
      parseDer(octets.source.subarray(octets.contentStart, octets.contentEnd)),
      tags.sequence,
      "RSA key",
    );
    numbers.take(tags.integer, "version");
    const modulus = unsignedOf(numbers.take(tags.integer, "modulus"), "modulus");
    return ok({ kind: "rsa", bits: modulus.length * 8 - Math.clz32(modulus[0] as number) + 24, modulus });
  });

const unsupported = (detail: string): { ok: false; refusal: KeyRefusal } =>
  refuse({ reason: "unsupported-key", detail });

function describe(read: () => Result<KeyShape, KeyRefusal>): Result<KeyShape, KeyRefusal> {
  const shape = reading(read);
  return shape.ok ? shape : unsupported(shape.refusal.detail);
}

/** AlgorithmIdentifier: the OID and what follows it. */
export function algorithmOf(element: Element): { algorithm: string; parameters: Element | undefined } {
  const fields = fieldsOf(element, tags.sequence, "algorithm");
  return { algorithm: oidOf(fields.any("algorithm"), "algorithm"), parameters: fields.rest()[0] };
}

/** The bits of the key itself, without its algorithm: what key identifiers and Apple's transaction ids are hashes of. */
export function keyBits(spki: Uint8Array): Bytes {
  const info = fieldsOf(parseDer(spki), tags.sequence, "public key");
  info.any("key algorithm");
  return bitsOf(info.any("key"), "key");
}

/** Key identifier by method 1 of RFC 5280 section 4.2.1.2: SHA-1 of the key's bits. A name, not a proof. */
export const keyIdentifier = async (spki: Uint8Array): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest("SHA-1", keyBits(spki)));

/** RSA keys belong into scripts and rare admin calls: 2048 bits cost 50 to 100 ms. */
export async function generateKeyPair(kind: Curve | "RSA-2048" | "RSA-3072" | "RSA-4096"): Promise<KeyPair> {
  const algorithm = kind.startsWith("RSA-")
    ? {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: Number(kind.slice(4)),
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: "SHA-256",
      }
    : { name: "ECDSA", namedCurve: kind };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error(`no key pair came of ${kind}`);
  const [pkcs8, spki] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
    crypto.subtle.exportKey("spki", pair.publicKey),
  ]);
  return { pkcs8: new Uint8Array(pkcs8 as ArrayBuffer), spki: new Uint8Array(spki as ArrayBuffer) };
}

/**
 * Ecdsa-Sig-Value (RFC 3279 section 2.2.3) to the r and s of fixed width that WebCrypto takes; throws Malformed. Numbers in
 * their one spelling only: what is fixed width afterwards would hide how it came.
 */
export function rawEcdsaSignature(signature: Uint8Array, curve: Curve): Bytes | undefined {
  const { bytes } = curves[curve];
  const numbers = fieldsOf(parseDer(signature), tags.sequence, "ECDSA signature");
  const raw = new Uint8Array(bytes * 2);
  for (const [index, name] of ["r", "s"].entries()) {
    const octets = positiveOf(numbers.take(tags.integer, name), name);
    if (octets.length > bytes) return undefined;
    raw.set(octets, bytes * (index + 1) - octets.length);
  }
  return numbers.rest().length === 0 ? raw : undefined;
}

export function derEcdsaSignature(raw: Uint8Array): Bytes {
  const half = raw.length / 2;
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}
