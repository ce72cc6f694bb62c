import { fromUtf8, sha256, toBase64Url, utf8 } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { fromBase64Url } from "./base64url.ts";
import { type AcmeRefusal, acmeRefusal } from "./problem.ts";

/**
 * The keys with which accounts sign, as JSON Web Keys (RFC 7517), and the name of an account, made from its key.
 *
 * The surprise: an account is only its key. Its URL contains the key, so the server always knows the client again without
 * storing anything.
 */
export type AccountKey =
  | { kty: "EC"; crv: EcCurve; x: string; y: string }
  | { kty: "RSA"; n: string; e: string };

export type EcCurve = "P-256" | "P-384";

const coordinateBytes: Readonly<Record<EcCurve, number>> = { "P-256": 32, "P-384": 48 };
const smallestModulus = 256;
const largestModulus = 512;
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "k"];

export function readAccountKey(jwk: unknown): Result<AccountKey, AcmeRefusal> {
  if (typeof jwk !== "object" || jwk === null || Array.isArray(jwk)) return bad("jwk is not an object");
  const { kty, crv, x, y, n, e } = jwk as Record<string, unknown>;
  if (privateMembers.some((member) => member in jwk)) return bad("jwk holds a private key");
  if (kty === "EC") return ellipticKey(crv, x, y);
  return kty === "RSA" ? rsaKey(n, e) : bad("jwk must be of kind EC or RSA");
}

function ellipticKey(crv: unknown, x: unknown, y: unknown): Result<AccountKey, AcmeRefusal> {
  if (crv !== "P-256" && crv !== "P-384") return bad("jwk must be on P-256 or P-384");
  const isCoordinate = (text: unknown): text is string => lengthOf(text) === coordinateBytes[crv];
  return isCoordinate(x) && isCoordinate(y)
    ? ok({ kty: "EC", crv, x, y })
    : bad("a coordinate of jwk is missing or does not have the length of the curve");
}

function rsaKey(n: unknown, e: unknown): Result<AccountKey, AcmeRefusal> {
  const size = lengthOf(n);
  if (typeof n !== "string" || size === undefined || size < smallestModulus || size > largestModulus)
    return bad("an RSA key of fewer than 2048 or more than 4096 bits");
  return e === "AQAB" ? ok({ kty: "RSA", n, e }) : bad("an RSA exponent other than 65537");
}

const lengthOf = (text: unknown): number | undefined =>
  typeof text === "string" && text.length < 1000 ? fromBase64Url(text)?.length : undefined;

const bad = (detail: string) => acmeRefusal("badPublicKey", detail);

/** RFC 7638: the members that count, in the order of their names. */
const canonical = (key: AccountKey): string =>
  key.kty === "EC"
    ? JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y })
    : JSON.stringify({ e: key.e, kty: key.kty, n: key.n });

/** What the account's URL ends with. */
export const accountId = (key: AccountKey): string => toBase64Url(utf8(canonical(key)));

export const thumbprint = async (key: AccountKey): Promise<string> =>
  toBase64Url(await sha256(utf8(canonical(key))));

/** undefined: it is not the URL of an account. */
export function keyOfAccount(id: string): AccountKey | undefined {
  const bytes = id.length < 1500 ? fromBase64Url(id) : undefined;
  if (!bytes) return undefined;
  try {
    const key = readAccountKey(JSON.parse(fromUtf8(bytes)));
    return key.ok && accountId(key.value) === id ? key.value : undefined;
  } catch {
    return undefined;
  }
}
