import { expect, test } from "vitest";
import { roles } from "../../../src/admin/roles.ts";
import { api } from "../../../src/http/api/app.ts";
import { operationsOf } from "../../../src/http/api/route/openapi.ts";
import { ask, tokenFor } from "../../support/admin.ts";

// Every route of the API, whoever wrote it: a new one without `allow(...)` fails here by itself.
// The calendar is opened by the key in its address, the exchange by another issuer's token.
const open = [
  "GET /api/openapi.json",
  "GET /api/docs",
  "GET /api/v1/problems.ics",
  "POST /api/v1/token-exchange",
];
const operations = operationsOf(api).map(({ method, path, part }) => ({
  title: `${method} ${path}`,
  method,
  url: path.replace(/\{\w+\}/g, "x"),
  role: part.role,
}));
const closed = operations.filter(({ title }) => !open.includes(title));

test("every route names who may call it, but those that are meant for anybody", () => {
  const unnamed = operations.filter(({ role }) => role === undefined).map(({ title }) => title);

  expect(unnamed.toSorted()).toEqual(open.toSorted());
});

test("no route answers without a token", async () => {
  for (const { method, url, title } of closed) {
    const answer = await ask(method, url, { token: null });

    expect(answer.status, title).toBe(401);
    expect(answer.headers.get("Content-Type"), title).toBe("application/problem+json");
    expect(answer.headers.get("WWW-Authenticate"), title).toBe('Bearer realm="edgemdm"');
    expect(answer.json.type, title).toBe("/api/docs#problem-unauthenticated");
  }
});

test.each([
  ["a token that looks right and is unknown", `Bearer edgemdm_${"A".repeat(43)}`],
  ["a token of another spelling", "Bearer x"],
  ["the right token with another scheme", "Basic dGVzdC1hZG1pbi10b2tlbg=="],
  ["an empty token", "Bearer "],
  ["two tokens", "Bearer a b"],
])("no route answers to %s", async (_title, authorization) => {
  for (const { method, url, title } of closed) {
    const answer = await ask(method, url, { token: null, headers: { Authorization: authorization } });

    expect(answer.status, title).toBe(401);
  }
});

test("no route answers to a role below its own, before it looks at the request", async () => {
  const tokens = {
    viewer: await tokenFor("viewer"),
    helpdesk: await tokenFor("helpdesk"),
    operator: await tokenFor("operator"),
    admin: "",
  };
  for (const { method, url, title, role } of closed) {
    for (const lower of roles.slice(0, roles.indexOf(role ?? "viewer"))) {
      const answer = await ask(method, url, { token: tokens[lower] });

      expect(answer.status, `${title} as ${lower}`).toBe(403);
      expect(answer.json.detail, title).toContain(`needs the role ${role}`);
    }
  }
});

test("every route that reads answers to its role", async () => {
  const tokens = {
    viewer: await tokenFor("viewer"),
    helpdesk: await tokenFor("helpdesk"),
    operator: await tokenFor("operator"),
    admin: await tokenFor("admin"),
  };
  for (const { method, url, title, role } of closed.filter((operation) => operation.method === "GET")) {
    const answer = await ask(method, url, { token: tokens[role ?? "viewer"] });

    expect([401, 403], title).not.toContain(answer.status);
  }
});

test("the token of the deployment must match whole", async () => {
  const whole = "test-admin-token-test-admin-token-test-admin";

  expect((await ask("GET", "/api/v1/settings", { token: whole })).status).toBe(200);
  expect((await ask("GET", "/api/v1/settings", { token: whole.slice(0, -1) })).status).toBe(401);
  expect((await ask("GET", "/api/v1/settings", { token: `${whole}x` })).status).toBe(401);
});

test("the scheme's name may be written in any case", async () => {
  const token = await tokenFor("viewer");

  const answer = await ask("GET", "/api/v1/settings", {
    token: null,
    headers: { Authorization: `bearer ${token}` },
  });

  expect(answer.status).toBe(200);
});
