// A server over real HTTP that a simulated fleet can live with: enrols anybody, queues commands, keeps bootstrap tokens.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { PlistDict } from "../../../src/plist/value.ts";
import { writePlist } from "../../../src/plist/write.ts";
import { FakeServer, type Heard, newAuthority } from "../apple-device/fake-server.ts";
import { dictionary, plistOf } from "../apple-device/plist.ts";

type Queued = { uuid: string; plist: Uint8Array<ArrayBuffer> };

export class LittleMdm {
  readonly queues = new Map<string, Queued[]>();
  readonly enrolled = new Set<string>();
  /** Answers this to every n-th connect, when set. */
  trouble: { status: number; every: number } | undefined;
  /** Takes commands and forgets them. */
  forgetful = false;
  #connects = 0;
  readonly #bootstrapTokens = new Map<string, Uint8Array>();
  readonly #server: Server;

  static async start(): Promise<LittleMdm> {
    const now = Date.now();
    const mdm = new LittleMdm(new FakeServer(await newAuthority("Little CA", now), now));
    await new Promise<void>((done) => mdm.#server.listen(0, "127.0.0.1", done));
    return mdm;
  }

  private constructor(fake: FakeServer) {
    fake.script = (heard) => (heard.url.pathname === "/mdm" ? this.#mdm(heard) : this.#api(heard));
    this.#server = createServer(async (incoming, outgoing) => {
      const answer = await fake.transport(await this.#request(incoming));
      fake.heard.length = 0;
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(new Uint8Array(await answer.arrayBuffer()));
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  async #request(incoming: IncomingMessage): Promise<Request> {
    const method = incoming.method ?? "GET";
    const body = new Uint8Array(await buffer(incoming));
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return new Request(new URL(incoming.url ?? "/", this.origin), {
      method,
      headers,
      ...(method === "GET" ? {} : { body }),
    });
  }

  #api({ method, url, headers, body }: Heard): Response {
    if (headers.get("authorization") !== "Bearer let me in") return new Response(null, { status: 401 });
    if (url.pathname === "/api/v1/enrollment/challenges" && method === "POST") {
      return Response.json({ challenge: "one-time", scep_url: `${this.origin}/scep` }, { status: 201 });
    }
    if (url.pathname === "/api/v1/devices") return Response.json({ items: [], next_cursor: null });
    const device = url.pathname.match(/^\/api\/v1\/devices\/([^/]+)\/commands$/)?.[1];
    if (device === undefined || !this.enrolled.has(device)) return new Response(null, { status: 404 });
    const uuid = String(dictionary(plistOf(body), "the command").get("CommandUUID"));
    if (!this.forgetful) this.#queue(device, url.searchParams.get("channel")).push({ uuid, plist: body });
    return Response.json({ uuid, state: "queued" }, { status: 201 });
  }

  #mdm({ headers, body }: Heard): Response {
    const message = dictionary(plistOf(body), "the message");
    const device = String(message.get("UDID") ?? message.get("EnrollmentID"));
    return headers.get("content-type")?.endsWith("checkin")
      ? this.#checkIn(device, message)
      : this.#connect(device, message);
  }

  #checkIn(device: string, message: PlistDict): Response {
    const token = message.get("BootstrapToken");
    switch (message.get("MessageType")) {
      case "TokenUpdate":
        this.enrolled.add(device);
        break;
      case "CheckOut":
        this.enrolled.delete(device);
        break;
      case "SetBootstrapToken":
        if (token instanceof Uint8Array) this.#bootstrapTokens.set(device, token);
        break;
      case "GetBootstrapToken":
        return new Response(writePlist({ BootstrapToken: this.#bootstrapTokens.get(device) }));
    }
    return new Response(null);
  }

  /** First in, first out; a NotNow ends the conversation. */
  #connect(device: string, message: PlistDict): Response {
    if (this.trouble && ++this.#connects % this.trouble.every === 0) {
      return new Response(null, { status: this.trouble.status });
    }
    const user = message.get("UserID") === undefined ? null : String(message.get("UserShortName"));
    const id = message.get("UserID");
    const shared = id === "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF";
    const queue = this.#queue(device, shared ? user : id === undefined ? null : String(id));
    const status = message.get("Status");
    if (status === "NotNow") return new Response(null);
    if (status !== "Idle" && queue[0]?.uuid === message.get("CommandUUID")) queue.shift();
    return new Response(queue[0]?.plist ?? null);
  }

  #queue(device: string, user: string | null): Queued[] {
    const key = `${device}:${user ?? ""}`;
    const known = this.queues.get(key) ?? [];
    this.queues.set(key, known);
    return known;
  }
}
