import { TlsFailure } from "../../src/apns/tls/failure.ts";
import { agree, exchanges, groups } from "../../src/apns/tls/key-exchange.ts";
import { verifyHandshakeSignature } from "../../src/apns/tls/signature-schemes.ts";
import { tls12 } from "../../src/apns/tls/suites.ts";
import { type Bytes, equalBytes, fromHex } from "../../src/base/bytes.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { type CipherName, cipherByName, decryptContent } from "../../src/pki/cms/ciphers.ts";
import { type KeyTransport, unwrapKey } from "../../src/pki/cms/key-transport.ts";
import { fieldsOf, rawOf } from "../../src/pki/der/fields.ts";
import { parseBer } from "../../src/pki/der/parse.ts";
import { tags } from "../../src/pki/der/tags.ts";
import { asn1Null, bitString, integer, octetString, oid, sequence } from "../../src/pki/der/write.ts";
import { algorithmOf, type Curve, curves } from "../../src/pki/keys.ts";
import { oids } from "../../src/pki/oids.ts";
import { type Digest, verifySignature } from "../../src/pki/signature.ts";

// Project Wycheproof (https://github.com/C2SP/wycheproof): values at the edges of cryptography, and what should be said of
// each. Here they go through the places of ours that touch such values before or after WebCrypto does.

/** The fields of Wycheproof's own schemas that are looked at. */
export type VectorFile = { testGroups: readonly Group[] };

type Group = {
  type: string;
  keySize?: number;
  ivSize?: number;
  tagSize?: number;
  sha?: string;
  mgfSha?: string;
  sLen?: number;
  curve?: string;
  publicKeyDer?: string;
  publicKeyAsn?: string;
  publicKey?: string | { publicKeyDer?: string; publicKeyAsn?: string };
  privateKey?: string | { modulus: string; publicExponent: string };
  privateKeyPkcs8?: string;
  tests: readonly Vector[];
};

type Vector = {
  tcId: number;
  flags: readonly string[];
  result: "valid" | "acceptable" | "invalid";
  msg?: string;
  sig?: string;
  key?: string;
  iv?: string;
  aad?: string;
  ct?: string;
  tag?: string;
  label?: string;
  public?: string;
  private?: string;
  shared?: string;
};

/** What one of our readers made of a vector, beside what it should have. */
export type Verdict = { tcId: number; by: string; expected: Vector["result"]; isAccepted: boolean };

export async function judgeFile({ testGroups }: VectorFile): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const group of testGroups) {
    const readers = readersOf(group);
    for (const vector of group.tests) {
      for (const [by, accepts] of Object.entries(readers)) {
        const isAccepted = await accepts(vector);
        if (isAccepted === undefined) continue;
        verdicts.push({ tcId: vector.tcId, by, expected: expectedOf(vector), isAccepted });
      }
    }
  }
  return verdicts;
}

/** A secret of zeros alone is one that everybody knows: it is refused on every curve, reached or not. */
const expectedOf = ({ shared, result }: Vector): Vector["result"] =>
  shared && /^0+$/.test(shared) ? "invalid" : result;

export const isWrong = ({ expected, isAccepted }: Verdict): boolean =>
  expected !== "acceptable" && isAccepted !== (expected === "valid");

/** undefined where a reader is not asked for such a thing at all. */
type Reader = (vector: Vector) => Promise<boolean | undefined>;

function readersOf(group: Group): Record<string, Reader> {
  switch (group.type) {
    case "RsassaPkcs1Verify":
      return rsaReaders(group);
    case "RsassaPssWithParametersVerify":
    case "RsassaPssVerify":
      return pssReaders(group);
    case "EcdsaVerify":
      return ecdsaReaders(group);
    case "AeadTest":
      return { cms: gcmReader(group) };
    case "IndCpaTest":
      return { cms: cbcReader(group) };
    case "RsaesPkcs1Decrypt":
      return { cms: transportReader(group, { kind: "pkcs1" }) };
    case "RsaesOaepDecrypt":
      return { cms: oaepReader(group) };
    case "XdhComp":
    case "EcdhEcpointTest":
      return { tls: agreementReader(group) };
    default:
      throw new Error(`no reader of ours for vectors of type ${group.type}`);
  }
}

