import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ask, tokenFor } from "../../support/admin.ts";

const newest = async (query = "") => (await ask("GET", `/api/v1/audit?limit=200${query}`)).json.items;

test("a change leaves who, what, on what, and how it ended", async () => {
  const created = await ask("POST", "/api/v1/tokens", {
    json: { name: "audited", role: "viewer" },
    headers: { "CF-Connecting-IP": "192.0.2.7" },
  });

  const [entry] = await newest();

  expect(entry).toMatchObject({
    token_id: "ADMIN_TOKEN",
    token_name: "ADMIN_TOKEN",
    role: "admin",
    method: "POST",
    route: "/api/v1/tokens",
    target: `tokens/${created.json.id}`,
    outcome: "done",
    status: 201,
    request_id: created.headers.get("X-Request-Id"),
    ip: "192.0.2.7",
  });
  expect(Date.now() - Date.parse(entry.at)).toBeLessThan(60_000);
});

test("a change that was refused leaves its entry too", async () => {
  const operator = await tokenFor("operator");
  await ask("DELETE", "/api/v1/tokens/abc", { token: operator });
  await ask("POST", "/api/v1/tokens", { json: { role: "king" } });

  const [invalid, forbidden] = await newest();

  expect(forbidden).toMatchObject({
    token_name: "a operator",
    target: "tokens/abc",
    outcome: "refused",
    status: 403,
  });
  expect(forbidden.route).toBe("/api/v1/tokens/:id");
  expect(invalid).toMatchObject({ target: "tokens", outcome: "refused", status: 400 });
});

test("who has no valid token cannot fill the log, nor does reading", async () => {
  const before = await newest();

  await ask("POST", "/api/v1/tokens", { token: null, json: {} });
  await ask("POST", "/api/v1/tokens", { token: "wrong", json: {} });
  await ask("GET", "/api/v1/tokens");
  await ask("POST", "/api/v1/nowhere", { json: {} });

  expect(await newest()).toEqual(before);
});

test("the log is read by token, by target and what lies under it, and since a time", async () => {
  const admin = await ask("POST", "/api/v1/tokens", { json: { name: "second", role: "admin" } });
  const { id, token } = admin.json;
  await ask("DELETE", "/api/v1/tokens/one", { token });
  await ask("DELETE", "/api/v1/tokens/one-more", { token });
  const targets = async (query: string) =>
    (await newest(query)).map((entry: { target: string }) => entry.target);

  expect(await targets(`&token=${id}`)).toEqual(["tokens/one-more", "tokens/one"]);
  expect(await targets("&target=tokens/one")).toEqual(["tokens/one"]);
  expect((await targets("&target=tokens")).length).toBeGreaterThan(3);
  expect(await targets("&target=tok")).toEqual([]);
  expect(await targets("&since=2100-01-01T00:00:00Z")).toEqual([]);
  expect((await ask("GET", "/api/v1/audit?since=yesterday")).json.errors).toEqual([
    {
      pointer: "/since",
      code: "iso_timestamp",
      detail: "must be a time such as 2026-11-21T08:00:00Z",
      in: "query",
    },
  ]);
});

test("walking all pages meets each entry once, newest first", async () => {
  const seen: number[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await ask("GET", `/api/v1/audit?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.json.items.map(({ id }: { id: number }) => id));
    cursor = page.json.next_cursor;
  }

  const { results } = await env.DB.prepare("SELECT id FROM audit_entries ORDER BY id DESC").all<{
    id: number;
  }>();
  expect(seen).toEqual(results.map(({ id }) => id));
});

test("no entry holds a body, a token or a secret", async () => {
  const { json } = await ask("POST", "/api/v1/tokens", { json: { name: "hidden", role: "viewer" } });
  await ask("PATCH", "/api/v1/settings", { json: { static_challenge: "a challenge of some length" } });

  const { results } = await env.DB.prepare("SELECT * FROM audit_entries").all();

  expect(JSON.stringify(results)).not.toContain(json.token);
  expect(JSON.stringify(results)).not.toContain("a challenge of some length");
});
