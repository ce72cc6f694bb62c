import { env, exports } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { app } from "../../src/app.ts";
import { isOverLimit } from "../../src/http/rate-limit.ts";
import { attempt } from "../support/acme.ts";
import { adminToken, origin } from "../support/admin.ts";

// The platform's own limiter where it is bound: what it lets through, and what it never keeps out.

const from = (address: string, path: string, token?: string) =>
  exports.default.fetch(`${origin}${path}`, {
    headers: { "CF-Connecting-IP": address, ...(token && { Authorization: `Bearer ${token}` }) },
  });

/** The Worker with a limiter that says so, and counts. */
function limited(success: boolean | Error): {
  keys: string[];
  get: (path: string, headers?: object) => Promise<Response>;
  send: (request: Request) => Promise<Response>;
} {
  const keys: string[] = [];
  const limiter: RateLimit = {
    async limit({ key }) {
      keys.push(key ?? "");
      if (success instanceof Error) throw success;
      return { success };
    },
  };
  const bindings = { ...env, ENROLL_LIMIT: limiter, LOGIN_LIMIT: limiter };
  const context = {
    waitUntil: () => {},
    passThroughOnException: () => {},
    props: {},
  } as unknown as ExecutionContext;
  const send = async (request: Request): Promise<Response> => {
    const headers = new Headers(request.headers);
    if (!headers.has("CF-Connecting-IP")) headers.set("CF-Connecting-IP", "198.51.100.7");
    return app.request(new Request(request, { headers }), undefined, bindings, context);
  };
  return {
    keys,
    send,
    get: (path, headers = {}) => send(new Request(`${origin}${path}`, { headers: { ...headers } })),
  };
}

test("over the limit SCEP and the enrollment page answer 429, and say when to come again", async () => {
  const { get } = limited(false);
  const [scep, page, profile] = await Promise.all(
    ["/scep?operation=GetCACaps", "/enroll?code=x", "/enroll/profile?code=x"].map((path) => get(path)),
  );

  for (const answer of [scep, page, profile]) {
    expect(answer?.status).toBe(429);
    expect(answer?.headers.get("Retry-After")).toBe("60");
  }
  expect(await page?.text()).toContain("Your link stays good");
});

test.each([
  "/enroll/ade",
  "/enroll/ade/web",
  "/enroll/account",
  "/.well-known/com.apple.remotemanagement?user-identifier=a@example.com",
  "/sign-in/callback?state=x",
])("over the limit %s answers 429 too: strangers make it compute, or guess", async (path) => {
  const answer = await limited(false).get(path);

  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "60"]);
  expect((await limited(true).get(path)).status).not.toBe(429);
});

const jose = (path: string): Request =>
  new Request(`${origin}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/jose+json" },
    body: "{}",
  });

test.each([
  "/acme/new-account",
  "/acme/new-order",
  "/acme/use/wifi/new-order",
  "/acme/order/x",
  "/acme/revoke-cert",
])(
  "over the limit a stranger's request at %s answers 429 in the way of ACME, with a fresh nonce",
  async (path) => {
    const answer = await limited(false).send(jose(path));

    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "60"]);
    expect(answer.headers.get("Replay-Nonce")).not.toBeNull();
    expect(await answer.json()).toMatchObject({ type: "urn:ietf:params:acme:error:rateLimited" });
    expect((await limited(true).send(jose(path))).status).toBe(400);
  },
);

test("a device that gets its identity by ACME counts twice, for its account and its order", async () => {
  const { send, keys } = limited(true);
  let requests = 0;
  const transport = (request: Request): Promise<Response> => {
    requests++;
    return send(request);
  };

  await attempt({ transport });

  expect(requests).toBeGreaterThan(6);
  expect(keys).toEqual(["198.51.100.7", "198.51.100.7"]);
});

test("a failed log-in counts, a right token never does and is always taken", async () => {
  const { get, keys } = limited(false);

  const right = await get("/api/v1/settings", { Authorization: `Bearer ${adminToken}` });
  expect(keys).toEqual([]);
  const wrong = await get("/api/v1/settings", { Authorization: "Bearer nobody" });
  const basic = await get("/v1/declarations", { Authorization: `Basic ${btoa("kmfddm:nobody")}` });

  expect([right.status, wrong.status, basic.status]).toEqual([200, 429, 429]);
  expect(await wrong.json()).toMatchObject({ type: "/api/docs#problem-too-many-log-ins" });
  expect(keys).toEqual(["198.51.100.7", "198.51.100.7"]);
});

test("a limiter that fails, or is not there, keeps nobody out", async () => {
  const { get } = limited(new Error("away"));
  const context = { req: { header: () => "198.51.100.7" } } as unknown as Parameters<typeof isOverLimit>[1];

  expect((await get("/scep?operation=GetCACaps")).status).toBe(200);
  expect((await get("/api/v1/settings", { Authorization: "Bearer nobody" })).status).toBe(401);
  expect(await isOverLimit(undefined, context)).toBe(false);
});

test("devices that are enrolled, and this machine, are not counted", async () => {
  const { get, keys } = limited(false);

  await get("/mdm");
  await get("/scep?operation=GetCACaps", { "CF-Connecting-IP": "127.0.0.1" });

  expect(keys).toEqual([]);
});

test("the limiter of the platform itself is bound, and counts each address by itself", async () => {
  vi.useFakeTimers({ now: Math.ceil(Date.now() / 60_000) * 60_000 + 1, toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 40; attempt++)
    statuses.push((await from("203.0.113.9", "/api/v1/settings", "nobody")).status);

  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
  expect((await from("203.0.113.10", "/api/v1/settings", "nobody")).status).toBe(401);
  expect((await from("203.0.113.9", "/api/v1/settings", adminToken)).status).toBe(200);
});
