import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { afterEach, expect, test, vi } from "vitest";
import { app } from "../../src/app.ts";
import { walkTurn } from "../../src/device/client/warm-up.ts";
import type { AppEnv } from "../../src/http/app-env.ts";
import { readBody } from "../../src/http/body.ts";
import { deviceDoor } from "../../src/http/device/door.ts";
import { faultProblem } from "../../src/http/fault.ts";
import { noteDevice, traced } from "../../src/http/trace.ts";
import { walkDoor } from "../../src/http/warm-up.ts";
import { adminToken, ask, origin, tokenFor } from "../support/admin.ts";
import { brokenDatabase, flakyDatabase } from "../support/broken-database.ts";

afterEach(() => vi.restoreAllMocks());

const requestLines = () => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  return () =>
    written.mock.calls.map(([line]) => JSON.parse(line)).filter(({ event }) => event === "request");
};
const withDatabase = (database: D1Database, path: string, init: RequestInit = {}) =>
  app.fetch(
    new Request(origin + path, {
      ...init,
      headers: { Authorization: `Bearer ${adminToken}`, ...init.headers },
    }),
    { ...env, DB: database },
    createExecutionContext(),
  );

test("what warms a fresh isolate up goes the whole way of a device's connect", async () => {
  expect(walkTurn()).toEqual({ done: true });
  expect((await walkDoor()).status).toBe(200);
});

test.each(["/nowhere", "/api", "/api/", "/api/v1/nowhere", "/api/v2/tokens", "/mdm/nowhere"])(
  "%s answers 404 as a problem, never as a page",
  async (path) => {
    const answer = await ask("GET", path, { token: null });

    expect(answer.status).toBe(404);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
    expect(answer.json).toMatchObject({ type: "/api/docs#problem-not-found", status: 404 });
    expect(answer.json.request_id).toBe(answer.headers.get("X-Request-Id"));
  },
);

test.each([
  ["PUT", "/api/v1/tokens", "GET, HEAD, POST"],
  ["POST", "/api/v1/tokens/x", "GET, HEAD, PATCH, DELETE"],
  ["OPTIONS", "/api/v1/settings", "GET, HEAD, PATCH"],
  ["DELETE", "/healthz", "GET, HEAD"],
])("%s %s answers 405 with what would do", async (method, path, allow) => {
  const answer = await ask(method, path);

  expect(answer.status).toBe(405);
  expect(answer.headers.get("Allow")).toBe(allow);
  expect(answer.json.detail).toBe(`${path} takes ${allow}, not ${method}`);
});

