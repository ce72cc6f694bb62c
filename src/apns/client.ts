import { type Result, refuse } from "../base/result.ts";
import { type ApnsConnectionOptions, connectOver } from "./connection.ts";
import { openSocket } from "./socket-client.ts";
import type { ApnsConnection, OpenRefusal } from "./transport.ts";

/** A push connection over a socket. The surprise: a socket belongs to the request that opened it. Only a Durable Object can
 * use a connection for longer. */
export type ApnsClientOptions = ApnsConnectionOptions & {
  port: number;
  /** For the whole setup: TCP, TLS and the server's first frames in HTTP/2. */
  connectTimeoutMs: number;
};

export async function openApnsConnection(
  options: ApnsClientOptions,
): Promise<Result<ApnsConnection, OpenRefusal>> {
  const { host, port, connectTimeoutMs } = options;
  const { stream, opened } = openSocket(host, port);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void stream.close();
  }, connectTimeoutMs);
  try {
    const unreachable = await opened;
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
