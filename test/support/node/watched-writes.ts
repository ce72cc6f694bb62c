// In front of a server, for one client: each write is told of, before it is carried out and once it is, before it is answered.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** `at`: which write of this client's it is, counted from 1. */
export type Moment = { at: number; when: "before" | "after" };

/** Answers its address. True from `watch`: the client is gone, and gets no answer. */
export async function watchedWrites(origin: string, watch: (moment: Moment) => boolean) {
  let at = 0;
  const server = createServer(async (incoming, outgoing) => {
    const body = new Uint8Array(await buffer(incoming));
    const path = incoming.url ?? "/";
    const method = incoming.method ?? "GET";
    const isWrite = method !== "GET" && !path.includes("dry_run=true");
    const tell = (when: Moment["when"]): boolean => isWrite && watch({ at, when });
    if (isWrite) at++;
    if (tell("before")) return outgoing.destroy();
    const answer = await fetch(new URL(path, origin), {
      method,
      headers: headersOf(incoming),
      ...(body.length > 0 && { body }),
    });
    const answered = new Uint8Array(await answer.arrayBuffer());
    if (tell("after")) return outgoing.destroy();
    const { "content-encoding": _, "content-length": __, ...headers } = Object.fromEntries(answer.headers);
    outgoing.writeHead(answer.status, headers).end(answered);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const ofTheConnection = ["host", "connection", "content-length", "transfer-encoding", "keep-alive"];

const headersOf = ({ headers }: IncomingMessage): [string, string][] =>
  Object.entries(headers)
    .filter(([name]) => !ofTheConnection.includes(name))
    .map(([name, value]) => [name, String(value)]);
