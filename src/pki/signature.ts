import { type Bytes, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { fieldsOf, onlyChild } from "./der/fields.ts";
import { reading } from "./der/malformed.ts";
import { type Element, parseBer } from "./der/parse.ts";
import { tags } from "./der/tags.ts";
import { numberOf } from "./der/values.ts";
import { asn1Null, oid, sequence } from "./der/write.ts";
import {
  algorithmOf,
  type Curve,
  derEcdsaSignature,
  keyShape,
  privateKeyShape,
  rawEcdsaSignature,
} from "./keys.ts";
import { oids } from "./oids.ts";

// Signature algorithms by the names of certificates and CMS (RFC 4055, RFC 5754, RFC 5758), over WebCrypto.
// Whether the key may be believed is for chain.ts. One surprise: CMS often says plain `rsaEncryption` where a
// signature algorithm belongs; then the digest is the one named beside it.

export type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
/** SHA-1 is read from old senders and never written. */
export type StrongDigest = Exclude<Digest, "SHA-1">;

export type AlgorithmIdentifier = { algorithm: string; parameters: Bytes | undefined };

export type SignatureRefusal =
  | { reason: "unsupported-algorithm"; algorithm: string; detail: string }
  | { reason: "weak-digest"; digest: "SHA-1" }
  | { reason: "unsupported-key"; detail: string }
  | { reason: "bad-signature" };

const digestsByOid: Readonly<Record<string, Digest>> = {
  [oids.sha1]: "SHA-1",
  [oids.sha256]: "SHA-256",
  [oids.sha384]: "SHA-384",
  [oids.sha512]: "SHA-512",
};

/** undefined for what is not read at all: MD5 first of all. */
export const digestOf = (algorithm: string): Digest | undefined => digestsByOid[algorithm];

export const digestOids: Readonly<Record<Digest, string>> = {
  "SHA-1": oids.sha1,
  "SHA-256": oids.sha256,
  "SHA-384": oids.sha384,
  "SHA-512": oids.sha512,
};

type Scheme =
  | { name: "RSASSA-PKCS1-v1_5" | "ECDSA"; digest: Digest }
  | { name: "RSA-PSS"; digest: Digest; saltLength: number };

const named: Readonly<Record<string, Scheme>> = {
  [oids.sha1WithRSAEncryption]: { name: "RSASSA-PKCS1-v1_5", digest: "SHA-1" },
  [oids.sha256WithRSAEncryption]: { name: "RSASSA-PKCS1-v1_5", digest: "SHA-256" },
  [oids.sha384WithRSAEncryption]: { name: "RSASSA-PKCS1-v1_5", digest: "SHA-384" },
  [oids.sha512WithRSAEncryption]: { name: "RSASSA-PKCS1-v1_5", digest: "SHA-512" },
  [oids.ecdsaWithSHA1]: { name: "ECDSA", digest: "SHA-1" },
  [oids.ecdsaWithSHA256]: { name: "ECDSA", digest: "SHA-256" },
  [oids.ecdsaWithSHA384]: { name: "ECDSA", digest: "SHA-384" },
  [oids.ecdsaWithSHA512]: { name: "ECDSA", digest: "SHA-512" },
};

/** `digest` is what CMS names beside the signature; a signature algorithm that names another one is refused. */
function schemeOf(
  { algorithm, parameters }: AlgorithmIdentifier,
  digest: Digest | undefined,
): Result<Scheme, SignatureRefusal> {
  const unsupported = (detail: string): Result<Scheme, SignatureRefusal> =>
    refuse({ reason: "unsupported-algorithm", algorithm, detail });
  let scheme = named[algorithm];
  if (algorithm === oids.rsassaPss) {
    const pss = reading(() => pssScheme(parameters));
    if (!pss.ok) return unsupported(pss.refusal.detail);
    scheme = pss.value;
  }
  if (digest && algorithm === oids.rsaEncryption) scheme = { name: "RSASSA-PKCS1-v1_5", digest };
  if (digest && algorithm === oids.ecPublicKey) scheme = { name: "ECDSA", digest };
  if (!scheme) return unsupported("not a signature algorithm that is read here");
  return digest && scheme.digest !== digest
    ? unsupported(`signature over ${scheme.digest} beside a ${digest} digest`)
    : ok(scheme);
}

// RSASSA-PSS-params (RFC 4055 section 3.1): every field has a default, and SHA-1 is among them.
function pssScheme(parameters: Bytes | undefined): Result<Scheme, { reason: "malformed"; detail: string }> {
  const unread = (detail: string) => refuse({ reason: "malformed" as const, detail });
  const fields = parameters ? fieldsOf(parseBer(parameters), tags.sequence, "PSS parameters") : undefined;
  const inside = (number: number): Element | undefined => {
    const field = fields?.maybe(0xa0 | number);
    return field && onlyChild(field, "PSS parameter");
  };
  const hash = inside(0);
  const mask = inside(1);
  const salt = inside(2);
  const digest = hash ? digestOf(algorithmOf(hash).algorithm) : "SHA-1";
  if (!digest) return unread("a PSS digest that is not read here");
  const maskParameters = mask && algorithmOf(mask).parameters;
  const maskDigest = maskParameters ? digestOf(algorithmOf(maskParameters).algorithm) : "SHA-1";
  if (maskDigest !== digest) return unread("PSS with two different digests");
  return ok({ name: "RSA-PSS", digest, saltLength: salt ? numberOf(salt, "PSS salt length") : 20 });
}

export type SignatureToVerify = {
  algorithm: AlgorithmIdentifier;
  /** The digest that CMS names beside the algorithm. */
  digest?: Digest;
  spki: Uint8Array;
  signature: Uint8Array;
  data: Uint8Array;
  allowSha1?: boolean;
};

export async function verifySignature(
  input: SignatureToVerify,
): Promise<Result<undefined, SignatureRefusal>> {
  const scheme = schemeOf(input.algorithm, input.digest);
  if (!scheme.ok) return scheme;
  if (scheme.value.digest === "SHA-1" && !input.allowSha1)
    return refuse({ reason: "weak-digest", digest: "SHA-1" });
  const shape = keyShape(input.spki);
  if (!shape.ok) return shape;
  if ((scheme.value.name === "ECDSA") !== (shape.value.kind === "ec"))
    return refuse({ reason: "unsupported-key", detail: `${shape.value.kind} key for ${scheme.value.name}` });
  const valid =
    shape.value.kind === "ec"
      ? await verifyEcdsa(input, scheme.value, shape.value.curve)
      : await verifyRsa(input, scheme.value);
  return valid ? ok(undefined) : refuse({ reason: "bad-signature" });
}

const verifyRsa = ({ spki, signature, data }: SignatureToVerify, scheme: Scheme): Promise<boolean> =>
  verifyWith(spki, { name: scheme.name, hash: scheme.digest }, scheme, signature, data);

async function verifyEcdsa(
  { spki, signature, data }: SignatureToVerify,
  scheme: Scheme,
  curve: Curve,
): Promise<boolean> {
  const raw = reading(() => ok(rawEcdsaSignature(signature, curve)));
  if (!raw.ok || !raw.value) return false;
  return verifyWith(
    spki,
    { name: "ECDSA", namedCurve: curve },
    { name: "ECDSA", hash: scheme.digest },
    raw.value,
    data,
  );
}

type KeyAlgorithm = { name: string; hash: string } | { name: string; namedCurve: string };

// A device connects, reports, and reports again: importing its key costs as much as checking a signature. The oldest go first.
const verifyingKeys = new Map<string, CryptoKey>();
const mostVerifyingKeys = 500;

async function verifyingKey(spki: Uint8Array, algorithm: KeyAlgorithm): Promise<CryptoKey> {
  const parameter = "hash" in algorithm ? algorithm.hash : algorithm.namedCurve;
  const name = `${algorithm.name} ${parameter} ${Buffer.from(spki).toString("latin1")}`;
  const known = verifyingKeys.get(name);
  if (known !== undefined) return known;
  const key = await crypto.subtle.importKey("spki", spki as Bytes, algorithm, false, ["verify"]);
  for (const oldest of verifyingKeys.keys()) {
    if (verifyingKeys.size < mostVerifyingKeys) break;
    verifyingKeys.delete(oldest);
  }
  verifyingKeys.set(name, key);
  return key;
}

// WebCrypto throws on points off the curve and on moduli it does not like: the input is at fault, not we.
async function verifyWith(
  spki: Uint8Array,
  keyAlgorithm: KeyAlgorithm,
  algorithm: { name: string; hash?: string; saltLength?: number },
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  try {
    const key = await verifyingKey(spki, keyAlgorithm);
    return await crypto.subtle.verify(algorithm, key, signature as Bytes, data as Bytes);
  } catch {
    return false;
  }
}

const digestForCurve: Readonly<Record<Curve, StrongDigest>> = {
  "P-256": "SHA-256",
  "P-384": "SHA-384",
  "P-521": "SHA-512",
};
const rsaAlgorithms: Readonly<Record<StrongDigest, string>> = {
  "SHA-256": oids.sha256WithRSAEncryption,
  "SHA-384": oids.sha384WithRSAEncryption,
  "SHA-512": oids.sha512WithRSAEncryption,
};
const ecdsaAlgorithms: Readonly<Record<StrongDigest, string>> = {
  "SHA-256": oids.ecdsaWithSHA256,
  "SHA-384": oids.ecdsaWithSHA384,
  "SHA-512": oids.ecdsaWithSHA512,
};

/** Signs what `algorithm` says, so that it can stand inside what is signed; `algorithm` and `digest` are fixed first. */
export type SigningKey = {
  digest: StrongDigest;
  oid: string;
  /** AlgorithmIdentifier, DER. */
  algorithm: Bytes;
  sign(data: Uint8Array): Promise<Bytes>;
};

// Importing an RSA private key costs a sixth of a signature; an authority's key stays the same object while it is cached.
// Finished keys only: a promise made by one request must not be awaited by another.
const imported = new WeakMap<Uint8Array, Map<StrongDigest, SigningKey>>();

/** A PKCS#8 key of our own, ready to sign with PKCS#1 v1.5 or ECDSA. Throws on a key that is neither RSA nor on a known curve. */
export async function signingKey(pkcs8: Uint8Array, digest?: StrongDigest): Promise<SigningKey> {
  const shape = privateKeyShape(pkcs8);
  if (!shape.ok) throw new Error(`cannot sign with ${shape.refusal.detail}`);
  const curve = shape.value.kind === "ec" ? shape.value.curve : undefined;
  const chosen = digest ?? (curve ? digestForCurve[curve] : "SHA-256");
  const known = imported.get(pkcs8) ?? new Map<StrongDigest, SigningKey>();
  imported.set(pkcs8, known);
  const key = known.get(chosen) ?? (await (curve ? ecdsaKey(pkcs8, curve, chosen) : rsaKey(pkcs8, chosen)));
  known.set(chosen, key);
  return key;
}

async function rsaKey(pkcs8: Uint8Array, digest: StrongDigest): Promise<SigningKey> {
  const name = "RSASSA-PKCS1-v1_5";
  const key = await crypto.subtle.importKey("pkcs8", pkcs8 as Bytes, { name, hash: digest }, false, ["sign"]);
  return {
    digest,
    oid: rsaAlgorithms[digest],
    algorithm: sequence(oid(rsaAlgorithms[digest]), asn1Null),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(name, key, data as Bytes)),
  };
}

async function ecdsaKey(pkcs8: Uint8Array, namedCurve: Curve, digest: StrongDigest): Promise<SigningKey> {
  const algorithm = { name: "ECDSA", namedCurve };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8 as Bytes, algorithm, false, ["sign"]);
  return {
    digest,
    oid: ecdsaAlgorithms[digest],
    algorithm: sequence(oid(ecdsaAlgorithms[digest])),
    sign: async (data) =>
      derEcdsaSignature(
        new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: digest }, key, data as Bytes)),
      ),
  };
}

const probe = utf8("is this the key to that certificate?");

/** Signs with the one half and verifies with the other: true only if they belong together. */
export async function keyMatches(pkcs8: Bytes, spki: Bytes): Promise<boolean> {
  try {
    const key = await signingKey(pkcs8);
    const algorithm = { algorithm: key.oid, parameters: undefined };
    return (await verifySignature({ algorithm, spki, signature: await key.sign(probe), data: probe })).ok;
  } catch {
    // A key that cannot even be imported is nobody's.
    return false;
  }
}
