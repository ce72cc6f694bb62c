import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { FakeApple } from "../fake-apple/apple.ts";
import type { AppleServer } from "../fake-apple/server.ts";
import { tokenFile } from "../fake-apple/token-file.ts";
import type { FakeLibrary } from "../fake-content/library.ts";
import { FakeContentService } from "../fake-content/service.ts";
import { FakePortal } from "../fake-portal/portal.ts";

/**
 * The fake of Apple's service as an HTTP server, with as much of Apple's portal as a person needs:
 * `POST /portal/servers/{name}/token` takes a PEM certificate and answers with the token file for it,
 * `POST /portal/servers/{name}/devices?count=` lets devices arrive, and `GET /token` gives credentials in the clear,
 * as Apple's simulator does. `POST /portal/api-accounts` makes an API account, whose portal has bought what the servers
 * have. `POST /portal/content-tokens?location=` downloads a content token of a location of Apps and Books.
 */
export class FakeAppleService {
  readonly apple: FakeApple;
  readonly portal: FakePortal;
  /** It reaches no https address of a server on this machine, so it tells nothing by itself. */
  readonly content = new FakeContentService(async () => new Response(null, { status: 502 }));
  readonly #http = createServer((request, response) => void this.#serve(request, response));

  constructor(apple = new FakeApple()) {
    this.apple = apple;
    this.portal = new FakePortal(apple);
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((done, fail) => {
      this.#http.once("error", fail);
      this.#http.listen(port, "127.0.0.1", done);
    });
    return this.origin;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request).catch(
      (fault: unknown) =>
        new Response(fault instanceof Error ? fault.message : String(fault), { status: 500 }),
    );
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
  }

  async #answer(incoming: IncomingMessage): Promise<Response> {
    const url = new URL(incoming.url ?? "/", this.origin);
    const method = incoming.method ?? "GET";
    const bytes = await buffer(incoming);
    const [, area, , name, what] = url.pathname.split("/");
    if (url.pathname === "/token") return Response.json(this.#portalServer("edgemdm").issueToken());
    if (url.pathname === "/portal/api-accounts" && method === "POST") {
      const { clientId, keyId, privateKey } = await this.portal.issueKey();
      this.portal.buyAll();
      return Response.json({ client_id: clientId, key_id: keyId, private_key: privateKey });
    }
    if (url.pathname === "/portal/content-tokens" && method === "POST")
      return new Response(`${this.#library(url.searchParams.get("location") ?? "Berlin").issueToken()}\n`);
    if (area === "portal" && method === "POST" && name)
      return this.#portal(this.#portalServer(decodeURIComponent(name)), what ?? "", url, bytes);
    const headers = Object.entries(incoming.headers).map(([key, value]): [string, string] => [
      key,
      String(value),
    ]);
    const body = bytes.length > 0 && method !== "GET" ? { body: new Uint8Array(bytes) } : {};
    const request = new Request(url, { method, headers, ...body });
    if (area === "mdm" || area === "WebObjects") return this.content.fetch(request);
    const isPortal = area === "v1" || area === "auth" || area === "tables";
    return isPortal ? this.portal.fetch(request) : this.apple.fetch(request);
  }

  #library(location: string): FakeLibrary {
    const known = this.content.libraries.find(({ name }) => name === location);
    if (known) return known;
    const library = this.content.addLibrary(location);
    library.buy("618783545", 20);
    library.buy("361309726", 2_147_483_647, { supportedPlatforms: ["macOS"] });
    return library;
  }

  #portalServer(name: string): AppleServer {
    return this.apple.servers.find((server) => server.name === name) ?? this.apple.addServer(name);
  }

  async #portal(server: AppleServer, what: string, url: URL, bytes: Buffer): Promise<Response> {
    if (what === "devices") {
      const devices = server.addDevices(Number(url.searchParams.get("count") ?? "1"));
      return Response.json({ devices: devices.map(({ serial_number }) => serial_number) });
    }
    if (what !== "token") return new Response("no such thing in the portal", { status: 404 });
    let file: string;
    try {
      file = await tokenFile(server.issueToken(), bytes.toString("utf8"));
    } catch (fault) {
      return new Response(fault instanceof Error ? fault.message : String(fault), { status: 400 });
    }
    const name = `attachment; filename="${server.name}_Token_smime.p7m"`;
    return new Response(file, {
      headers: { "Content-Type": "application/pkcs7-mime", "Content-Disposition": name },
    });
  }
}