const hashesRead = { "SHA-1": true, "SHA-256": true, "SHA-384": true, "SHA-512": true };
const rsaAlgorithms: Record<string, string> = {
  "SHA-256": oids.sha256WithRSAEncryption,
  "SHA-384": oids.sha384WithRSAEncryption,
  "SHA-512": oids.sha512WithRSAEncryption,
};
const ecdsaAlgorithms: Record<string, string> = {
  "SHA-256": oids.ecdsaWithSHA256,
  "SHA-384": oids.ecdsaWithSHA384,
  "SHA-512": oids.ecdsaWithSHA512,
};
const handshakeSchemes: Record<string, number> = {
  "RSA SHA-256": 0x0401,
  "RSA SHA-384": 0x0501,
  "RSA SHA-512": 0x0601,
  "PSS SHA-256": 0x0804,
  "PSS SHA-384": 0x0805,
  "PSS SHA-512": 0x0806,
  "ECDSA SHA-256": 0x0403,
  "ECDSA SHA-384": 0x0503,
};

function rsaReaders(group: Group): Record<string, Reader> {
  const spki = hex(group.publicKeyDer);
  return {
    pki: signatureReader(spki, { algorithm: rsaAlgorithms[group.sha ?? ""] ?? "", parameters: asn1Null }),
    tls: handshakeReader(spki, `RSA ${group.sha}`),
  };
}

function ecdsaReaders(group: Group): Record<string, Reader> {
  const spki = hex(group.publicKeyDer);
  const scheme = `ECDSA ${group.sha}`;
  return {
    pki: signatureReader(spki, { algorithm: ecdsaAlgorithms[group.sha ?? ""] ?? "", parameters: undefined }),
    ...(scheme in handshakeSchemes && { tls: handshakeReader(spki, scheme) }),
  };
}

/** The key is that of any RSA signature; how the padding is made stands beside the signature. */
function pssReaders(group: Group): Record<string, Reader> {
  const named = typeof group.publicKey === "object" ? { ...group, ...group.publicKey } : group;
  const spki = sequence(sequence(oid(oids.rsaEncryption), asn1Null), bitString(hex(named.publicKeyAsn)));
  if (group.type === "RsassaPssVerify") return { tls: handshakeReader(spki, `PSS ${group.sha}`) };
  const [algorithm] = fieldsOf(parseBer(hex(named.publicKeyDer)), tags.sequence, "key").rest();
  const parameters = algorithm && algorithmOf(algorithm).parameters;
  const whole = { algorithm: oids.rsassaPss, parameters: parameters && rawOf(parameters) };
  const read = signatureReader(spki, whole);
  // WebCrypto takes one digest for both jobs; what names two is refused by its parameters.
  const isRead = group.sha === group.mgfSha && group.sha !== undefined && group.sha in hashesRead;
  return { pki: async (vector) => ((await read(vector)) ? true : isRead ? false : undefined) };
}

const signatureReader =
  (spki: Bytes, algorithm: { algorithm: string; parameters: Bytes | undefined }): Reader =>
  async ({ sig, msg }) =>
    (await verifySignature({ algorithm, spki, signature: hex(sig), data: hex(msg), allowSha1: true })).ok;

const handshakeReader =
  (spki: Bytes, name: string): Reader =>
  async ({ sig, msg }) => {
    const signed = { scheme: handshakeSchemes[name] ?? 0, signature: hex(sig) };
    return unlessTlsFails(() => verifyHandshakeSignature(tls12, spki, signed, hex(msg)));
  };

