import { type Bytes, concat, fromUtf8, utf8 } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { type AccountKey, type EcCurve, readAccountKey } from "./account-key.ts";
import { fromBase64Url } from "./base64url.ts";
import { type AcmeRefusal, acmeRefusal } from "./problem.ts";

/**
 * Signed requests (RFC 8555 section 6.2: a flattened JSON Web Signature, RFC 7515).
 *
 * Leaves to others: whether the nonce is fresh, and which key an account has.
 *
 * One surprise: builds of Apple's client drop leading zero bytes of r or s, so an ES256 signature may be a byte or two
 * too short. The places where they can be missing are tried.
 */
export type SignedRequest = {
  alg: Algorithm;
  nonce: string;
  url: string;
  /** The claimed signer: the key itself, or the URL of an account. */
  by: { jwk: AccountKey } | { kid: string };
  /** Empty: a POST-as-GET (RFC 8555 section 6.3). */
  payload: Bytes;
  signature: Bytes;
  /** What was signed. */
  signed: Bytes;
};

export const algorithms = ["ES256", "ES384", "RS256"] as const;
export type Algorithm = (typeof algorithms)[number];

const members = ["payload", "protected", "signature"];
const longestUrl = 2_000;

export function parseJws(body: Bytes): Result<SignedRequest, AcmeRefusal> {
  const outer = jsonObject(body);
  if (!outer) return malformed("the body is not a JSON object");
  const { protected: head, payload, signature } = outer;
  if (Object.keys(outer).toSorted().join() !== members.join())
    return malformed("the body must have exactly protected, payload and signature");
  if (typeof head !== "string" || typeof payload !== "string" || typeof signature !== "string")
    return malformed("protected, payload and signature must be texts");
  const [headBytes, payloadBytes, signatureBytes] = [head, payload, signature].map((text) =>
    fromBase64Url(text),
  );
  if (!headBytes || !payloadBytes || !signatureBytes)
    return malformed("protected, payload or signature is not base64url without padding");
  const header = readHeader(headBytes);
  if (!header.ok) return header;
  const signed = utf8(`${head}.${payload}`);
  return ok({ ...header.value, payload: payloadBytes, signature: signatureBytes, signed });
}

type Header = Pick<SignedRequest, "alg" | "nonce" | "url" | "by">;

function readHeader(bytes: Bytes): Result<Header, AcmeRefusal> {
  const header = jsonObject(bytes);
  if (!header) return malformed("protected is not a JSON object");
  const { alg, nonce, url, jwk, kid, crit, b64 } = header;
  if (crit !== undefined || b64 !== undefined) return malformed("protected has crit or b64");
  const known = algorithms.find((name) => name === alg);
  if (!known) return acmeRefusal("badSignatureAlgorithm", `alg must be one of ${algorithms.join(", ")}`);
  if (typeof url !== "string" || url.length > longestUrl) return malformed("protected has no url");
  if (typeof nonce !== "string") return acmeRefusal("badNonce", "protected has no nonce");
  if ((jwk === undefined) === (kid === undefined)) return malformed("protected must have either jwk or kid");
  const base = { alg: known, nonce, url };
  if (jwk === undefined) {
    if (typeof kid !== "string" || kid.length > longestUrl) return malformed("kid must be an account's URL");
    return ok({ ...base, by: { kid } });
  }
  const key = readAccountKey(jwk);
  return key.ok ? ok({ ...base, by: { jwk: key.value } }) : key;
}

const curveOf: Readonly<Record<Algorithm, EcCurve | undefined>> = {
  ES256: "P-256",
  ES384: "P-384",
  RS256: undefined,
};

/** Whether the key has made the signature. */
export async function verifyJws(
  request: SignedRequest,
  key: AccountKey,
): Promise<Result<undefined, AcmeRefusal>> {
  const { alg, signature, signed } = request;
  const curve = key.kty === "EC" ? key.crv : undefined;
  if (curveOf[alg] !== curve)
    return acmeRefusal("badSignatureAlgorithm", `a key of kind ${curve ?? key.kty} cannot sign with ${alg}`);
  const parameters = curve
    ? { name: "ECDSA", namedCurve: curve, hash: alg === "ES256" ? "SHA-256" : "SHA-384" }
    : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("jwk", { ...key }, parameters, false, ["verify"]);
  } catch {
    return acmeRefusal("badPublicKey", "jwk is not a valid key: its numbers do not fit together");
  }
  const spellings = alg === "ES256" ? wholeSignatures(signature) : [signature];
  for (const spelling of spellings)
    if (await crypto.subtle.verify(parameters, imported, spelling, signed)) return ok(undefined);
  return acmeRefusal("unauthorized", "the signature is not valid for the request and the account's key");
}

const zero = new Uint8Array(1);

/** r and s of 32 bytes each, wherever leading zeros may have been dropped. */
function wholeSignatures(signature: Bytes): Bytes[] {
  const [first, second] = [signature.subarray(0, 31), signature.subarray(31)];
  switch (signature.length) {
    case 64:
      return [signature];
    case 63:
      return [concat([zero, signature]), concat([signature.subarray(0, 32), zero, signature.subarray(32)])];
    case 62:
      return [concat([zero, first, zero, second])];
    default:
      return [];
  }
}

/** The JSON object in these bytes. */
export function jsonObject(bytes: Bytes): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const malformed = (detail: string) => acmeRefusal("malformed", detail);