test.each(["/healthz", "/version", "/readyz", "/api/v1/settings", "/api/docs", "/api/openapi.json"])(
  "HEAD %s is answered as GET, without a body",
  async (path) => {
    const [head, get] = [await ask("HEAD", path), await ask("GET", path)];

    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers.get("Content-Type")).toBe(get.headers.get("Content-Type"));
    expect(head.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test("nothing is allowed to pages of other origins, and no answer of the API is kept", async () => {
  const answer = await ask("GET", "/api/v1/settings", { headers: { Origin: "https://elsewhere.example" } });

  expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
});

test("every request writes one line, with the pattern of its route and the id the caller got", async () => {
  const lines = requestLines();

  const answer = await ask("GET", "/api/v1/tokens/some-id?code=secret");

  expect(lines()).toEqual(
    [
      {
        event: "request",
        route: "/api/v1/tokens/:id",
        method: "GET",
        status: 400,
        ms: expect.any(Number),
        request_id: answer.headers.get("X-Request-Id"),
        device_id: undefined,
        token_id: "ADMIN_TOKEN",
      },
    ].map((line) => ({ ...line, status: answer.status })),
  );
});

test("a request that no route takes has a line too, which does not repeat the path", async () => {
  const lines = requestLines();

  await ask("GET", "/enroll-me/with-a-secret-code", { token: null });

  expect(lines()[0]).toMatchObject({ route: "none", status: 404 });
  expect(JSON.stringify(lines())).not.toContain("secret-code");
});

test("no line holds a token, neither one that is presented nor one that is created", async () => {
  const lines = requestLines();
  const token = await tokenFor("admin");

  const created = await ask("POST", "/api/v1/tokens", { token, json: { name: "quiet", role: "viewer" } });
  await ask("GET", "/api/v1/tokens", { token: "a wrong token" });

  expect(JSON.stringify(lines())).not.toMatch(new RegExp(`${token}|${created.json.token}|a wrong token`));
  expect(lines()[0].token_id).toMatch(/^[0-9a-f-]{36}$/);
});

test("a device door answers its own faults with an empty 503, and its log line names the device", async () => {
  const lines = requestLines();
  const faults = vi.spyOn(console, "error").mockImplementation(() => {});
  const door = deviceDoor();
  door.put("/mdm", (c) => {
    noteDevice(c, "DEVICE-1");
    throw new Error("a bug");
  });
  const house = new Hono<AppEnv>();
  house.use(traced);
  house.route("/", door);
  house.onError(faultProblem);

  const answer = await house.request("/mdm", { method: "PUT" }, env);

  expect([answer.status, await answer.text()]).toEqual([503, ""]);
  expect(answer.headers.get("Retry-After")).toBe("60");
  expect(lines()[0]).toMatchObject({ route: "/mdm", status: 503, device_id: "DEVICE-1" });
  expect(JSON.parse(faults.mock.calls[0]?.[0])).toMatchObject({
    event: "fault",
    error: "a bug",
    request_id: lines()[0].request_id,
  });
});

test("a bug answers 500 and tells the caller nothing but where to look", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const house = new Hono<AppEnv>();
  house.get("/", () => {
    throw new Error("the inside");
  });
  house.onError(faultProblem);

  const answer = await house.request("/");

  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("the inside");
});

test.each([
  ["reading", "GET", undefined],
  ["changing", "POST", JSON.stringify({ name: "x", role: "viewer" })],
])("while the database is away, %s answers 503 and when to come back", async (_title, method, body) => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const headers = { "Content-Type": "application/json", "Idempotency-Key": "k" };

  const answer = await withDatabase(brokenDatabase(), "/api/v1/tokens", {
    method,
    headers,
    ...(body && { body }),
  });

  expect(answer.status).toBe(503);
  expect(answer.headers.get("Retry-After")).toBe("5");
  expect((await answer.json<{ type: string }>()).type).toBe("/api/docs#problem-storage-unavailable");
});

test("a rule of the schema that is broken is a bug, not an outage", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const database = brokenDatabase("D1_ERROR: UNIQUE constraint failed: x.y: SQLITE_CONSTRAINT");

  expect((await withDatabase(database, "/api/v1/tokens")).status).toBe(500);
});

test("a read that fails once is tried again, so the caller sees nothing of it", async () => {
  const { database, failures } = flakyDatabase(/from "api_tokens"/, 1);

  const answer = await withDatabase(database, "/api/v1/tokens");

  expect([answer.status, failures()]).toEqual([200, 1]);
});

test("a change whose audit entry cannot be written is answered, and the log has the entry", async () => {
  const faults = vi.spyOn(console, "error").mockImplementation(() => {});
  const { database } = flakyDatabase(/insert into "?audit_entries"?/i, 1);

  const answer = await withDatabase(database, "/api/v1/settings", {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ organization: "Unseen" }),
  });

  expect(answer.status).toBe(200);
  expect(JSON.parse(faults.mock.calls[0]?.[0])).toMatchObject({
    event: "audit-not-written",
    target: "settings",
    status: 200,
  });
});

test("the log of a failed query does not repeat its parameters", async () => {
  const faults = vi.spyOn(console, "error").mockImplementation(() => {});

  await withDatabase(brokenDatabase(), "/api/v1/tokens/parameter-of-the-query");

  expect(JSON.stringify(faults.mock.calls)).not.toContain("parameter-of-the-query");
});

test("a body is counted while it streams, whatever its length was said to be", async () => {
  const request = (bytes: number) =>
    new Request(origin, { method: "POST", body: new Blob([new Uint8Array(bytes)]).stream() });

  expect(await readBody(request(10), 10)).toEqual({ ok: true, value: new Uint8Array(10) });
  expect(await readBody(request(11), 10)).toEqual({
    ok: false,
    refusal: { reason: "body-too-large", limitBytes: 10 },
  });
  expect(await readBody(new Request(origin), 10)).toEqual({ ok: true, value: new Uint8Array() });
});
