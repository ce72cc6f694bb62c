import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import type { TestIdentity } from "../test-pki.ts";

// Apple's service that takes an Activation Lock off. A client without a push certificate gets no connection; what names the
// device must stand in the address, what proves and explains the wish in a form, and nothing else in either.

const path = "/deviceservicesworkers/escrowKeyUnlock";
const inQuery = ["serial", "productType", "imei", "imei2", "meid"];
const inForm = ["orgName", "guid", "escrowKey"];

export class FakeUnlock {
  /** By serial number, what a locked device is known by. */
  readonly locked = new Map<string, { productType: string; imei?: string; code: string }>();
  readonly asked: { topic: string; serial: string; orgName: string; guid: string }[] = [];
  /** Set: it is out of order. */
  trouble: number | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request).then((status) => {
        const said = JSON.stringify({ status });
        response.writeHead(status, {
          "Content-Type": "application/json;charset=UTF-8",
          "Content-Length": Buffer.byteLength(said),
        });
        response.end(said);
      });
    });
    server.on("tlsClientError", () => {});
  }

  static async start(server: TestIdentity, clientRoot: TestIdentity): Promise<FakeUnlock> {
    const https = createServer({
      key: server.keyPem,
      cert: server.certificatePem,
      ca: clientRoot.certificatePem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    https.listen(0, "127.0.0.1");
    await once(https, "listening");
    return new FakeUnlock(https);
  }

  async #answer(request: IncomingMessage): Promise<number> {
    if (this.trouble) return this.trouble;
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "https://apple");
    if (pathname !== path) return 404;
    if (request.method !== "POST") return 405;
    if (request.headers["content-type"] !== "application/x-www-form-urlencoded") return 400;
    const form = new URLSearchParams(await text(request));
    const isStrange =
      [...query.keys()].some((key) => !inQuery.includes(key)) ||
      [...form.keys()].some((key) => !inForm.includes(key));
    const [serial, orgName, guid, code] = [
      query.get("serial"),
      form.get("orgName"),
      form.get("guid"),
      form.get("escrowKey"),
    ];
    if (isStrange || !serial || !orgName || !guid || !code) return 400;
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    this.asked.push({ topic: String((subject as { UID?: string }).UID), serial, orgName, guid });
    const device = this.locked.get(serial);
    if (device?.code !== code) return 404;
    if (query.get("productType") !== device.productType || query.get("imei") !== (device.imei ?? null))
      return 400;
    this.locked.delete(serial);
    return 200;
  }

  get url(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
