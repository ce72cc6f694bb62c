import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { adminToken, ask, tokenFor } from "../../support/admin.ts";

const newToken = (name: string, more: object = {}) =>
  ask("POST", "/api/v1/tokens", { json: { name, role: "operator", ...more } });

test("a created token is shown once, works, and is only listed by how it begins", async () => {
  const created = await newToken("for the script");

  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({ name: "for the script", role: "operator", state: "active" });
  expect(created.json.created_by).toBe("ADMIN_TOKEN");
  expect(created.json.token).toMatch(/^emdm_[A-Za-z0-9_-]{43}$/);
  expect(created.headers.get("Location")).toBe(`/api/v1/tokens/${created.json.id}`);

  const read = await ask("GET", `/api/v1/tokens/${created.json.id}`);
  expect(read.status).toBe(200);
  expect(read.json.token).toBeUndefined();
  expect(created.json.token.startsWith(read.json.prefix)).toBe(true);
  const used = await ask("GET", "/api/v1/tokens", { token: created.json.token });
  expect(used.status).toBe(403);
});

test("neither the token nor anything that gives it back lies in the database", async () => {
  const { json } = await newToken("secret keeper");

  const { results } = await env.DB.prepare("SELECT * FROM api_tokens WHERE id = ?").bind(json.id).all();

  expect(JSON.stringify(results)).not.toContain(json.token.slice(20));
});

test("a revoked token is refused at once, and stays listed as revoked", async () => {
  const { json } = await newToken("short life", { role: "admin" });
  expect((await ask("GET", "/api/v1/tokens", { token: json.token })).status).toBe(200);

  const revoked = await ask("DELETE", `/api/v1/tokens/${json.id}`);
  const again = await ask("DELETE", `/api/v1/tokens/${json.id}`);

  expect([revoked.status, again.status]).toEqual([204, 204]);
  const refused = await ask("GET", "/api/v1/tokens", { token: json.token });
  expect(refused.status).toBe(401);
  expect(refused.json.detail).toContain("revoked");
  expect(refused.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
  expect((await ask("GET", `/api/v1/tokens/${json.id}`)).json.state).toBe("revoked");
});

test("a token is refused from the moment it expires", async () => {
  const { json } = await newToken("a day", { expires_at: new Date(Date.now() + 86_400_000).toISOString() });
  expect((await ask("GET", `/api/v1/tokens/${json.id}`)).json.state).toBe("active");

  await env.DB.prepare("UPDATE api_tokens SET expires_at = ? WHERE id = ?").bind(Date.now(), json.id).run();

  const refused = await ask("GET", "/api/v1/tokens", { token: json.token });
  expect(refused.status).toBe(401);
  expect(refused.json.detail).toContain("expired");
  expect((await ask("GET", `/api/v1/tokens/${json.id}`)).json.state).toBe("expired");
});

test("all errors in a new token are listed together, by pointer", async () => {
  const answer = await ask("POST", "/api/v1/tokens", {
    json: { name: " ", role: "king", expires_at: "2001-01-01T00:00:00Z", colour: "red" },
  });

  expect(answer.status).toBe(400);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.json.type).toBe("/api/docs#problem-invalid-request");
  expect(answer.json.request_id).toBe(answer.headers.get("X-Request-Id"));
  expect(answer.json.errors).toEqual([
    { pointer: "/name", code: "min_length", detail: "must be >=1, not 0" },
    {
      pointer: "/role",
      code: "picklist",
      detail: 'must be ("viewer" | "helpdesk" | "operator" | "admin"), not "king"',
    },
    { pointer: "/expires_at", code: "check", detail: "must lie in the future" },
    { pointer: "/colour", code: "unknown", detail: "is not a known name" },
  ]);
});

test("a missing field is called required", async () => {
  const answer = await ask("POST", "/api/v1/tokens", { json: { name: "x" } });

  expect(answer.json.errors).toEqual([{ pointer: "/role", code: "required", detail: "is missing" }]);
});

test("an id that no token has answers 404", async () => {
  expect((await ask("GET", "/api/v1/tokens/none")).status).toBe(404);
  expect((await ask("DELETE", "/api/v1/tokens/none")).status).toBe(404);
});

test("walking all pages meets each token once, newest first", async () => {
  for (let count = 0; count < 7; count += 1) await newToken(`page ${count}`);

  const seen: { id: string; created_at: string }[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await ask("GET", `/api/v1/tokens?limit=3${cursor && `&cursor=${cursor}`}`);
    expect(page.json.items.length).toBeLessThanOrEqual(3);
    seen.push(...page.json.items);
    cursor = page.json.next_cursor;
  }

  const { results } = await env.DB.prepare("SELECT id FROM api_tokens").all();
  expect(new Set(seen.map(({ id }) => id)).size).toBe(results.length);
  expect(seen.length).toBe(results.length);
  const times = seen.map(({ created_at }) => created_at);
  expect(times).toEqual([...times].sort().reverse());
});

test("a limit out of range, a made-up cursor and an unknown parameter are each named", async () => {
  const answer = await ask("GET", "/api/v1/tokens?limit=1001&cursor=bm9uc2Vuc2U&sort=up");

  expect(answer.status).toBe(400);
  expect(answer.json.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
    "/limit",
    "/cursor",
    "/sort",
  ]);
  expect(answer.json.errors[0].in).toBe("query");
  expect((await ask("GET", "/api/v1/tokens?limit=ten")).status).toBe(400);
  expect((await ask("GET", "/api/v1/tokens?limit=1&limit=2")).status).toBe(400);
});

test("the last use of a token is written at most once an hour", async () => {
  const token = await tokenFor("admin");
  const lastUse = async () => {
    const sql = "SELECT id, last_used_at FROM api_tokens WHERE prefix = ?";
    return env.DB.prepare(sql).bind(token.slice(0, 11)).first<{ id: string; last_used_at: number | null }>();
  };
  expect((await lastUse())?.last_used_at).toBeNull();

  await ask("GET", "/api/v1/tokens", { token });
  const first = await lastUse();
  await ask("GET", "/api/v1/tokens", { token });
  const second = await lastUse();
  const anHourAgo = Date.now() - 3_600_001;
  await env.DB.prepare("UPDATE api_tokens SET last_used_at = ? WHERE id = ?")
    .bind(anHourAgo, first?.id)
    .run();
  await ask("GET", "/api/v1/tokens", { token });

  expect(first?.last_used_at).toBeGreaterThan(0);
  expect(second?.last_used_at).toBe(first?.last_used_at);
  expect((await lastUse())?.last_used_at).toBeGreaterThan(anHourAgo);
});

test("the ADMIN_TOKEN of the deployment is in no table, and cannot be revoked there", async () => {
  expect((await ask("GET", "/api/v1/tokens", { token: adminToken })).status).toBe(200);
  expect((await ask("GET", "/api/v1/tokens/ADMIN_TOKEN")).status).toBe(404);
  expect((await ask("DELETE", "/api/v1/tokens/ADMIN_TOKEN")).status).toBe(404);
});
