import { FakeApple } from "../fake-apple/apple.ts";
import { type FactoryDevice, timeText } from "../fake-apple/devices.ts";
import type { AppleServer } from "../fake-apple/server.ts";
import { type FakeActivity, isOver, obey, tableOf, tellActivity } from "./activities.ts";
import { checkAssertion, type IssuedKey, issueKey, type KeyFile } from "./keys.ts";
import { PortalRefusal } from "./refusal.ts";

/** A device as the organisation bought it; `factory` is what a server's list says of it. */
export type OrgDeviceFacts = {
  serialNumber: string;
  factory: FactoryDevice;
  orderNumber: string;
  status: string;
  isMdmMigrationCapable: boolean;
  mdmMigrationStatus?: string | undefined;
  mdmMigrationDeadlineDateTime?: string | undefined;
  [attribute: string]: unknown;
};

/** How this portal behaves; all of it may be changed while it runs. */
export type PortalKnobs = {
  /** So many requests for a token, or calls, are too many. */
  tooManyTokens: { requests: number; status: 400 | 429 };
  tooMany: { calls: number; seconds: number | undefined };
  /** The path that gives no token. */
  missingTokenPath: string | undefined;
  /** How the next page is told. */
  paging: "cursor" | "link" | "both";
  /** What is said of a device without a server. */
  unassigned: "empty" | 404;
  mayMigrate: boolean;
  /** The table of an activity comes so many requests late. */
  tableLag: number;
  pageSize: number;
};

const usual = (): PortalKnobs => ({
  tooManyTokens: { requests: 0, status: 429 },
  tooMany: { calls: 0, seconds: undefined },
  missingTokenPath: undefined,
  paging: "both",
  unassigned: "empty",
  mayMigrate: true,
  tableLag: 0,
  pageSize: 1000,
});

const audience = "https://account.apple.com/auth/oauth2/v2/token";
const longestAssertionSeconds = 180 * 24 * 60 * 60;
const tokenSeconds = 3600;
type Answer = (request: Request) => Response | Promise<Response>;

/**
 * The Apple Business API (or School Manager's) of one organisation, beside the device assignment service of the same
 * servers: it checks what Apple checks, and refuses what Apple refuses.
 */
export class FakePortal {
  readonly knobs: PortalKnobs = usual();
  readonly keys: IssuedKey[] = [];
  readonly devices = new Map<string, OrgDeviceFacts>();
  readonly coverage = new Map<string, object[]>();
  readonly activities = new Map<string, FakeActivity>();
  readonly requests: { method: string; path: string; search: string; body: string }[] = [];
  readonly apple: FakeApple;
  readonly kind: "business" | "school";
  readonly #now: () => number;
  readonly #tokens = new Map<string, { until: number; key: IssuedKey }>();
  readonly #assertions = new Set<string>();
  readonly #scripted: { path: string; answer: Answer }[] = [];

  constructor(apple = new FakeApple(), kind: "business" | "school" = "business", now = () => Date.now()) {
    this.apple = apple;
    this.kind = kind;
    this.#now = now;
  }

  /** The portal's "Create API account". */
  async issueKey(file?: KeyFile): Promise<IssuedKey> {
    const key = await issueKey(this.kind, file);
    this.keys.push(key);
    return key;
  }

  /** All devices of all servers are bought, in one order for each server. */
  buyAll(changes: Partial<OrgDeviceFacts> = {}): void {
    for (const server of this.apple.servers)
      for (const device of server.devices.values()) this.buy(device, `ORDER-${server.name}`, changes);
  }

