import { type Bytes, concat, utf8 } from "../../base/bytes.ts";
import { digest, hmac, importHmacKey } from "./hmac.ts";
import { type Hash, hashLength, type Suite } from "./suites.ts";
import { u8, u16, vector8 } from "./writer.ts";

/**
 * The key schedule of TLS 1.3, RFC 8446 section 7, without pre-shared keys.
 *
 * The surprise: HKDF is built from HMAC here, because WebCrypto's HKDF extracts and expands in one step and TLS needs
 * them apart.
 */
export type TrafficKeys = { key: Bytes; iv: Bytes };
export type TrafficSecrets = { client: Bytes; server: Bytes };

const ivLength = 12;

export const hkdfExtract = async (hash: Hash, salt: Bytes, input: Bytes): Promise<Bytes> =>
  hmac(await importHmacKey(hash, salt), input);

/** HKDF-Expand-Label. One block is enough: nothing TLS asks for is longer than its hash. */
export async function expandLabel(
  hash: Hash,
  secret: Bytes,
  label: string,
  context: Bytes,
  length: number,
): Promise<Bytes> {
  if (length > hashLength[hash]) throw new Error(`${length} bytes are more than one block of ${hash}`);
  const info = concat([u16(length), vector8(utf8(`tls13 ${label}`)), vector8(context), u8(1)]);
  return (await hmac(await importHmacKey(hash, secret), info)).slice(0, length);
}

/** Derive-Secret; the transcript comes as its hash. */
const deriveSecret = (hash: Hash, secret: Bytes, label: string, transcriptHash: Bytes): Promise<Bytes> =>
  expandLabel(hash, secret, label, transcriptHash, hashLength[hash]);

async function nextStage(hash: Hash, secret: Bytes, input: Bytes): Promise<Bytes> {
  const derived = await deriveSecret(hash, secret, "derived", await digest(hash, new Uint8Array()));
  return hkdfExtract(hash, derived, input);
}

export async function handshakeSecret(hash: Hash, sharedSecret: Bytes): Promise<Bytes> {
  const zeros = new Uint8Array(hashLength[hash]);
  return nextStage(hash, await hkdfExtract(hash, zeros, zeros), sharedSecret);
}

export const masterSecret = (hash: Hash, secret: Bytes): Promise<Bytes> =>
  nextStage(hash, secret, new Uint8Array(hashLength[hash]));

/** Of the handshake from the hash up to ServerHello; of the application from the hash up to the server's Finished. */
export async function trafficSecrets(
  hash: Hash,
  secret: Bytes,
  stage: "hs" | "ap",
  transcriptHash: Bytes,
): Promise<TrafficSecrets> {
  const [client, server] = await Promise.all([
    deriveSecret(hash, secret, `c ${stage} traffic`, transcriptHash),
    deriveSecret(hash, secret, `s ${stage} traffic`, transcriptHash),
  ]);
  return { client, server };
}

export async function trafficKeys({ hash, keyLength }: Suite, secret: Bytes): Promise<TrafficKeys> {
  const none = new Uint8Array();
  const [key, iv] = await Promise.all([
    expandLabel(hash, secret, "key", none, keyLength),
    expandLabel(hash, secret, "iv", none, ivLength),
  ]);
  return { key, iv };
}

/** Section 7.2: what a KeyUpdate makes of a traffic secret. */
export const updatedSecret = (hash: Hash, secret: Bytes): Promise<Bytes> =>
  expandLabel(hash, secret, "traffic upd", new Uint8Array(), hashLength[hash]);

/** Section 4.4.4: the key under which Finished authenticates the transcript. */
export async function finishedKey(hash: Hash, secret: Bytes): Promise<CryptoKey> {
  return importHmacKey(hash, await expandLabel(hash, secret, "finished", new Uint8Array(), hashLength[hash]));
}
