import { type FakeEvent, FakeLibrary, keyOf } from "./library.ts";
import { type FakeLimits, orderOf, usersOrderOf } from "./orders.ts";
import { ContentRefused } from "./refusal.ts";
import { tellSubscriptions } from "./subscriptions.ts";

/** How this service behaves; all of it may be changed while it runs. */
export type ContentKnobs = {
  limits: FakeLimits;
  pageSize: number;
  /** So many looks at an event before it ends. */
  eventLooks: number;
  /** How notifications come: `held` until a test lets them go. */
  notifications: "sent" | "held" | "lost" | "doubled";
  /** So many calls are too many. */
  tooMany: { calls: number; seconds: number | undefined };
  /** The next so many calls get no answer, after the work was done. */
  lostAnswers: number;
  /** The next so many find the service down. */
  down: number;
  /** Done before each page of a list: what somebody else writes meanwhile. */
  whilePaging: ((library: FakeLibrary) => void) | undefined;
};

const usualLimits: FakeLimits = {
  maxAssets: 25,
  maxUsers: 100,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxRevokeClientUserIds: 100,
  maxRevokeSerialNumbers: 100,
};

export type Notification = { url: string; token: string; body: object };

type Body = Record<string, unknown>;

/**
 * Apple's service for Apps and Books (v2): it checks what Apple checks and refuses what Apple refuses, with the numbers that
 * Apple has for it. What is ordered is done when somebody looks often enough, as at Apple after a while.
 */
export class FakeContentService {
  readonly knobs: ContentKnobs = {
    limits: { ...usualLimits },
    pageSize: 100,
    eventLooks: 1,
    notifications: "sent",
    tooMany: { calls: 0, seconds: undefined },
    lostAnswers: 0,
    down: 0,
    whilePaging: undefined,
  };
  readonly libraries: FakeLibrary[] = [];
  readonly requests: { method: string; path: string; search: string; body: string }[] = [];
  /** Those that a test holds back. */
  readonly held: Notification[] = [];
  readonly #send: (request: Request) => Promise<Response>;
  readonly #now: () => number;

  /** `send`: how a notification reaches the world. */
  constructor(send: (request: Request) => Promise<Response>, now = () => Date.now()) {
    this.#send = send;
    this.#now = now;
  }

  addLibrary(name: string): FakeLibrary {
    const library = new FakeLibrary(name);
    this.libraries.push(library);
    return library;
  }

  count(path: string, method?: string): number {
    return this.requests.filter(
      (request) => request.path === `/mdm/v2/${path}` && (method === undefined || request.method === method),
    ).length;
  }

  /** Somebody buys more. */
  async buyMore(library: FakeLibrary, adamId: string, countDelta: number): Promise<void> {
    const asset = library.assets.get(keyOf({ adamId, pricingParam: "STDQ" }));
    if (!asset) throw new Error(`there is no ${adamId}`);
    asset.totalCount += countDelta;
    library.touch();
    await this.#tell(library, "ASSET_COUNT", { adamId, pricingParam: "STDQ", countDelta });
  }

