import { once } from "node:events";
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";

// Apple's push service as a management server meets it: HTTP/2 over TLS with a client certificate, strict about what it is
// sent, and obedient to whoever started it: it answers what it is told to, or misbehaves as it is told to.

export type ReceivedPush = {
  token: string;
  topic: string | undefined;
  PushMagic: string;
  headers: IncomingHttpHeaders;
  /** Which of the connections, counted from 1, brought it. */
  connection: number;
};

/** What is to happen to a push. */
export type Answer =
  | { status: number; reason?: string; timestamp?: number; headers?: Record<string, string> }
  /** RST_STREAM with this code. */
  | { reset: number }
  /** `hangUp`: and ends the connection soon after. */
  | { goAway: { code: number; lastStreamId?: number; reason?: string; hangUp?: boolean } }
  /** Cuts the TCP connection. */
  | { cut: true }
  /** Never answers. */
  | { stall: true };

type Pem = { certificatePem: string; keyPem: string };

export type FakeApnsOptions = {
  server: Pem;
  /** Sent after the server's own certificate. */
  intermediates?: readonly Pem[];
  /** Whose push certificates are taken. */
  clientRoot: { certificatePem: string };
  version?: "TLSv1.2" | "TLSv1.3";
  ciphers?: string;
  ecdhCurve?: string;
  sigalgs?: string;
  settings?: Settings;
  port?: number;
  /** False for a server that asks for no client certificate. */
  requestCert?: boolean;
  ALPNProtocols?: string[];
};

export class FakeApns {
  readonly pushes: ReceivedPush[] = [];
  /** Decides each push that is in order; 200 by default. */
  answer: (push: ReceivedPush) => Answer | Promise<Answer> = () => ({ status: 200 });
  readonly #server: Http2SecureServer;
  readonly #sessions = new Map<ServerHttp2Session, number>();
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  private constructor(server: Http2SecureServer) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.on("session", (session) => {
      this.#connections++;
      this.#sessions.set(session, this.#connections);
      session.on("close", () => this.#sessions.delete(session));
      session.on("error", () => {});
    });
    // Broken connections are what tests are made of; the client's side tells of them.
    server.on("sessionError", () => {});
    server.on("tlsClientError", () => {});
    server.on("stream", (stream, headers) => {
      stream.on("error", () => {});
      this.#serve(stream, headers).catch(() => stream.close());
    });
  }

  static async start(options: FakeApnsOptions): Promise<FakeApns> {
    const {
      server,
      clientRoot,
      version,
      settings,
      intermediates = [],
      port = 0,
      requestCert = true,
    } = options;
    const { ciphers, ecdhCurve, sigalgs, ALPNProtocols } = options;
    const http2 = createSecureServer({
      key: server.keyPem,
      cert: [server, ...intermediates].map(({ certificatePem }) => certificatePem).join(""),
      ca: clientRoot.certificatePem,
      requestCert,
      rejectUnauthorized: requestCert,
      allowHTTP1: false,
      ...(version ? { minVersion: version, maxVersion: version } : {}),
      ...(ciphers ? { ciphers } : {}),
      ...(ecdhCurve ? { ecdhCurve } : {}),
      ...(sigalgs ? { sigalgs } : {}),
      ...(ALPNProtocols ? { ALPNProtocols } : {}),
      settings: { maxConcurrentStreams: 1000, ...settings },
    });
    http2.listen(port, "127.0.0.1");
    await once(http2, "listening");
    return new FakeApns(http2);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections were ever made. */
  get connections(): number {
    return this.#connections;
  }

  get sessions(): ServerHttp2Session[] {
    return [...this.#sessions.keys()];
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = await bodyOf(stream);
    const push = this.#read(stream, headers, body);
    const answer = "token" in push ? await this.answer(push) : push;
    if (!stream.destroyed) act(stream, answer, headers["apns-id"]?.toString());
  }

  /** The push, or how Apple would refuse it. */
  #read(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: Buffer): ReceivedPush | Answer {
    const refuse = (status: number, reason: string): Answer => ({ status, reason });
    const token = /^\/3\/device\/([0-9a-f]*)$/.exec(headers[":path"] ?? "")?.[1];
    if (headers[":method"] !== "POST") return refuse(405, "MethodNotAllowed");
    if (token === undefined) return refuse(404, "BadPath");
    if (token === "") return refuse(400, "MissingDeviceToken");
    if (body.length === 0) return refuse(400, "PayloadEmpty");
    if (body.length > 4096) return refuse(413, "PayloadTooLarge");
    const complaint = complaintAbout(headers);
    if (complaint) return refuse(400, complaint);
    const topic = headers["apns-topic"]?.toString();
    if (topic !== undefined && topic !== topicOf(stream)) return refuse(400, "TopicDisallowed");
    const PushMagic = pushMagicOf(body);
    if (PushMagic === undefined) return refuse(400, "BadPayload");
    const session = stream.session as ServerHttp2Session | undefined;
    const connection = (session && this.#sessions.get(session)) ?? 0;
    const push = { token, topic, PushMagic, headers, connection };
    this.pushes.push(push);
    return push;
  }
}

/** The subject UID of the client's certificate. */
function topicOf(stream: ServerHttp2Stream): string | undefined {
  const socket = stream.session?.socket as TLSSocket | undefined;
  return (socket?.getPeerCertificate().subject as { UID?: string } | undefined)?.UID;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const rules: readonly [header: string, form: RegExp, complaint: string][] = [
  ["apns-push-type", /^mdm$/, "InvalidPushType"],
  ["apns-priority", /^(1|5|10)$/, "BadPriority"],
  ["apns-expiration", /^\d+$/, "BadExpirationDate"],
  ["apns-id", uuid, "BadMessageId"],
  ["apns-collapse-id", /^.{1,64}$/, "BadCollapseId"],
];

function complaintAbout(headers: IncomingHttpHeaders): string | undefined {
  const broken = rules.find(([header, form]) => {
    const value = headers[header];
    return value !== undefined && !form.test(value.toString());
  });
  return broken?.[2];
}

function pushMagicOf(body: Buffer): string | undefined {
  try {
    const { mdm } = JSON.parse(body.toString("utf8")) as { mdm?: unknown };
    return typeof mdm === "string" ? mdm : undefined;
  } catch {
    return undefined;
  }
}

function act(stream: ServerHttp2Stream, answer: Answer, id: string = crypto.randomUUID()): void {
  const session = stream.session as ServerHttp2Session | undefined;
  if ("stall" in answer) return;
  if ("cut" in answer) {
    session?.destroy();
  } else if ("reset" in answer) {
    stream.close(answer.reset);
  } else if ("goAway" in answer) {
    const { code, lastStreamId, reason, hangUp } = answer.goAway;
    session?.goaway(
      code,
      lastStreamId,
      reason === undefined ? undefined : Buffer.from(JSON.stringify({ reason })),
    );
    if (hangUp) setTimeout(() => session?.destroy(), 20);
  } else {
    const { status, reason, timestamp, headers } = answer;
    stream.respond({ ":status": status, "apns-id": id, ...headers });
    stream.end(status === 200 ? undefined : JSON.stringify({ reason, timestamp }));
  }
}

async function bodyOf(stream: ServerHttp2Stream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
