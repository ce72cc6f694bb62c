import { expect, test } from "vitest";
import { addressOf, apiRows } from "../../support/access-table.ts";
import { ask, tokenFor } from "../../support/admin.ts";

// What no route of the API answers to, whoever wrote it; test/http/access.test.ts asks with each role.
const closed = apiRows
  .filter(({ role }) => role !== undefined)
  .map(({ method, path }) => ({ title: `${method} ${path}`, method, url: addressOf(path) }));

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
