import { connect } from "cloudflare:sockets";
import { type Result, refuse } from "../base/result.ts";
import type { ByteStream } from "./byte-stream.ts";
import { type ApnsConnectionOptions, connectOver } from "./connection.ts";
import type { ApnsConnection, OpenRefusal } from "./transport.ts";

/**
 * The push connection's socket: the one place of this folder that touches the network (besides binding-client.ts, which
 * leaves it to Cloudflare).
 *
 * The surprise: a socket belongs to the request that opened it. Only a Durable Object can use a connection for longer.
 */
export type ApnsClientOptions = ApnsConnectionOptions & {
  port: number;
  /** For the whole way: TCP, TLS and the server's first words in HTTP/2. */
  connectTimeoutMs: number;
};

export async function openApnsConnection(
  options: ApnsClientOptions,
): Promise<Result<ApnsConnection, OpenRefusal>> {
  const { host, port, connectTimeoutMs } = options;
  const socket = connect({ hostname: host, port }, { secureTransport: "off", allowHalfOpen: true });
  const stream = streamOf(socket);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void stream.close();
  }, connectTimeoutMs);
  try {
    const unreachable = await socket.opened.then(
      () => undefined,
      (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
    );
    const connection =
      unreachable === undefined
        ? await connectOver(stream, options)
        : refuse({ reason: "unreachable", detail: `cannot reach ${host}:${port}: ${unreachable}` } as const);
    if (connection.ok || !isLate) return connection;
    return refuse({
      reason: "timed-out",
      detail: `${host}:${port} did not answer in ${connectTimeoutMs} ms`,
    });
  } catch (fault) {
    await stream.close();
    throw fault;
  } finally {
    clearTimeout(timer);
  }
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
      // Closing waits for what is written, and a server that takes no more bytes would keep us waiting for ever.
      const timer = setTimeout(() => void writer.abort().catch(() => {}), closeMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
