import type { Bytes } from "../../base/bytes.ts";
import { TlsFailure } from "./failure.ts";

/**
 * Ephemeral Diffie-Hellman: X25519 (RFC 7748), P-256 and P-384 (RFC 8422).
 *
 * The surprise: P-384 is there for certificates. In TLS 1.2 the list of groups also says which curves certificates may have,
 * and a server that reads it must then be able to choose it.
 */
export const groups = { x25519: 0x001d, secp256r1: 0x0017, secp384r1: 0x0018 } as const;

export type KeyShare = {
  group: number;
  publicKey: Bytes;
  /** The secret shared with the owner of `peerKey`; a key that is no point of the group is refused. */
  agree(peerKey: Uint8Array): Promise<Bytes>;
};

type Exchange = {
  algorithm: { name: string; namedCurve?: string };
  publicKeyLength: number;
  secretBits: number;
};

/** How each group is used, in order of preference. */
export const exchanges: ReadonlyMap<number, Exchange> = new Map([
  [groups.x25519, { algorithm: { name: "X25519" }, publicKeyLength: 32, secretBits: 256 }],
  [
    groups.secp256r1,
    { algorithm: { name: "ECDH", namedCurve: "P-256" }, publicKeyLength: 65, secretBits: 256 },
  ],
  [
    groups.secp384r1,
    { algorithm: { name: "ECDH", namedCurve: "P-384" }, publicKeyLength: 97, secretBits: 384 },
  ],
]);

/** One share for each group: so no server has to ask for another. */
export const generateKeyShares = (): Promise<KeyShare[]> =>
  Promise.all([...exchanges].map(([group, exchange]) => generateKeyShare(group, exchange)));

async function generateKeyShare(group: number, exchange: Exchange): Promise<KeyShare> {
  const { algorithm } = exchange;
  const pair = (await crypto.subtle.generateKey(algorithm, false, ["deriveBits"])) as CryptoKeyPair;
  const publicKey = new Uint8Array((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
  return { group, publicKey, agree: (peerKey) => agree(exchange, pair.privateKey, peerKey) };
}

/** The secret that a private key of ours shares with the owner of `peerKey`. */
export async function agree(
  { algorithm, publicKeyLength, secretBits }: Exchange,
  privateKey: CryptoKey,
  peerKey: Uint8Array,
): Promise<Bytes> {
  if (peerKey.length !== publicKeyLength) {
    throw new TlsFailure("illegal-parameter", `a key share of ${peerKey.length} bytes`);
  }
  const secret = await deriveSecret(algorithm, privateKey, peerKey, secretBits);
  // RFC 7748 section 6.1: a point of small order makes a secret that everybody knows.
  if (secret.every((byte) => byte === 0)) {
    throw new TlsFailure("illegal-parameter", "a key share that gives no secret");
  }
  return secret;
}

async function deriveSecret(
  algorithm: { name: string; namedCurve?: string },
  privateKey: CryptoKey,
  peerKey: Uint8Array,
  bits: number,
): Promise<Bytes> {
  try {
    const peer = await crypto.subtle.importKey("raw", peerKey as Bytes, algorithm, false, []);
    const exchange = { name: algorithm.name, public: peer };
    return new Uint8Array(
      // workerd's types spell the field `$public`, after the reserved word of their source; its runtime does not.
      await crypto.subtle.deriveBits(
        exchange as unknown as Parameters<typeof crypto.subtle.deriveBits>[0],
        privateKey,
        bits,
      ),
    );
  } catch (cause) {
    throw new TlsFailure("illegal-parameter", "a key share that is no point of its group", { cause });
  }
}
