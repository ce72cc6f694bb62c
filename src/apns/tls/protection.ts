import { type Bytes, concat } from "../../base/bytes.ts";
import { TlsFailure } from "./failure.ts";
import type { TrafficKeys } from "./key-schedule.ts";
import { contentTypes, maxPlaintext, type Record, recordHeader } from "./record.ts";
import { u8 } from "./writer.ts";

/**
 * Record protection with AES-GCM: RFC 8446 sections 5.2 to 5.4 for TLS 1.3, RFC 5288 for TLS 1.2.
 *
 * Leaves to others: where keys come from, what records hold.
 *
 * The surprise: records are numbered, so they must be sealed and opened one after the other, in order. The caller does.
 */
export type Protection = {
  /** A whole record, header included; at most `maxPlaintext` bytes of content. */
  seal(type: number, content: Uint8Array): Promise<Bytes>;
  open(record: Record): Promise<Record>;
};

const tagLength = 16;
const explicitNonceLength = 8;

/** AES-GCM wears out after 2^24.5 full records (RFC 8446 section 5.5); no push connection comes near. */
const maxRecords = 2 ** 24;

export async function protection13({ key, iv }: TrafficKeys): Promise<Protection> {
  const cipher = await importKey(key);
  const nextNonce = nonces((sequence) => {
    const nonce = iv.slice();
    for (const [index, byte] of sequence.entries()) nonce[4 + index] = (nonce[4 + index] ?? 0) ^ byte;
    return nonce;
  });
  return {
    async seal(type, content) {
      const header = recordHeader(contentTypes.applicationData, content.length + 1 + tagLength);
      const { nonce } = nextNonce();
      return concat([header, await encrypt(cipher, nonce, header, concat([content, u8(type)]))]);
    },
    async open({ type, version, content }) {
      if (type !== contentTypes.applicationData) {
        throw new TlsFailure("unexpected-message", `an unprotected record of type ${type}`);
      }
      const { nonce } = nextNonce();
      const inner = await decrypt(cipher, nonce, recordHeader(type, content.length, version), content);
      return unpadded(inner, version);
    },
  };
}

/** The content type is the last byte that is not zero; before it the content, after it padding. */
function unpadded(inner: Bytes, version: number): Record {
  // Section 5.4: padding counts, lest it be a way around the limit.
  if (inner.length > maxPlaintext + 1) {
    throw new TlsFailure("record-too-long", `a record that holds ${inner.length} bytes with its padding`);
  }
  let end = inner.length - 1;
  while (end >= 0 && inner[end] === 0) end--;
  const type = inner[end];
  if (type === undefined) throw new TlsFailure("unexpected-message", "a record that holds only padding");
  return { type, version, content: inner.subarray(0, end) };
}

export async function protection12({ key, iv: salt }: TrafficKeys): Promise<Protection> {
  const cipher = await importKey(key);
  const sealing = nonces((sequence) => concat([salt, sequence]));
  const opening = nonces((sequence) => sequence);
  const additionalData = (sequence: Bytes, type: number, length: number, version?: number): Bytes =>
    concat([sequence, recordHeader(type, length, version)]);
  return {
    async seal(type, content) {
      const { nonce, sequence } = sealing();
      const sealed = await encrypt(cipher, nonce, additionalData(sequence, type, content.length), content);
      const header = recordHeader(type, explicitNonceLength + sealed.length);
      return concat([header, sequence, sealed]);
    },
    async open({ type, version, content }) {
      const length = content.length - explicitNonceLength - tagLength;
      if (length < 0) throw new TlsFailure("bad-record", `a protected record of ${content.length} bytes`);
      const { sequence } = opening();
      const nonce = concat([salt, content.subarray(0, explicitNonceLength)]);
      const sealed = content.subarray(explicitNonceLength);
      const opened = await decrypt(cipher, nonce, additionalData(sequence, type, length, version), sealed);
      return checkedLength({ type, version, content: opened });
    },
  };
}

function checkedLength(record: Record): Record {
  if (record.content.length > maxPlaintext) {
    throw new TlsFailure("record-too-long", `a record that holds ${record.content.length} bytes`);
  }
  return record;
}

/** Counts records; each gets its nonce once. */
function nonces(build: (sequence: Bytes) => Bytes): () => { nonce: Bytes; sequence: Bytes } {
  let count = 0;
  return () => {
    if (count >= maxRecords) throw new TlsFailure("record-limit", `${count} records under one key`);
    const sequence = new Uint8Array(8);
    new DataView(sequence.buffer).setUint32(4, count++);
    return { nonce: build(sequence), sequence };
  };
}

const importKey = (key: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);

async function encrypt(key: CryptoKey, iv: Bytes, additionalData: Bytes, data: Uint8Array): Promise<Bytes> {
  const parameters = { name: "AES-GCM", iv, additionalData };
  return new Uint8Array(await crypto.subtle.encrypt(parameters, key, data as Bytes));
}

async function decrypt(key: CryptoKey, iv: Bytes, additionalData: Bytes, data: Uint8Array): Promise<Bytes> {
  const parameters = { name: "AES-GCM", iv, additionalData };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, data as Bytes));
  } catch (cause) {
    throw new TlsFailure("bad-record", "a record that does not open: altered on its way, or out of order", {
      cause,
    });
  }
}
