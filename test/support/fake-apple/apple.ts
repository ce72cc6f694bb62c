import { endpoints } from "./endpoints.ts";
import { checkOauth, type IssuedToken } from "./oauth.ts";
import { AppleRefusal, badRequest } from "./refusal.ts";
import { AppleServer } from "./server.ts";
import { type Session, Sessions } from "./sessions.ts";

/** How this Apple behaves; all of it may be changed while it runs. */
export type Knobs = {
  termsNotSigned: boolean;
  tokenExpired: boolean;
  /** User agents that are refused. */
  refusedUserAgents: RegExp;
  /** What a lost session is answered with: Apple's way, or the simulator's. */
  lostSession: 401 | 403;
  /** The simulator puts its errors in quotes. */
  quotedErrors: boolean;
  /** So many calls are too many, and the next may come after so many seconds. */
  tooMany: { calls: number; seconds: number | undefined };
  httpDateRetryAfter: boolean;
  /** Cursors do not get on while more follows. */
  repeatCursor: boolean;
  exhaustedWhenNothingNew: boolean;
  /** How many devices a page has at most. */
  mostAPage: number;
  seedOff: boolean;
  organisationNotSupported: boolean;
  mayDisown: boolean;
  /** The one method that is taken to assign profiles. */
  assignMethod: "POST" | "PUT" | undefined;
};

const usual = (): Knobs => ({
  termsNotSigned: false,
  tokenExpired: false,
  refusedUserAgents: /^(?:curl|Go-http-client)\b/,
  lostSession: 401,
  quotedErrors: false,
  tooMany: { calls: 0, seconds: undefined },
  httpDateRetryAfter: false,
  repeatCursor: false,
  exhaustedWhenNothingNew: false,
  mostAPage: Number.POSITIVE_INFINITY,
  seedOff: false,
  organisationNotSupported: false,
  mayDisown: true,
  assignMethod: undefined,
});

export type SeenRequest = { method: string; path: string; headers: Headers; body: unknown };
type Answer = (request: Request) => Response | Promise<Response>;

/**
 * Apple's device assignment service as its pages describe it: it checks what Apple checks, and refuses what Apple refuses.
 * `fetch` answers requests to any host, so that a spy on `fetch` or a small HTTP server can stand before it.
 */
