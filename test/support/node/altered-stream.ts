import type { ByteStream } from "../../../src/apns/byte-stream.ts";

// A network that alters what the server says, as the client meets it.

/** What the server said before is `offset` bytes long; the answer is what the client gets instead. */
export type Alteration = (chunk: Uint8Array, offset: number) => Uint8Array;

export function altered(stream: ByteStream, alter: Alteration): ByteStream {
  let offset = 0;
  return {
    ...stream,
    async read() {
      const chunk = await stream.read();
      if (chunk === undefined) return undefined;
      const given = alter(chunk, offset);
      offset += chunk.length;
      return given;
    },
  };
}

/** The byte at `position` of all that the server says has other bits. */
export const flipped =
  (position: number): Alteration =>
  (chunk, offset) => {
    if (position < offset || position >= offset + chunk.length) return chunk;
    const copy = Uint8Array.from(chunk);
    copy[position - offset] = (copy[position - offset] ?? 0) ^ 0x55;
    return copy;
  };

/** The connection ends, without a goodbye, after so many bytes of the server's. */
export function cutAfter(stream: ByteStream, length: number): ByteStream {
  let left = length;
  return {
    ...stream,
    async read() {
      const chunk = left > 0 ? await stream.read() : undefined;
      const given = chunk?.subarray(0, left);
      left -= given?.length ?? 0;
      return given;
    },
  };
}

/** The server's bytes in pieces of `size`. */
export function inPieces(stream: ByteStream, size: number): ByteStream {
  let rest: Uint8Array = new Uint8Array();
  return {
    ...stream,
    async read() {
      if (rest.length === 0) {
        const chunk = await stream.read();
        if (chunk === undefined) return undefined;
        rest = chunk;
      }
      const piece = rest.subarray(0, size);
      rest = rest.subarray(size);
      return piece;
    },
  };
}
