import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ByteStream } from "../../../src/apns/byte-stream.ts";

/** A TCP connection of Node's as the stream that the push client takes. */
export async function socketStream(port: number, host = "127.0.0.1"): Promise<ByteStream> {
  const socket = connect({ port, host, allowHalfOpen: true });
  await once(socket, "connect");
  return streamOf(socket);
}

function streamOf(socket: Socket): ByteStream {
  const chunks = socket[Symbol.asyncIterator]();
  // Errors are what reads and writes reject with.
  socket.on("error", () => {});
  return {
    async read() {
      const { done, value } = await chunks.next();
      return done ? undefined : (value as Uint8Array);
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      socket.destroy();
    },
  };
}
