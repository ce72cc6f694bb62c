import { type Bytes, concat, utf8 } from "../../base/bytes.ts";
import { hmac, importHmacKey } from "./hmac.ts";
import type { TrafficKeys } from "./key-schedule.ts";
import type { Hash, Suite } from "./suites.ts";

/** The key schedule of TLS 1.2: RFC 5246 sections 5 and 6.3, with the extended master secret of RFC 7627. */
const masterSecretLength = 48;
const saltLength = 4;
export const verifyDataLength = 12;

export async function prf(
  hash: Hash,
  secret: Bytes,
  label: string,
  seed: Bytes,
  length: number,
): Promise<Bytes> {
  const key = await importHmacKey(hash, secret);
  const labelled = concat([utf8(label), seed]);
  const blocks: Bytes[] = [];
  let chain = labelled;
  for (let have = 0; have < length; ) {
    chain = await hmac(key, chain);
    const block = await hmac(key, concat([chain, labelled]));
    blocks.push(block);
    have += block.length;
  }
  return concat(blocks).slice(0, length);
}

/** `sessionHash` covers the handshake up to ClientKeyExchange: the secret belongs to this handshake and no other. */
export const extendedMasterSecret = (hash: Hash, sharedSecret: Bytes, sessionHash: Bytes): Promise<Bytes> =>
  prf(hash, sharedSecret, "extended master secret", sessionHash, masterSecretLength);

/** GCM needs no MAC keys: two keys, two salts (RFC 5288 section 3). The salt takes the place of the IV. */
export async function connectionKeys(
  { hash, keyLength }: Suite,
  master: Bytes,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Promise<{ client: TrafficKeys; server: TrafficKeys }> {
  const seed = concat([serverRandom, clientRandom]);
  const block = await prf(hash, master, "key expansion", seed, 2 * (keyLength + saltLength));
  const salts = 2 * keyLength;
  return {
    client: { key: block.slice(0, keyLength), iv: block.slice(salts, salts + saltLength) },
    server: { key: block.slice(keyLength, salts), iv: block.slice(salts + saltLength) },
  };
}

export const verifyData = (
  hash: Hash,
  master: Bytes,
  side: "client" | "server",
  transcriptHash: Bytes,
): Promise<Bytes> => prf(hash, master, `${side} finished`, transcriptHash, verifyDataLength);
