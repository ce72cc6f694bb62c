import { type Bytes, concat } from "../../base/bytes.ts";
import { TlsFailure } from "./failure.ts";
import { u8, u16 } from "./writer.ts";

/** The record layer's framing, RFC 8446 section 5.1, the same in both versions. Encryption is in protection.ts. */
export const contentTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** `version` says nothing, but protection covers it as it came. */
export type Record = { type: number; version: number; content: Uint8Array };

export const recordHeaderLength = 5;
export const maxPlaintext = 16_384;
/** TLS 1.3 allows 256 bytes of padding and tag; the GCM of TLS 1.2 needs 24. */
export const maxCiphertext = maxPlaintext + 256;

export const recordHeader = (type: number, length: number, version = 0x0303): Bytes =>
  concat([u8(type), u16(version), u16(length)]);

/** Content in as many records as it needs. */
export function* fragments(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += maxPlaintext) yield content.subarray(at, at + maxPlaintext);
}

/** Cuts a stream of bytes into records, wherever the network cut it. */
export class RecordSplitter {
  #pending: Uint8Array = new Uint8Array();

  push(chunk: Uint8Array): void {
    this.#pending = this.#pending.length === 0 ? chunk : concat([this.#pending, chunk]);
  }

  /** Whether bytes of an unfinished record are left. */
  get isInsideRecord(): boolean {
    return this.#pending.length > 0;
  }

  next(): Record | undefined {
    const bytes = this.#pending;
    const [type, major, minor = 0, high, low] = bytes;
    if (type === undefined) return undefined;
    // Looked at before the rest arrives: a server that speaks something else must not make us wait for its "length".
    if (type < contentTypes.changeCipherSpec || type > contentTypes.applicationData) {
      throw new TlsFailure("malformed", `a record of type ${type}: the other side does not speak TLS`);
    }
    if (major !== undefined && major !== 3) throw new TlsFailure("malformed", `a record of version ${major}`);
    if (high === undefined || low === undefined) return undefined;
    const length = (high << 8) | low;
    if (length > maxCiphertext) throw new TlsFailure("record-too-long", `a record of ${length} bytes`);
    const end = recordHeaderLength + length;
    if (bytes.length < end) return undefined;
    this.#pending = bytes.subarray(end);
    const version = (3 << 8) | minor;
    return { type, version, content: bytes.subarray(recordHeaderLength, end) };
  }
}