  /** As the portal does it, by hand. */
  async assignByHand(library: FakeLibrary, adamId: string, serialNumber: string): Promise<void> {
    library.assign(adamId, serialNumber);
    await this.#tell(library, "ASSET_MANAGEMENT", {
      assignments: [{ adamId, pricingParam: "STDQ", serialNumber }],
      eventId: crypto.randomUUID(),
      type: "ASSOCIATE",
      result: "SUCCESS",
    });
  }

  /** Those that were held back come, in this order. */
  async release(order: (held: Notification[]) => Notification[] = (held) => held): Promise<void> {
    for (const notification of order(this.held.splice(0))) await this.#deliver(notification);
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const body = new TextDecoder().decode(await request.clone().arrayBuffer());
    this.requests.push({ method: request.method, path: url.pathname, search: url.search, body });
    if (url.pathname.endsWith("/wa/lookup")) return this.#lookup(request, url);
    if (this.knobs.down > 0) {
      this.knobs.down -= 1;
      return new Response("<html>unavailable</html>", { status: 503, headers: { "Retry-After": "2" } });
    }
    try {
      const answer = await this.#answer(request, url, body);
      if (this.knobs.lostAnswers > 0 && request.method === "POST") {
        this.knobs.lostAnswers -= 1;
        return new Response("", { status: 502 });
      }
      return Response.json(answer);
    } catch (fault) {
      if (!(fault instanceof ContentRefused)) throw fault;
      const { seconds } = this.knobs.tooMany;
      const headers =
        fault.number === 9646 && seconds !== undefined ? { "Retry-After": String(seconds) } : {};
      return Response.json(fault.toJson(), { status: fault.status, headers });
    }
  };

  async #answer(request: Request, url: URL, body: string): Promise<object> {
    const path = url.pathname.replace(/^\/mdm\/v2\//, "");
    if (path === "service/config")
      return {
        limits: this.knobs.limits,
        urls: { invitationEmail: "https://buy.itunes.apple.com/accept?code=%25inviteCode%25" },
      };
    const library = this.#libraryOf(request);
    if (this.knobs.tooMany.calls > 0) {
      this.knobs.tooMany.calls -= 1;
      throw new ContentRefused(9646);
    }
    const told = {
      uId: library.uId,
      ...(library.mdmInfo && { mdmInfo: library.mdmInfo }),
      ...this.#warning(request, library),
    };
    if (request.method === "GET") return { ...told, ...this.#read(library, path, url) };
    if (request.method !== "POST") throw new ContentRefused(9726);
    if (!/^application\/json/.test(request.headers.get("Content-Type") ?? "")) throw new ContentRefused(9727);
    const given = JSON.parse(body) as Body;
    if (path === "client/config") {
      await this.#configure(library, given);
      return { ...told, ...this.#config(library) };
    }
    return { ...told, eventId: this.#order(library, path, given) };
  }

  #libraryOf(request: Request): FakeLibrary {
    const [scheme, file] = (request.headers.get("Authorization") ?? "").split(" ");
    if (scheme !== "Bearer" || !file) throw new ContentRefused(9722);
    const library = this.libraries.find(({ tokens }) => tokens.some((token) => token.file === file));
    const token = library?.tokens.find((one) => one.file === file);
    if (!library || !token) throw new ContentRefused(9601);
    if (token.isRevoked) throw new ContentRefused(9625);
    if (token.expiresAt <= this.#now()) throw new ContentRefused(9621);
    return library;
  }

  #warning(request: Request, library: FakeLibrary): object {
    const file = request.headers.get("Authorization")?.split(" ")[1];
    const token = library.tokens.find((one) => one.file === file);
    const isNear = token && token.expiresAt - this.#now() < 15 * 24 * 60 * 60 * 1000;
    return isNear
      ? { tokenExpirationDate: new Date(token.expiresAt).toISOString().replace(".000Z", "+0000") }
      : {};
  }

  #config(library: FakeLibrary): object {
    return {
      uId: library.uId,
      locationName: library.name,
      countryISO2ACode: "DE",
      defaultPlatform: "enterprisestore",
      subscribedNotificationTypes: library.notificationTypes,
      ...(library.notificationUrl && { notificationUrl: library.notificationUrl }),
      ...(library.mdmInfo && { mdmInfo: library.mdmInfo }),
    };
  }

  async #configure(library: FakeLibrary, body: Body): Promise<void> {
    const info = body.mdmInfo as FakeLibrary["mdmInfo"];
    if (info && !(info.id && info.name && info.metadata)) throw new ContentRefused(9723);
    const { notificationUrl, notificationAuthToken, notificationTypes } = body;
    if ((notificationUrl === undefined) !== (notificationAuthToken === undefined))
      throw new ContentRefused(9710);
    if (typeof notificationUrl === "string") {
      if (!notificationUrl.startsWith("https://")) throw new ContentRefused(9712);
      const test = {
        url: notificationUrl,
        token: String(notificationAuthToken),
        body: envelope(library, "TEST_NOTIFICATION", {}),
      };
      if (!(await this.#deliver(test))) throw new ContentRefused(9728);
      library.notificationUrl = notificationUrl;
      library.notificationAuthToken = String(notificationAuthToken);
      library.notificationTypes = Array.isArray(notificationTypes) ? notificationTypes.map(String) : [];
    }
    if (info) library.mdmInfo = info;
  }

  #read(library: FakeLibrary, path: string, url: URL): object {
    const { searchParams } = url;
    if (path === "client/config") return this.#config(library);
    if (path === "status") return this.#status(library, searchParams.get("eventId") ?? "");
    if (path === "subscriptions" || path === "subscriptions/assignments")
      return tellSubscriptions(library.subscriptions, path, searchParams, this.knobs.pageSize);
    this.knobs.whilePaging?.(library);
    const since = searchParams.get("sinceVersionId");
    if (since !== null && !/^v\d+$/.test(since)) throw new ContentRefused(9721);
    const after = since === null ? 0 : Number(since.slice(1));
    const isAsked = (one: { adamId?: string; clientUserId?: string }) =>
      [["adamId", one.adamId] as const, ["clientUserId", one.clientUserId] as const].every(
        ([key, value]) => searchParams.get(key) === null || searchParams.get(key) === value,
      );
    switch (path) {
      case "assets":
        return this.#page(
          library,
          url,
          "assets",
          [...library.assets.values()].filter(isAsked).map((asset) => tellAsset(library, asset)),
        );
      case "assignments":
        return this.#page(
          library,
          url,
          "assignments",
          [...library.assignments.values()]
            .filter((one) => one.since > after && isAsked(one))
            .map(({ since: _, ...one }) => one),
        );
      case "users":
        return this.#page(
          library,
          url,
          "users",
          [...library.users.values()]
            .filter((one) => one.since > after && isAsked(one))
            .map(({ since: _, ...one }) => one),
        );
      default:
        throw new ContentRefused(9602);
    }
  }

  #page(library: FakeLibrary, url: URL, key: string, all: readonly object[]): object {
    const at = Number(url.searchParams.get("pageIndex") ?? "0");
    const { pageSize } = this.knobs;
    const totalPages = Math.max(1, Math.ceil(all.length / pageSize));
    if (!Number.isInteger(at) || at < 0 || at >= totalPages) throw new ContentRefused(9650);
    const items = all.slice(at * pageSize, (at + 1) * pageSize);
    return {
      [key]: items,
      currentPageIndex: at,
      ...(at + 1 < totalPages && { nextPageIndex: at + 1 }),
      size: items.length,
      totalPages,
      versionId: `v${library.version}`,
    };
  }

  #order(library: FakeLibrary, path: string, body: Body): string {
    const [area, what] = path.split("/");
    const { limits, eventLooks } = this.knobs;
    const order =
      area === "assets" && (what === "associate" || what === "disassociate" || what === "revoke")
        ? orderOf(library, what, body, limits)
        : area === "users" && (what === "create" || what === "update" || what === "retire")
          ? usersOrderOf(library, what, body, limits)
          : undefined;
    if (!order) throw new ContentRefused(9602);
    const event: FakeEvent = {
      id: crypto.randomUUID(),
      type: order.type,
      run: () => {
        const failures = order.run();
        void this.#tellEvent(library, event, order.touched(), failures);
        return failures;
      },
      status: "PENDING",
      failures: [],
      looksLeft: eventLooks,
    };
    library.events.set(event.id, event);
    if (eventLooks === 0) finish(event);
    return event.id;
  }

  #status(library: FakeLibrary, id: string): object {
    const event = library.events.get(id);
    if (!event) throw new ContentRefused(9708);
    if (event.status === "PENDING") {
      event.looksLeft -= 1;
      if (event.looksLeft <= 0) finish(event);
    }
    return {
      eventStatus: event.status,
      eventType: event.type,
      numCompleted: 1,
      numRequested: 1,
      failures: event.failures,
    };
  }

  async #tellEvent(
    library: FakeLibrary,
    { id, type }: FakeEvent,
    touched: object[],
    failures: object[],
  ): Promise<void> {
    const result = failures.length > 0 ? "FAILURE" : "SUCCESS";
    const isOfUsers = type === "CREATE" || type === "UPDATE" || type === "RETIRE";
    for (let at = 0; at === 0 || at < touched.length; at += 100) {
      const some = touched.slice(at, at + 100);
      const body = isOfUsers
        ? { users: some }
        : { assignments: some, ...(failures[0] && { error: failures[0] }) };
      await this.#tell(library, isOfUsers ? "USER_MANAGEMENT" : "ASSET_MANAGEMENT", {
        eventId: id,
        type,
        result,
        ...body,
      });
    }
  }

  async #tell(library: FakeLibrary, type: string, body: object): Promise<void> {
    const { notificationUrl: url, notificationAuthToken: token } = library;
    if (!url || !token || !library.notificationTypes.includes(type) || this.knobs.notifications === "lost")
      return;
    const notification = { url, token, body: envelope(library, type, body) };
    if (this.knobs.notifications === "held") {
      this.held.push(notification);
      return;
    }
    await this.#deliver(notification);
    if (this.knobs.notifications === "doubled") await this.#deliver(notification);
  }

  async #deliver({ url, token, body }: Notification): Promise<boolean> {
    const response = await this.#send(
      new Request(url, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    return response.ok;
  }

  /** The store, which shows an organisation's own apps to who shows its token. */
  #lookup(request: Request, url: URL): Response {
    const token = /itvt=([^;]+)/.exec(request.headers.get("Cookie") ?? "")?.[1];
    const library = this.libraries.find(({ tokens }) => tokens.some(({ file }) => file === token));
    if (!library) return Response.json({ results: {} });
    const ids = (url.searchParams.get("id") ?? "").split(",");
    const assets = [...library.assets.values()].filter(({ adamId }) => ids.includes(adamId));
    return Response.json({
      results: Object.fromEntries(
        assets.map(({ adamId, store, supportedPlatforms }) => [
          adamId,
          {
            id: adamId,
            name: store.name,
            bundleId: store.bundleId,
            artistName: "Example Ltd",
            artwork: { url: "https://is1-ssl.mzstatic.com/image/thumb/{w}x{h}{c}.{f}" },
            offers: [{ version: { display: store.version, externalId: store.externalId } }],
            deviceFamilies: supportedPlatforms.includes("macOS") ? ["mac"] : ["iphone", "ipad"],
            minimumOSVersion: "16.0",
          },
        ]),
      ),
    });
  }
}

function finish(event: FakeEvent): void {
  event.failures = event.run();
  event.status = event.failures.length > 0 ? "FAILED" : "COMPLETE";
}

const envelope = (library: FakeLibrary, notificationType: string, notification: object): object => ({
  notificationId: crypto.randomUUID(),
  notificationType,
  uId: library.uId,
  notification,
});

function tellAsset(library: FakeLibrary, asset: ReturnType<FakeLibrary["buy"]>): object {
  const { store: _, ...told } = asset;
  const assignedCount = library.assignedTo(asset).length;
  return {
    ...told,
    assignedCount,
    availableCount: Math.max(0, asset.totalCount - assignedCount),
    retiredCount: 0,
    ...library.wrongCounts.get(asset.adamId),
  };
}
