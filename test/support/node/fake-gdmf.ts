import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { gdmfList } from "../gdmf-list.ts";

// gdmf.apple.com as a client of its own root meets it: TLS with a certificate that no public root stands behind, one resource.

type Pem = { certificatePem: string; keyPem: string };

export type FakeGdmfOptions = {
  server: Pem;
  version?: "TLSv1.2" | "TLSv1.3";
  /** Asks for a client certificate, and does without. */
  requestCert?: boolean;
};

export class FakeGdmf {
  readonly requests: { url: string; headers: IncomingMessage["headers"] }[] = [];
  /** What is said next; the list by default. */
  answer: (response: ServerResponse) => void = (response) => this.say(response, gdmfList());
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.requests.push({ url: request.url ?? "", headers: request.headers });
      const { pathname } = new URL(request.url ?? "/", "https://gdmf");
      if (request.method !== "GET" || pathname !== "/v2/pmv") response.writeHead(404).end();
      else this.answer(response);
    });
    server.on("tlsClientError", () => {});
  }

  static async start({ server, version, requestCert = false }: FakeGdmfOptions): Promise<FakeGdmf> {
    const https = createServer({
      key: server.keyPem,
      cert: server.certificatePem,
      requestCert,
      rejectUnauthorized: false,
      ...(version ? { minVersion: version, maxVersion: version } : {}),
    });
    https.listen(0, "127.0.0.1");
    await once(https, "listening");
    return new FakeGdmf(https);
  }

  say(response: ServerResponse, list: unknown): void {
    const text = JSON.stringify(list);
    response.writeHead(200, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text),
    });
    response.end(text);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
