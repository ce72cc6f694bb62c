import { expect, test } from "vitest";
import { api } from "../../../src/http/api/app.ts";
import { describeApi } from "../../../src/http/api/route/openapi.ts";
import { operationsOf } from "../../../src/http/api/route/operations.ts";
import { ask } from "../../support/admin.ts";

type Operation = {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, unknown>;
};
type Document = { openapi: string; paths: Record<string, Record<string, Operation>>; components: object };
const document = describeApi(api) as unknown as Document;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

test("the description is answered to anybody, as OpenAPI 3.1", async () => {
  const answer = await ask("GET", "/api/openapi.json", { token: null });

  expect(answer.status).toBe(200);
  expect(answer.json).toEqual(document);
  expect(answer.json.openapi).toBe("3.1.0");
});

test("every route of the API is described, has a summary and its own id", () => {
  const routes = api.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const told = described.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ":$1")}`);

  const plainRoutes = [...new Set(routes)].map((route) => route.replace(/\{.*?\}/g, ""));
  expect(told.toSorted()).toEqual(plainRoutes.toSorted());
  const silent = described.filter(({ operation }) => operation.summary === "").map(({ path }) => path);
  expect(silent, "routes without describe()").toEqual([]);
  const ids = described.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every route says how it answers when all goes well, and is refused without a token", () => {
  for (const { part, method, path } of operationsOf(api)) {
    expect(Object.keys(part.answers ?? {}), `${method} ${path}`).not.toEqual([]);
    if (part.role !== undefined) expect(part.problems).toContain("unauthenticated");
  }
});

test("every POST that creates can be sent again", () => {
  const creating = described.filter(
    ({ method, operation }) => method === "POST" && "201" in operation.responses,
  );
  const once = creating.filter(
    ({ operation }) => !operation.parameters.some(({ name }) => name === "Idempotency-Key"),
  );

  expect(
    once.map(({ path }) => path),
    "routes without idempotent()",
  ).toEqual([]);
});

test("parameters come from the schemas that check them", () => {
  const list = document.paths["/api/v1/tokens"]?.get?.parameters ?? [];

  expect(list.map(({ name, in: place, required }) => [name, place, required])).toEqual([
    ["limit", "query", false],
    ["cursor", "query", false],
    ["count", "query", false],
    ["sort", "query", false],
  ]);
  expect(list[0]?.schema).toEqual({ type: "integer", minimum: 1, maximum: 1000, default: 50 });
  const one = document.paths["/api/v1/tokens/{id}"]?.get?.parameters ?? [];
  expect(one).toEqual([{ name: "id", in: "path", required: true, schema: { type: "string" } }]);
  const create = document.paths["/api/v1/tokens"]?.post?.parameters ?? [];
  expect(create.map(({ name }) => name)).toEqual(["Idempotency-Key", "Managed-By"]);
});

test("every field and parameter has a type", () => {
  const untyped: string[] = [];
  const walk = (node: unknown, at: string): void => {
    if (typeof node !== "object" || node === null) return;
    const { properties } = node as { properties?: Record<string, object> };
    for (const [name, schema] of Object.entries(properties ?? {})) {
      if (Object.keys(schema).length === 0) untyped.push(`${at}/${name}`);
    }
    for (const [key, value] of Object.entries(node)) walk(value, `${at}/${key}`);
  };

  walk(document, "");

  expect(untyped, "schemas the description cannot tell").toEqual([]);
});

test("operations have names that read, and groups that are described", () => {
  const ids = Object.fromEntries(
    described.map(({ method, path, operation }) => [`${method} ${path}`, operation.operationId]),
  );

  expect(ids["GET /api/v1/devices"]).toBe("listDevices");
  expect(ids["POST /api/v1/devices/{id}/commands"]).toBe("sendCommand");
  expect(ids["GET /api/v1/software-updates/policies/{name}"]).toBe("readSoftwareUpdatePolicy");
  expect(Object.values(ids).filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id))).toEqual([]);
  const { tags } = document as unknown as { tags: { name: string; description: string }[] };
  expect(tags.filter(({ description }) => !description)).toEqual([]);
  expect(tags.map(({ name }) => name)).toContain("devices");
});

test("pages have names, lists are told to be tables too, and no pattern is one that only some engines know", () => {
  const text = JSON.stringify(document);
  const { schemas } = document.components as { schemas: Record<string, unknown> };

  expect(Object.keys(schemas)).toEqual(
    expect.arrayContaining(["DevicePage", "CommandPage", "TokenPage", "Count"]),
  );
  expect(text).not.toContain("\\\\p{");
  const list = document.paths["/api/v1/devices"]?.get?.responses["200"] as { content: object };
  expect(Object.keys(list.content)).toEqual(["application/json", "text/csv"]);
  const command = document.paths["/api/v1/devices/{id}/commands/{uuid}"]?.get?.responses["200"];
  expect(Object.keys((command as { content: object }).content)).toContain("application/xml");
});

test("a body that may be absent is not marked as required", () => {
  type WithBody = { requestBody: { required: boolean } };
  const posts = document.paths as unknown as Record<string, { post: WithBody }>;
  const bodyOf = (path: string) => (posts[path] as { post: WithBody }).post.requestBody;

  expect(bodyOf("/api/v1/certificates/{fingerprint}/revoke").required).toBe(false);
  expect(bodyOf("/api/v1/tokens").required).toBe(true);
});
