/**
 * What TLS needs of the network, and what HTTP/2 needs of TLS: bytes out, bytes in, an end.
 * The pure protocol code uses this, so that a test can replace the network.
 */
export type ByteStream = {
  /** The next bytes, never none of them; undefined once the other side has ended the stream. One read at a time. */
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  /** Ends both directions at once. Never rejects; a read that is waiting settles. */
  close(): Promise<void>;
};