const gcmReader =
  ({ keySize, ivSize, tagSize }: Group): Reader =>
  async ({ key, iv, ct, tag, aad, msg }) => {
    // RFC 5084: what has another initial vector is refused before a key is touched (cms/envelope).
    if (ivSize !== 96 || tagSize !== 128) return undefined;
    const authentication = { tag: hex(tag), data: hex(aad) };
    const cipher = cipherByName(`AES-${keySize}-GCM` as CipherName);
    const plain = await decryptContent(cipher, hex(key), hex(iv), hex(ct), authentication);
    return plain !== undefined && equalBytes(plain, hex(msg));
  };

const cbcReader =
  ({ keySize }: Group): Reader =>
  async ({ key, iv, ct, msg }) => {
    const cipher = cipherByName(`AES-${keySize}-CBC` as CipherName);
    const plain = await decryptContent(cipher, hex(key), hex(iv), hex(ct), undefined);
    return plain !== undefined && equalBytes(plain, hex(msg));
  };

/** The key that travels is as long as the cipher wants it; what is wrong comes out as another key, never as an error. */
function transportReader({ privateKey, privateKeyPkcs8 }: Group, transport: KeyTransport): Reader {
  if (typeof privateKey !== "object") throw new Error("a vector without its key");
  const numbers = sequence(integer(hex(privateKey.modulus)), integer(hex(privateKey.publicExponent)));
  const spki = sequence(sequence(oid(oids.rsaEncryption), asn1Null), bitString(numbers));
  const credential = { certificate: { spki } as Certificate, pkcs8: hex(privateKeyPkcs8) };
  return async ({ ct, msg, result }) => {
    const expected = hex(msg);
    const length = result === "valid" ? expected.length : 16;
    const key = await unwrapKey(transport, hex(ct), credential, length);
    if (key.length !== length) throw new Error(`a key of ${key.length} bytes, ${length} were asked for`);
    return equalBytes(key, expected);
  };
}

function oaepReader(group: Group): Reader {
  const unwrap = transportReader(group, { kind: "oaep", digest: group.sha as Digest });
  const isRead = group.sha === group.mgfSha && group.sha !== "SHA-224";
  return async (vector) => (isRead && !vector.label ? unwrap(vector) : undefined);
}

function agreementReader(group: Group): Reader {
  const curve = group.curve === "secp256r1" ? "P-256" : group.curve === "secp384r1" ? "P-384" : undefined;
  const number = curve === undefined ? groups.x25519 : groups[curve === "P-256" ? "secp256r1" : "secp384r1"];
  const exchange = exchanges.get(number);
  if (!exchange) throw new Error(`no exchange by group ${number}`);
  return async (vector) => {
    const privateKey = await importPrivate(hex(vector.private), curve);
    let secret: Bytes | undefined;
    const isAgreed = await unlessTlsFails(async () => {
      secret = await agree(exchange, privateKey, hex(vector.public));
    });
    if (secret && !equalBytes(secret, hex(vector.shared))) throw new Error(`another secret: ${vector.tcId}`);
    return isAgreed;
  };
}

function importPrivate(scalar: Bytes, curve: Curve | undefined): Promise<CryptoKey> {
  const width = curve ? curves[curve].bytes : 32;
  const fixed = new Uint8Array(width);
  fixed.set(scalar.subarray(-width), Math.max(0, width - scalar.length));
  const [type, inner] = curve
    ? [sequence(oid(oids.ecPublicKey), oid(curves[curve].oid)), sequence(integer(1), octetString(fixed))]
    : [sequence(oid("1.3.101.110")), octetString(fixed)];
  const algorithm = curve ? { name: "ECDH", namedCurve: curve } : { name: "X25519" };
  const pkcs8 = sequence(integer(0), type, octetString(inner));
  return crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["deriveBits"]);
}

async function unlessTlsFails(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof TlsFailure) return false;
    throw error;
  }
}

function hex(text: string | undefined): Bytes {
  const even = text && text.length % 2 === 1 ? `0${text}` : (text ?? "");
  const bytes = fromHex(even);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}
