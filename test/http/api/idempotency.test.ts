import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { pruneIdempotencyKeys } from "../../../src/db/idempotency.ts";
import { openDb } from "../../../src/db/open.ts";
import { ask, tokenFor } from "../../support/admin.ts";

const create = (key: string, json: unknown = { name: "once", role: "viewer" }, token?: string) =>
  ask("POST", "/api/v1/tokens", { json, headers: { "Idempotency-Key": key }, ...(token && { token }) });
const countTokens = async () =>
  (
    await env.DB.prepare("SELECT count(*) AS count FROM api_tokens WHERE name = 'once'").first<{
      count: number;
    }>()
  )?.count;
const age = (ms: number) =>
  env.DB.prepare("UPDATE idempotency_keys SET created_at = created_at - ?").bind(ms).run();

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM idempotency_keys"),
    env.DB.prepare("DELETE FROM api_tokens WHERE name = 'once'"),
  ]);
});

test("sent twice with one key, a request is done once and answered twice", async () => {
  const first = await create("a");
  const second = await create("a");

  expect(first.status).toBe(201);
  expect(second.status).toBe(201);
  expect(second.text).toBe(first.text);
  expect(second.headers.get("Location")).toBe(first.headers.get("Location"));
  expect([first, second].map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual([null, "true"]);
  expect(second.headers.get("X-Request-Id")).not.toBe(first.headers.get("X-Request-Id"));
  expect(await countTokens()).toBe(1);
});

test("a replay is no change, and leaves no second audit entry", async () => {
  const { json } = await create("a");
  await create("a");

  const { items } = (await ask("GET", `/api/v1/audit?target=tokens/${json.id}`)).json;
  expect(items.length).toBe(1);
});

test("of many that race with one key exactly one creates; the others get its answer or come back", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => create("race")));

  const statuses = answers.map(({ status }) => status);
  expect(await countTokens()).toBe(1);
  expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
  expect(statuses).toContain(201);
  for (const { status, headers, json } of answers) {
    if (status === 409)
      expect([headers.get("Retry-After"), json.type]).toEqual(["1", "/api/docs#problem-request-in-progress"]);
  }
  expect((await create("race")).status).toBe(201);
});

test("a key with another body is refused", async () => {
  await create("a");

  const other = await create("a", { name: "once", role: "admin" });

  expect(other.status).toBe(422);
  expect(other.json.type).toBe("/api/docs#problem-idempotency-key-reused");
  expect(await countTokens()).toBe(1);
});

test("keys of two callers are two keys", async () => {
  const other = await tokenFor("admin");

  const [mine, theirs] = [await create("a"), await create("a", undefined, other)];

  expect(theirs.json.id).not.toBe(mine.json.id);
});

test("what was refused takes no key", async () => {
  expect((await create("a", { name: "once" })).status).toBe(400);

  expect((await create("a")).status).toBe(201);
});

test("a day later the key is free again", async () => {
  const first = await create("a");
  await age(24 * 60 * 60_000 + 1);

  const second = await create("a", { name: "once", role: "operator" });

  expect(second.status).toBe(201);
  expect(second.json.id).not.toBe(first.json.id);
});

test("a request that died holds its key for five minutes", async () => {
  await create("a");
  await env.DB.prepare("UPDATE idempotency_keys SET answer_sealed = NULL").run();
  expect((await create("a")).status).toBe(409);

  await age(5 * 60_000 + 1);

  expect((await create("a")).status).toBe(201);
  expect(await countTokens()).toBe(2);
});

test("neither the answer's secret nor the body lies in the database in clear", async () => {
  const { json } = await create("a");

  const { results } = await env.DB.prepare("SELECT * FROM idempotency_keys").all();

  expect(results.length).toBe(1);
  const text = JSON.stringify(results);
  const opened = [...text.matchAll(/[A-Za-z0-9+/=]{40,}/g)].map(([base64]) =>
    atob(base64.slice(0, base64.length & ~3)),
  );
  expect([text, ...opened].join()).not.toContain(json.token);
});

test("a key that a header should not carry is refused by name", async () => {
  const answer = await create("k".repeat(256));

  expect(answer.status).toBe(400);
  expect(answer.json.errors[0]).toMatchObject({ pointer: "/Idempotency-Key", in: "header" });
});

test("old keys are swept away", async () => {
  await create("a");
  await pruneIdempotencyKeys(openDb(env.DB), Date.now() + 1, 1_000);

  const left = await env.DB.prepare("SELECT count(*) AS count FROM idempotency_keys").first();
  expect(left).toEqual({ count: 0 });
});
