import { fromBase64, toBase64 } from "../../../src/base/bytes.ts";
import { fieldsOf } from "../../../src/pki/der/fields.ts";
import { parseDer } from "../../../src/pki/der/parse.ts";
import { tags } from "../../../src/pki/der/tags.ts";
import { octetStringOf } from "../../../src/pki/der/values.ts";
import { generateKeyPair } from "../../../src/pki/keys.ts";
import { toPem } from "../../../src/pki/pem.ts";

/** A key of an API account, as the portal gives it: the private half is shown once. */
export type IssuedKey = {
  clientId: string;
  keyId: string;
  /** The PEM file. */
  privateKey: string;
  publicKey: CryptoKey;
  isRevoked: boolean;
};

/** `EC PRIVATE KEY` may be what it says, or PKCS#8 under a wrong name. */
export type KeyFile = "pkcs8" | "sec1" | "pkcs8-called-ec";

export async function issueKey(
  portal: "business" | "school",
  file: KeyFile = "pkcs8-called-ec",
): Promise<IssuedKey> {
  const { pkcs8, spki } = await generateKeyPair("P-256");
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]);
  return {
    clientId: `${portal.toUpperCase()}API.${crypto.randomUUID()}`,
    keyId: crypto.randomUUID(),
    privateKey:
      file === "sec1" ? toPem("EC PRIVATE KEY", withCurve(inner(pkcs8))) : toPem(labelOf(file), pkcs8),
    publicKey,
    isRevoked: false,
  };
}

const labelOf = (file: KeyFile): string => (file === "pkcs8" ? "PRIVATE KEY" : "EC PRIVATE KEY");

/** PKCS#8 holds the key of SEC 1 without the name of its curve. */
function inner(pkcs8: Uint8Array): Uint8Array {
  const fields = fieldsOf(parseDer(pkcs8), tags.sequence, "private key");
  fields.take(tags.integer, "version");
  fields.take(tags.sequence, "algorithm");
  return octetStringOf(fields.take(tags.octetString, "key"), "key");
}

const curve = Uint8Array.of(0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07);

/** After the version (3 octets) and the key (34 octets). */
function withCurve(sec1: Uint8Array): Uint8Array {
  const at = 2 + 3 + 34;
  const parts = [...sec1.subarray(2, at), ...curve, ...sec1.subarray(at)];
  return Uint8Array.of(0x30, parts.length, ...parts);
}

export type Claims = { iss: string; sub: string; aud: string; iat: number; exp: number; jti: string };

/** The header and claims of an ES256 assertion that this key has signed; undefined: it has not. */
export async function checkAssertion(
  text: string,
  keyFor: (keyId: string) => IssuedKey | undefined,
): Promise<{ key: IssuedKey; claims: Claims } | undefined> {
  const [head = "", body = "", signature = "", ...more] = text.split(".");
  if (more.length > 0) return undefined;
  const header = readPart(head);
  const key = keyFor(String(header?.kid ?? ""));
  if (!key || header?.alg !== "ES256") return undefined;
  const isSigned = await crypto.subtle.verify(
    { name: "ECDSA", hash: "SHA-256" },
    key.publicKey,
    bytesOf(signature),
    new TextEncoder().encode(`${head}.${body}`),
  );
  return isSigned ? { key, claims: readPart(body) as unknown as Claims } : undefined;
}

const bytesOf = (part: string): Uint8Array<ArrayBuffer> => {
  const bytes = fromBase64(part) ?? new Uint8Array();
  // Base64url without padding, and nothing else.
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === part
    ? bytes
    : new Uint8Array();
};

function readPart(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytesOf(part))) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
