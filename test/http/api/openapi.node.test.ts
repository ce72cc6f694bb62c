import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";

// The Worker as it is built and deployed, over a real socket: no module fallback, no eval, as in production.
const adminToken = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      configPath: "./wrangler.toml",
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: adminToken },
    },
  ],
});
let address: URL;

beforeAll(async () => {
  address = (await harness.listen()).url;
});
afterAll(() => harness.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, address), { headers });

test("the description is valid OpenAPI 3.1", async () => {
  const validator = new Validator();

  const document = (await (await get("/api/openapi.json")).json()) as Record<string, unknown>;
  const verdict = await validator.validate(document);

  expect(verdict.errors ?? []).toEqual([]);
  expect([verdict.valid, validator.version]).toEqual([true, "3.1"]);
});

test("the built Worker is unready until its database is migrated, and says so", async () => {
  const before = await get("/readyz");
  await harness.getWorker().applyD1Migrations("DB");
  const after = await get("/readyz");

  expect(before.status).toBe(503);
  expect(((await before.json()) as { detail: string }).detail).toMatch(/^DB: migrations not applied: 0000_/);
  expect(after.status).toBe(200);
});

test("the built Worker lets the admin in, nobody else", async () => {
  const inside = await get("/api/v1/tokens", { Authorization: `Bearer ${adminToken}` });
  const outside = await get("/api/v1/tokens");

  expect([inside.status, await inside.json()]).toEqual([200, { items: [], next_cursor: null }]);
  expect(outside.status).toBe(401);
});