export class FakeApple {
  readonly knobs: Knobs = usual();
  readonly sessions = new Sessions();
  readonly servers: AppleServer[] = [];
  readonly requests: SeenRequest[] = [];
  readonly #now: () => number;
  readonly #nonces = new Set<string>();
  readonly #scripted: { path: string; answer: Answer; after: number }[] = [];

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
  }

  /** The portal's "Add a device management server". */
  addServer(name = "edgemdm", organisation = "Example GmbH"): AppleServer {
    const server = new AppleServer(name, organisation, this.#now, this.servers.length * 1_000_000);
    this.servers.push(server);
    return server;
  }

  /** The next request to this path, or the one after so many more, is answered so, whatever it says. */
  answerNext(path: string, answer: Answer, after = 0): void {
    this.#scripted.push({ path, answer, after });
  }

  /** How often a path was asked. */
  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const text = await request.clone().text();
    const seen = { method: request.method, path: url.pathname, headers: new Headers(request.headers) };
    this.requests.push({ ...seen, body: parsed(text) });
    const scripted = this.#takeScripted(url.pathname);
    if (scripted) return scripted.answer(request);
    try {
      checkUserAgent(request, this.knobs);
      this.#checkRate();
      if (url.pathname === "/session") return Response.json(await this.#logIn(request));
      return this.#serve(request, url, text);
    } catch (fault) {
      if (fault instanceof AppleRefusal) return this.#refused(fault);
      throw fault;
    }
  };

  #takeScripted(pathname: string): { answer: Answer } | undefined {
    const at = this.#scripted.findIndex(({ path }) => path === pathname);
    const first = this.#scripted[at];
    if (!first) return undefined;
    if (first.after > 0) first.after -= 1;
    else return this.#scripted.splice(at, 1)[0];
    return undefined;
  }

  async #logIn(request: Request): Promise<{ auth_session_token: string }> {
    if (request.method !== "GET") throw new AppleRefusal(405, "METHOD_NOT_ALLOWED");
    if (!request.headers.get("Content-Type")) throw badRequest("MALFORMED_REQUEST_BODY");
    const token = await checkOauth(request, {
      now: this.#now(),
      used: this.#nonces,
      tokenFor: (consumer, access) =>
        this.#tokens().find(({ token }) => token.consumer_key === consumer && token.access_token === access)
          ?.token,
    });
    const server = this.#tokens().find((entry) => entry.token === token)?.server as AppleServer;
    this.#checkStanding(server, token);
    return { auth_session_token: this.sessions.open(server, token, this.#now()).id };
  }

  #serve(request: Request, url: URL, text: string): Response {
    const now = this.#now();
    const session = this.sessions.use(request.headers.get("X-ADM-Auth-Session") ?? "", now);
    if (!session)
      throw new AppleRefusal(
        this.knobs.lostSession,
        this.knobs.lostSession === 401 ? "UNAUTHORIZED" : "FORBIDDEN",
      );
    let response: Response;
    try {
      this.#checkStanding(session.server, session.token);
      response = this.#answer(request, url, text, session);
    } catch (fault) {
      if (!(fault instanceof AppleRefusal)) throw fault;
      response = this.#refused(fault);
    }
    const next = this.sessions.replacement(session, now);
    if (next) response.headers.set("X-ADM-Auth-Session", next.id);
    return response;
  }

  #answer(request: Request, url: URL, text: string, { server }: Session): Response {
    const endpoint = endpoints[url.pathname];
    if (!endpoint) throw new AppleRefusal(404, "NOT_FOUND");
    const { assignMethod } = this.knobs;
    const isTaken =
      url.pathname !== "/profile/devices" ||
      request.method === "DELETE" ||
      !assignMethod ||
      assignMethod === request.method;
    const serve = isTaken ? endpoint[request.method] : undefined;
    if (!serve) throw new AppleRefusal(405, "METHOD_NOT_ALLOWED");
    const body = text === "" ? {} : parsed(text);
    if (typeof body !== "object" || body === null || Array.isArray(body))
      throw badRequest("MALFORMED_REQUEST_BODY");
    const answer = serve({
      server,
      body: body as Record<string, unknown>,
      query: url.searchParams,
      version: Number(request.headers.get("X-Server-Protocol-Version") ?? "1"),
      now: this.#now(),
      knobs: this.knobs,
    });
    return answer === undefined ? new Response("") : Response.json(answer);
  }

  #tokens(): { server: AppleServer; token: IssuedToken }[] {
    return this.servers.flatMap((server) => server.tokens.map((token) => ({ server, token })));
  }

  /** What holds for any call: the person, the year, the terms. */
  #checkStanding(server: AppleServer, token: IssuedToken): void {
    if (server.adminIsGone) throw new AppleRefusal(403, "FORBIDDEN");
    if (this.knobs.tokenExpired || Date.parse(token.access_token_expiry) <= this.#now())
      throw new AppleRefusal(403, "token_expiredForbidden");
    if (this.knobs.termsNotSigned) throw new AppleRefusal(403, "T_C_NOT_SIGNED");
  }

  #checkRate(): void {
    if (this.knobs.tooMany.calls <= 0) return;
    this.knobs.tooMany.calls -= 1;
    throw new AppleRefusal(429, "TOO_MANY_REQUESTS");
  }

  #refused({ status, code }: AppleRefusal): Response {
    const headers = new Headers({ "Content-Type": "text/plain;charset=UTF8" });
    const { seconds } = this.knobs.tooMany;
    if (status === 429 && seconds !== undefined) {
      const date = new Date(this.#now() + seconds * 1000).toUTCString();
      headers.set("Retry-After", this.knobs.httpDateRetryAfter ? date : String(seconds));
    }
    return new Response(this.knobs.quotedErrors ? `"${code}"` : code, { status, headers });
  }
}

function checkUserAgent(request: Request, { refusedUserAgents }: Knobs): void {
  const agent = request.headers.get("User-Agent") ?? "";
  if (agent.trim() === "") throw badRequest("USER_AGENT_MISSING");
  if (refusedUserAgents.test(agent)) throw badRequest("USER_AGENT_INVALID");
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
