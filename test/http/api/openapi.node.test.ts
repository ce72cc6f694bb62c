import { Validator } from "@seriousme/openapi-schema-validator";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../../support/node/built-worker.ts";

// The Worker as it is built and deployed, over a real socket: no module fallback, no eval, as in production.
const adminToken = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: adminToken },
    },
  ],
});
let address: URL;

type Content = Record<
  string,
  { schema: object; example?: unknown; examples?: Record<string, { $ref: string }> }
>;
type Document = {
  paths: Record<
    string,
    Record<string, { requestBody?: { content: Content }; responses: Record<string, { content?: Content }> }>
  >;
  components: { examples: Record<string, { value: unknown }> };
};

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

// The last, because it keeps this process busy for so long that its connections end.
test("every example is valid by the schema that it stands at", async () => {
  const document = (await (await get("/api/openapi.json")).json()) as Document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, "openapi");
  // Most answers stand at the same few schemas, and to compile one takes longer than all the rest.
  const compiled = new Map<string, ValidateFunction>();
  const compile = (pointer: string, schema: object): ValidateFunction => {
    const spelled = JSON.stringify(schema);
    const check = compiled.get(spelled) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    compiled.set(spelled, check);
    return check;
  };
  const contents = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody, responses }]) =>
      [["body", requestBody] as const, ...Object.entries(responses)].flatMap(([what, one]) =>
        Object.entries(one?.content ?? {}).map(([type, content]) => ({
          at: [
            "",
            "paths",
            path,
            method,
            ...(what === "body" ? ["requestBody"] : ["responses", what]),
            "content",
            type,
          ],
          content,
        })),
      ),
    ),
  );

  const wrong = contents.flatMap(({ at, content }) => {
    const pointer = at
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const check = compile(`${pointer}/schema`, content.schema);
    const shared = Object.values(content.examples ?? {}).map(
      ({ $ref }) => document.components.examples[$ref.split("/").at(-1) ?? ""]?.value,
    );
    return [...shared, ...("example" in content ? [content.example] : [])].flatMap((example) =>
      check(example) ? [] : [`${at.slice(2).join(" ")}: ${ajv.errorsText(check.errors)}`],
    );
  });

  expect(wrong).toEqual([]);
  expect(contents.length).toBeGreaterThan(500);
});
