import type { Bytes } from "../../base/bytes.ts";
import { ok } from "../../base/result.ts";
import { reading } from "../../pki/der/malformed.ts";
import {
  type Curve,
  derEcdsaSignature,
  type KeyShape,
  keyShape,
  privateKeyShape,
  rawEcdsaSignature,
} from "../../pki/keys.ts";
import { TlsFailure } from "./failure.ts";
import { tls12, type tls13 } from "./suites.ts";

/**
 * Signatures inside handshakes, RFC 8446 section 4.2.3. Those inside certificates are for `pki`.
 *
 * The surprise: the same number means less in TLS 1.2, where an ECDSA scheme names its hash and leaves the curve open.
 */
export type SignatureScheme = {
  code: number;
  name: string;
  algorithm: "ECDSA" | "RSA-PSS" | "RSASSA-PKCS1-v1_5";
  hash: "SHA-256" | "SHA-384" | "SHA-512";
  curve: Curve | undefined;
};

export type Version = typeof tls12 | typeof tls13;

/** In order of preference. PKCS#1 v1.5 signs no handshake of TLS 1.3; there it is offered for certificates alone. */
export const signatureSchemes: readonly SignatureScheme[] = [
  scheme(0x0403, "ecdsa_secp256r1_sha256", "ECDSA", "SHA-256", "P-256"),
  scheme(0x0503, "ecdsa_secp384r1_sha384", "ECDSA", "SHA-384", "P-384"),
  scheme(0x0804, "rsa_pss_rsae_sha256", "RSA-PSS", "SHA-256"),
  scheme(0x0805, "rsa_pss_rsae_sha384", "RSA-PSS", "SHA-384"),
  scheme(0x0806, "rsa_pss_rsae_sha512", "RSA-PSS", "SHA-512"),
  scheme(0x0401, "rsa_pkcs1_sha256", "RSASSA-PKCS1-v1_5", "SHA-256"),
  scheme(0x0501, "rsa_pkcs1_sha384", "RSASSA-PKCS1-v1_5", "SHA-384"),
  scheme(0x0601, "rsa_pkcs1_sha512", "RSASSA-PKCS1-v1_5", "SHA-512"),
];

const saltLengths = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 } as const;

/** Whether the owner of the key made the signature, by a scheme that we offered and that fits key and version. */
export async function verifyHandshakeSignature(
  version: Version,
  spki: Uint8Array,
  { scheme: code, signature }: { scheme: number; signature: Uint8Array },
  data: Uint8Array,
): Promise<void> {
  const shape = keyShape(spki);
  const found = signatureSchemes.find((one) => one.code === code);
  if (!shape.ok || found === undefined || !fits(found, version, shape.value, "theirs")) {
    throw new TlsFailure(
      "illegal-parameter",
      `signature scheme 0x${code.toString(16)} with the server's key`,
    );
  }
  const raw = shape.value.kind === "ec" ? rawSignature(signature, shape.value.curve) : signature;
  const isValid = raw !== undefined && (await verify(found, shape.value, spki, raw, data));
  if (!isValid) {
    throw new TlsFailure(
      "bad-signature",
      "the server did not sign this handshake with its certificate's key",
    );
  }
}

async function verify(
  found: SignatureScheme,
  shape: KeyShape,
  spki: Uint8Array,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  try {
    const algorithm = keyAlgorithm(found, shape);
    const key = await crypto.subtle.importKey("spki", spki as Bytes, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(signAlgorithm(found), key, signature as Bytes, data as Bytes);
  } catch {
    // WebCrypto throws on keys that are no keys; for us that is a signature that does not hold.
    return false;
  }
}

/** A certificate's private key, PKCS#8, as far as this folder may use it: to sign the handshakes it has built. */
export type HandshakeSigner = {
  kind: KeyShape["kind"];
  /** Signs by the first scheme that the server offered and the key can do. */
  sign(
    version: Version,
    offered: readonly number[],
    data: Uint8Array,
  ): Promise<{ scheme: number; signature: Bytes }>;
};

export function handshakeSigner(pkcs8: Bytes): HandshakeSigner {
  const shape = privateKeyShape(pkcs8);
  if (!shape.ok) throw new Error(`cannot push with this key: ${shape.refusal.detail}`);
  return {
    kind: shape.value.kind,
    async sign(version, offered, data) {
      const chosen = signatureSchemes.find(
        (one) => offered.includes(one.code) && fits(one, version, shape.value, "ours"),
      );
      if (chosen === undefined) {
        throw new TlsFailure(
          "client-key-not-accepted",
          `the server takes no signature that the client's ${shape.value.kind} key can make`,
        );
      }
      const key = await crypto.subtle.importKey("pkcs8", pkcs8, keyAlgorithm(chosen, shape.value), false, [
        "sign",
      ]);
      const raw = new Uint8Array(await crypto.subtle.sign(signAlgorithm(chosen), key, data as Bytes));
      return { scheme: chosen.code, signature: chosen.curve ? derEcdsaSignature(raw) : raw };
    },
  };
}

function fits(one: SignatureScheme, version: Version, shape: KeyShape, whose: "ours" | "theirs"): boolean {
  if (one.algorithm === "ECDSA") {
    if (shape.kind !== "ec") return false;
    const isCurveFree = version === tls12 && whose === "theirs";
    return shape.curve === one.curve || isCurveFree;
  }
  return shape.kind === "rsa" && (version === tls12 || one.algorithm === "RSA-PSS");
}

const keyAlgorithm = (one: SignatureScheme, shape: KeyShape) =>
  shape.kind === "ec" ? { name: "ECDSA", namedCurve: shape.curve } : { name: one.algorithm, hash: one.hash };

const signAlgorithm = (one: SignatureScheme) => {
  if (one.algorithm === "ECDSA") return { name: one.algorithm, hash: one.hash };
  return one.algorithm === "RSA-PSS"
    ? { name: one.algorithm, saltLength: saltLengths[one.hash] }
    : { name: one.algorithm };
};

function rawSignature(signature: Uint8Array, curve: Curve): Bytes | undefined {
  const raw = reading(() => ok(rawEcdsaSignature(signature, curve)));
  return raw.ok ? raw.value : undefined;
}

function scheme(
  code: number,
  name: string,
  algorithm: SignatureScheme["algorithm"],
  hash: SignatureScheme["hash"],
  curve?: Curve,
): SignatureScheme {
  return { code, name, algorithm, hash, curve };
}
