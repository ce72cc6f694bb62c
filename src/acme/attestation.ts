import { type Bytes, equalBytes, sha256, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { minute } from "../base/time.ts";
import type { Certificate } from "../pki/certificate.ts";
import { checkValidity, findChain } from "../pki/chain.ts";
import { keyShape } from "../pki/keys.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { appleAttestationRoot } from "./apple-root.ts";
import { type AttestedFacts, factsIn, freshnessIn } from "./attested-facts.ts";
import { parseCbor } from "./cbor.ts";

/**
 * Attestations by Apple's servers that a key is in the Secure Enclave of a certain device: a chain of certificates up to
 * Apple's root, whose leaf has the key and the facts. They come with an ACME challenge, and in answers to
 * DeviceInformation.
 * https://support.apple.com/guide/deployment/dep28afbde6a/web
 *
 * Leaves to others: whether these are the facts of the expected device, and whether the attestation is fresh enough for
 * its purpose.
 */
export type Attestation = {
  /** The attested key: SubjectPublicKeyInfo, DER. */
  spki: Bytes;
  facts: AttestedFacts;
  /** The freshness code: the nonce that the device was given, or its hash. */
  freshness: Bytes | undefined;
  /** When Apple made the attestation. */
  madeAt: number;
};

export type AttestationRefusal = {
  reason: "malformed" | "untrusted" | "out-of-time" | "unsupported-key";
  detail: string;
};

const mostCertificates = 5;
/** Between Apple's clocks and ours. */
const clockSkewMs = 5 * minute;

/**
 * The certificates in an attestation object, as Apple writes it: `{"fmt": "apple", "attStmt": {"x5c": [leaf, ...]}}`.
 * None: the device wanted to attest and could not.
 */
export function readAttestationObject(cbor: Bytes): Result<readonly Bytes[], AttestationRefusal> {
  const parsed = parseCbor(cbor);
  if (!parsed.ok) return malformed(`attObj cannot be read: ${parsed.refusal.detail}`);
  const object = parsed.value;
  if (!(object instanceof Map)) return malformed("attObj is not a map");
  if (object.size === 0) return ok([]);
  if (object.get("fmt") !== "apple") return malformed("attObj does not have the format apple");
  const statement = object.get("attStmt");
  const x5c = statement instanceof Map ? statement.get("x5c") : undefined;
  if (!Array.isArray(x5c) || x5c.length > mostCertificates)
    return malformed(`attStmt has no x5c of up to ${mostCertificates} certificates`);
  const chain = x5c.filter((one): one is Bytes => one instanceof Uint8Array);
  return chain.length === x5c.length ? ok(chain) : malformed("x5c has values that are not bytes");
}

export async function verifyAttestation(
  chain: readonly Bytes[],
  roots: readonly Certificate[],
  now: number,
): Promise<Result<Attestation, AttestationRefusal>> {
  const certificates: Certificate[] = [];
  for (const der of chain.slice(0, mostCertificates)) {
    const parsed = parseCertificate(der);
    if (!parsed.ok)
      return malformed(`a certificate of the attestation cannot be read: ${parsed.refusal.detail}`);
    certificates.push(parsed.value);
  }
  const [leaf, ...intermediates] = certificates;
  if (!leaf) return malformed("the attestation has no certificate");
  const found = await findChain(leaf, { anchors: roots, intermediates, purpose: "any" });
  if (!found.ok)
    return refuse({
      reason: "untrusted",
      detail: `the attestation does not lead to a root of Apple: ${found.refusal.reason}`,
    });
  const valid = checkValidity(found.value, now, clockSkewMs);
  if (!valid.ok)
    return refuse({
      reason: "out-of-time",
      detail: `the attestation is not valid now: ${valid.refusal.reason}`,
    });
  const shape = keyShape(leaf.spki);
  if (!shape.ok || shape.value.kind !== "ec" || shape.value.curve === "P-521")
    return refuse({ reason: "unsupported-key", detail: "the attested key is not on P-256 or P-384" });
  return ok({
    spki: leaf.spki,
    facts: factsIn(leaf),
    freshness: freshnessIn(leaf),
    madeAt: leaf.notBefore,
  });
}

/**
 * Whether it was made for this challenge. Apple's servers sign only the hash of the token, without the account's key,
 * which others include.
 */
export const isForToken = async ({ freshness }: Attestation, token: string): Promise<boolean> =>
  freshness !== undefined && equalBytes(freshness, await sha256(utf8(token)));

let held: { extra: string; roots: readonly Certificate[] } | undefined;

/** Apple's root, and others (PEM) if the deployment has any. */
export function attestationRoots(extra = ""): readonly Certificate[] {
  if (held?.extra === extra) return held.roots;
  const roots = readPem(appleAttestationRoot + extra).map(({ der }) => {
    const parsed = parseCertificate(der);
    if (!parsed.ok) throw new Error(`a root of attestations cannot be read: ${parsed.refusal.detail}`);
    return parsed.value;
  });
  held = { extra, roots };
  return roots;
}

const malformed = (detail: string): { ok: false; refusal: AttestationRefusal } =>
  refuse({ reason: "malformed", detail });
