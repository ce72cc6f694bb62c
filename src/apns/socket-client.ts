import { connect } from "cloudflare:sockets";
import type { ByteStream } from "./byte-stream.ts";

/** A TCP connection, as the stream that TLS is spoken over. */
export type OpenSocket = {
  stream: ByteStream;
  /** Settles once it is open: undefined, or in words why it could not be. */
  opened: Promise<string | undefined>;
};

export function openSocket(hostname: string, port: number): OpenSocket {
  const socket = connect({ hostname, port }, { secureTransport: "off", allowHalfOpen: true });
  const opened = socket.opened.then(
    () => undefined,
    (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
  );
  return { stream: streamOf(socket), opened };
}

const closeMs = 200;

function streamOf(socket: Socket): ByteStream {
  const reader = socket.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const writer = socket.writable.getWriter() as WritableStreamDefaultWriter<Uint8Array>;
  return {
    async read() {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        if (value.length > 0) return value;
      }
    },
    write: (bytes) => writer.write(bytes),
    async close() {
      // Each of these rejects when the other side was faster; there is nothing left to do about it.
      const closed = socket.close().catch(() => {});
      // Closing waits for pending writes, and a server that reads no more bytes would block us without end.
      const timer = setTimeout(() => void writer.abort().catch(() => {}), closeMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