  buy(factory: FactoryDevice, orderNumber: string, changes: Partial<OrgDeviceFacts> = {}): void {
    const serial = factory.serial_number;
    this.devices.set(serial, {
      serialNumber: serial,
      factory,
      orderNumber,
      addedToOrgDateTime: timeText(this.#now()),
      deviceModel: factory.model,
      productFamily: factory.device_family,
      color: factory.color,
      partNumber: "MX2D3D/A",
      orderDateTime: timeText(this.#now()),
      purchaseSourceType: "APPLE",
      purchaseSourceId: "1234567",
      status: "ASSIGNED",
      isMdmMigrationCapable: true,
      somethingNew: { of: "Apple" },
      ...changes,
    });
  }

  /** Access tokens end before their time. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /** The next request to this path is answered so, whatever it says. */
  answerNext(path: string, answer: Answer): void {
    this.#scripted.push({ path, answer });
  }

  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  idOf(server: AppleServer): string {
    return server.uuid.replaceAll("-", "");
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    // Text is read as bytes: a form is no text to workerd, which warns of it.
    const body = new TextDecoder().decode(await request.clone().arrayBuffer());
    this.requests.push({ method: request.method, path: url.pathname, search: url.search, body });
    const at = this.#scripted.findIndex(({ path }) => path === url.pathname);
    if (at >= 0) return this.#scripted.splice(at, 1)[0]?.answer(request) as Response;
    if (url.pathname.startsWith("/auth/")) return this.#token(request, url, body);
    if (url.pathname.startsWith("/tables/")) return this.#table(request, url);
    try {
      this.#check(request);
      return Response.json(this.#answer(request, url, body), {
        status: request.method === "POST" ? 201 : 200,
      });
    } catch (fault) {
      if (!(fault instanceof PortalRefusal)) throw fault;
      const { seconds } = this.knobs.tooMany;
      const isTimed = fault.status === 429 && seconds !== undefined;
      return fault.toResponse(isTimed ? { "Retry-After": String(seconds) } : {});
    }
  };

  /** Apple's OAuth: the assertion, and what goes with it. */
  async #token(request: Request, { pathname }: URL, body: string): Promise<Response> {
    const { tooManyTokens, missingTokenPath } = this.knobs;
    if (!/^\/auth\/oauth2(\/v2)?\/token$/.test(pathname) || pathname === missingTokenPath)
      return new Response("", { status: 404 });
    if (request.method !== "POST") return new Response("", { status: 405 });
    if (tooManyTokens.requests > 0) {
      tooManyTokens.requests -= 1;
      return Response.json({ error: "rate_limited" }, { status: tooManyTokens.status });
    }
    const form = new URLSearchParams(body);
    const refused = (status: number, error: string) => Response.json({ error }, { status });
    if (form.get("grant_type") !== "client_credentials") return refused(400, "unsupported_grant_type");
    if (form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
      return refused(400, "invalid_request");
    if (form.get("scope") !== `${this.kind}.api`) return refused(400, "invalid_scope");
    const clientId = form.get("client_id");
    if (!this.keys.some((key) => key.clientId === clientId)) return refused(400, "invalid_client");
    const checked = await checkAssertion(form.get("client_assertion") ?? "", (keyId) =>
      this.keys.find((key) => key.keyId === keyId && key.clientId === clientId),
    );
    if (!checked) return refused(401, "invalid_client");
    const { key, claims } = checked;
    if (key.isRevoked) return refused(403, "access_denied");
    const now = this.#now() / 1000;
    const isRight =
      claims.iss === clientId &&
      claims.sub === clientId &&
      claims.aud === audience &&
      claims.iat <= now + 60 &&
      claims.exp > now &&
      claims.exp - claims.iat <= longestAssertionSeconds;
    if (!isRight || !claims.jti || this.#assertions.has(claims.jti)) return refused(400, "invalid_client");
    this.#assertions.add(claims.jti);
    const token = `token-${crypto.randomUUID()}`;
    this.#tokens.set(token, { until: this.#now() + tokenSeconds * 1000, key });
    const answer = { access_token: token, token_type: "Bearer", expires_in: tokenSeconds };
    return Response.json({ ...answer, scope: `${this.kind}.api` });
  }

  #check(request: Request): void {
    const [scheme, word = ""] = (request.headers.get("Authorization") ?? "").split(" ");
    const token = this.#tokens.get(word);
    if (scheme !== "Bearer" || !token || token.until <= this.#now() || token.key.isRevoked)
      throw new PortalRefusal(401, "NOT_AUTHORIZED");
    if (!request.headers.get("Accept")?.includes("application/json"))
      throw new PortalRefusal(406, "NOT_ACCEPTABLE");
    if (this.knobs.tooMany.calls <= 0) return;
    this.knobs.tooMany.calls -= 1;
    throw new PortalRefusal(429, "RATE_LIMIT_EXCEEDED");
  }

  #answer(request: Request, url: URL, body: string): unknown {
    const [, , kind, id, ...rest] = url.pathname.split("/").map(decodeURIComponent);
    const what = rest.join("/");
    if (kind === "orgDeviceActivities" && request.method === "POST") return this.#order(body);
    if (request.method !== "GET") throw new PortalRefusal(405, "METHOD_NOT_ALLOWED");
    if (kind === "orgDeviceActivities" && id) return this.#activity(id, url);
    if (kind === "orgDevices")
      return id === undefined
        ? this.#page(url, [...this.devices.values()].map(tellDevice))
        : this.#device(id, what, url);
    if (kind === "mdmServers") return this.#servers(id, what, url);
    throw new PortalRefusal(404, "NOT_FOUND");
  }

  #device(serial: string, what: string, url: URL): unknown {
    const device = this.devices.get(serial);
    if (!device) throw new PortalRefusal(404, "NOT_FOUND", `there is no device ${serial}`);
    if (what === "") return { data: tellDevice(device) };
    if (what === "appleCareCoverage")
      return this.#page(
        url,
        (this.coverage.get(serial) ?? []).map((attributes, at) => ({
          type: "appleCareCoverage",
          id: `${serial}-${at}`,
          attributes,
        })),
      );
    if (what !== "relationships/assignedServer") throw new PortalRefusal(404, "NOT_FOUND");
    const server = this.apple.servers.find(({ devices }) => devices.has(serial));
    if (!server && this.knobs.unassigned === 404) throw new PortalRefusal(404, "NOT_FOUND");
    return { data: { type: "mdmServers", id: server ? this.idOf(server) : "" } };
  }

  #servers(id: string | undefined, what: string, url: URL): unknown {
    if (id === undefined)
      return this.#page(
        url,
        this.apple.servers.map((server) => this.#tellServer(server)),
      );
    const server = this.apple.servers.find((one) => this.idOf(one) === id);
    if (!server) throw new PortalRefusal(404, "NOT_FOUND", "there is no such MDM server");
    if (what === "") return { data: this.#tellServer(server) };
    if (what !== "relationships/devices") throw new PortalRefusal(404, "NOT_FOUND");
    return this.#page(
      url,
      [...server.devices.keys()].map((serial) => ({ type: "orgDevices", id: serial })),
    );
  }

  #tellServer(server: AppleServer): object {
    const attributes = {
      serverName: server.name,
      serverType: "MDM",
      status: "ACTIVE",
      deviceCount: server.devices.size,
      lastConnectedDateTime: timeText(this.#now()),
      lastConnectedIp: "192.0.2.1",
    };
    return { type: "mdmServers", id: this.idOf(server), attributes };
  }

  #page(url: URL, all: readonly object[]): unknown {
    const limit = Number(url.searchParams.get("limit") ?? "100");
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new PortalRefusal(400, "PARAMETER_ERROR.INVALID", "limit must be 1 to 1000");
    const from = url.searchParams.get("cursor");
    const at = from === null ? 0 : Number(from.replace(/^place-/, ""));
    if (Number.isNaN(at)) throw new PortalRefusal(400, "PARAMETER_ERROR.INVALID", "the cursor is unknown");
    const end = at + Math.min(limit, this.knobs.pageSize);
    const nextCursor = end < all.length ? `place-${end}` : undefined;
    const { paging } = this.knobs;
    const next = new URL(url);
    if (nextCursor) next.searchParams.set("cursor", nextCursor);
    return {
      data: all.slice(at, end),
      links: { self: url.href, ...(nextCursor && paging !== "cursor" && { next: next.href }) },
      meta: { paging: { limit, ...(nextCursor && paging !== "link" && { nextCursor }) } },
    };
  }

  #order(body: string): unknown {
    let read: unknown;
    try {
      read = JSON.parse(body);
    } catch {
      throw new PortalRefusal(400, "PARAMETER_ERROR.INVALID");
    }
    const { devices, apple, knobs } = this;
    const idOf = (server: AppleServer) => this.idOf(server);
    const organisation = { devices, servers: apple.servers, idOf, mayMigrate: knobs.mayMigrate };
    const activity = obey(read, organisation, this.#now());
    this.activities.set(activity.id, activity);
    return { data: tellActivity(activity, ""), links: { self: "" } };
  }

  #activity(id: string, url: URL): unknown {
    const activity = this.activities.get(id);
    if (!activity) throw new PortalRefusal(404, "NOT_FOUND", "there is no such activity");
    activity.looks += 1;
    return { data: tellActivity(activity, `${url.origin}/tables/${id}?signature=secret`) };
  }

  /** A presigned address: whoever has it may read, and a token has no business there. */
  #table(request: Request, url: URL): Response {
    const activity = this.activities.get(url.pathname.split("/")[2] ?? "");
    if (!activity || !isOver(activity) || url.searchParams.get("signature") !== "secret")
      return new Response("", { status: 403 });
    if (request.headers.has("Authorization")) return new Response("", { status: 400 });
    if (this.knobs.tableLag > 0) {
      this.knobs.tableLag -= 1;
      return new Response("", { status: 404 });
    }
    return new Response(tableOf(activity), { headers: { "Content-Type": "text/csv" } });
  }
}

const tellDevice = ({ factory: _, ...attributes }: OrgDeviceFacts): object => ({
  type: "orgDevices",
  id: attributes.serialNumber,
  attributes,
  links: { self: `/v1/orgDevices/${attributes.serialNumber}` },
});
