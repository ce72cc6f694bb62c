import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { FakeProvider } from "../fake-provider/provider.ts";

/** The fake OpenID Connect provider as an HTTP server on this machine. Whom it lets in is `provider.account`. */
export class FakeProviderService {
  readonly provider: FakeProvider;
  readonly #http: ReturnType<typeof createServer>;

  private constructor(http: ReturnType<typeof createServer>, provider: FakeProvider) {
    this.#http = http;
    this.provider = provider;
    http.on("request", (request, response) => void this.#serve(request, response));
  }

  static async start(clientId: string, secret: string): Promise<FakeProviderService> {
    const http = createServer();
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const client = { id: clientId, secret, redirectUris: [], logoutUris: [] };
    return new FakeProviderService(http, new FakeProvider(issuer, client));
  }

  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(incoming);
    const method = incoming.method ?? "GET";
    const headers = Object.entries(incoming.headers).map(([key, value]): [string, string] => [
      key,
      String(value),
    ]);
    const body = bytes.length > 0 && method !== "GET" ? { body: new Uint8Array(bytes) } : {};
    const request = new Request(new URL(incoming.url ?? "/", this.provider.issuer), {
      method,
      headers,
      ...body,
    });
    const answer = await this.provider
      .fetch(request)
      .catch((fault: unknown) => new Response(String(fault), { status: 500 }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }
}
