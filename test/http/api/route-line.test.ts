import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import * as v from "valibot";
import { afterEach, expect, test, vi } from "vitest";
import { listAudit } from "../../../src/db/audit.ts";
import { openDb } from "../../../src/db/open.ts";
import type { ApiEnv } from "../../../src/http/api/api-env.ts";
import { audited } from "../../../src/http/api/audited.ts";
import { allow } from "../../../src/http/api/auth.ts";
import { describeApi } from "../../../src/http/api/openapi.ts";
import { describe } from "../../../src/http/api/route-line.ts";
import { time } from "../../../src/http/api/times.ts";
import { bodyOrRaw, params, query, rawBody } from "../../../src/http/api/validate.ts";
import { noteRoute } from "../../../src/http/trace.ts";
import { adminToken, origin } from "../../support/admin.ts";
import { flakyDatabase } from "../../support/broken-database.ts";

// What the middlewares of a route line do, on routes made for the purpose.
const door = new Hono<ApiEnv>();
door.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
});
door.use(audited);

const flags = {
  push: v.optional(v.boolean(), true),
  age: v.optional(v.number()),
  tag: v.optional(v.array(v.string())),
  since: v.optional(time("since when")),
  name: v.optional(v.nullable(v.string())),
};
door.get("/query", describe("Query", { 200: "echo" }), query(flags), (c) => c.json(c.req.valid("query")));

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{4}$/, "must be four hexadecimal digits"));
door.get("/by/:digest", describe("Path", { 200: "echo" }), params({ digest }), (c) =>
  c.json(c.req.valid("param")),
);

door.post("/raw", describe("Raw", { 200: "echo" }), rawBody(["application/xml"], { limitBytes: 4 }), (c) =>
  c.json({ length: c.var.bytes.length }),
);

const Command = v.pipe(v.strictObject({ request_type: v.string() }), v.title("Command"));
door.post("/either", describe("Either", { 200: "echo" }), bodyOrRaw(Command, ["application/xml"]), (c) =>
  c.json({ json: c.req.valid("json") ?? null, length: c.var.bytes.length }),
);

door.get("/secret", describe("Secret", { 200: "echo" }, { audit: "always" }), allow("admin"), (c) =>
  c.text("the secret"),
);
door.post("/check", describe("Check", { 200: "echo" }, { audit: "never" }), allow("admin"), (c) =>
  c.text("fine"),
);

async function speak(method: string, path: string, init: RequestInit = {}, database = env.DB) {
  const headers = { Authorization: `Bearer ${adminToken}`, ...init.headers };
  const request = new Request(origin + path, { ...init, method, headers });
  const answer = await door.fetch(request, { ...env, DB: database }, createExecutionContext());
  const text = await answer.text();
  return { status: answer.status, text, json: text.startsWith("{") ? JSON.parse(text) : undefined };
}
const auditedTargets = async () => (await listAudit(openDb(env.DB), {}, 10)).map(({ target }) => target);

afterEach(() => vi.restoreAllMocks());

test("query texts are read as the schema wants them", async () => {
  const { json } = await speak(
    "GET",
    "/query?push=false&age=-4.5&tag=a&tag=b&since=2026-11-21T08:00:00Z&name=1",
  );

  expect(json).toEqual({
    push: false,
    age: -4.5,
    tag: ["a", "b"],
    since: Date.UTC(2026, 10, 21, 8),
    name: "1",
  });
});

test("defaults stand in for what the query leaves out", async () => {
  expect((await speak("GET", "/query")).json).toEqual({ push: true });
});

test.each([
  ["push=yes", { pointer: "/push", code: "boolean", detail: 'must be boolean, not "yes"', in: "query" }],
  ["age=4x", { pointer: "/age", code: "number", detail: 'must be number, not "4x"', in: "query" }],
  ["age=", { pointer: "/age", code: "number", detail: 'must be number, not ""', in: "query" }],
  ["name=a&name=b", { pointer: "/name", code: "string", detail: "must be string, not Array", in: "query" }],
  ["a%2Fb=1", { pointer: "/a~1b", code: "unknown", detail: "is not a name that is known here", in: "query" }],
  [
    "__proto__=1",
    { pointer: "/__proto__", code: "unknown", detail: "is not a name that is known here", in: "query" },
  ],
])("the query %s is refused", async (text, error) => {
  const { status, json } = await speak("GET", `/query?${text}`);

  expect(status).toBe(400);
  expect(json.errors).toEqual([error]);
});

test("a path parameter with a form is checked against it", async () => {
  expect((await speak("GET", "/by/00ff")).json).toEqual({ digest: "00ff" });
  expect((await speak("GET", "/by/00fg")).json.errors).toEqual([
    { pointer: "/digest", code: "regex", detail: "must be four hexadecimal digits", in: "path" },
  ]);
});

test("a raw body is taken by its content type, up to its limit", async () => {
  const xml = { "Content-Type": "application/xml; charset=UTF-8" };

  expect((await speak("POST", "/raw", { headers: xml, body: "<a/>" })).json).toEqual({ length: 4 });
  expect((await speak("POST", "/raw", { headers: xml, body: "<ab/>" })).status).toBe(413);
  expect((await speak("POST", "/raw", { body: "<a/>" })).status).toBe(415);
});

test("a route may take JSON or raw, and each is treated as what it is", async () => {
  const xml = { "Content-Type": "application/xml" };
  const json = { "Content-Type": "application/json" };

  expect((await speak("POST", "/either", { headers: xml, body: "<a/>" })).json).toEqual({
    json: null,
    length: 4,
  });
  expect((await speak("POST", "/either", { headers: json, body: '{"request_type":"X"}' })).json).toEqual({
    json: { request_type: "X" },
    length: 20,
  });
  expect((await speak("POST", "/either", { headers: json, body: "{}" })).status).toBe(400);
  expect(
    (await speak("POST", "/either", { headers: { "Content-Type": "text/csv" }, body: "a" })).json.detail,
  ).toBe("send the body as application/json or application/xml, not as text/csv");
  const described = describeApi(door) as {
    paths: Record<string, { post: { requestBody: { content: object } } }>;
  };
  expect(described.paths["/either"]?.post.requestBody.content).toEqual({
    "application/json": { schema: { $ref: "#/components/schemas/Command" } },
    "application/xml": {},
  });
});

test("reading a secret leaves an audit entry, and a POST that changes nothing leaves none", async () => {
  await speak("POST", "/check");
  await speak("GET", "/secret");
  await speak("GET", "/secret", { headers: { Authorization: "Bearer wrong" } });

  expect(await auditedTargets()).toEqual(["/secret"]);
});

test("a secret whose audit entry cannot be written is not shown", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { database } = flakyDatabase(/insert into "audit_entries"/, 1);

  const answer = await speak("GET", "/secret", {}, database);

  expect(answer.status).toBe(503);
  expect(answer.text).not.toContain("the secret");
});

test("two different schemas of one name are a mistake that is told", () => {
  const twice = new Hono<ApiEnv>();
  const named = (schema: v.GenericSchema) => v.pipe(schema, v.title("Same"));
  twice.get("/a", describe("A", { 200: named(v.string()) }), (c) => c.text(""));
  twice.get("/b", describe("B", { 200: named(v.number()) }), (c) => c.text(""));

  expect(() => describeApi(twice)).toThrow("two schemas are called Same: give one of them another v.title");
});
