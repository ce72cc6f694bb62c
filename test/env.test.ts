import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { app } from "../src/app.ts";
import { readEnv } from "../src/env.ts";
import { brokenDatabase, flakyDatabase } from "./support/broken-database.ts";

const origin = "https://mdm.example.com";
const given = (changes: Record<string, unknown>): Env => ({ ...env, ...changes }) as Env;
const fetch = async (path: string, bindings: Env, init?: RequestInit) =>
  app.fetch(new Request(origin + path, init), bindings, createExecutionContext());
const problemOf = (changes: Record<string, unknown>) => {
  const read = readEnv(given(changes));
  return read.ok ? undefined : read.refusal.map(({ name, problem }) => `${name}: ${problem}`).join("; ");
};

test("a deployment that has all it needs is configured and ready", async () => {
  expect(readEnv(env)).toMatchObject({ ok: true, value: { publicUrl: origin } });

  const answer = await fetch("/readyz", env);

  expect([answer.status, await answer.json()]).toEqual([200, { status: "ready" }]);
});

test("a previous master key is a reminder, and nothing that keeps it from working", async () => {
  const answer = await fetch("/readyz", given({ MASTER_KEY_PREVIOUS: env.MASTER_KEY }));

  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      status: "ready",
      reminders: [
        "MASTER_KEY_PREVIOUS is set: run the job reseal, and remove the variable when the job says so",
      ],
    },
  ]);
});

test.each([
  ["DB", undefined, "DB: the binding is missing"],
  ["DEVICE", undefined, "DEVICE: the binding is missing"],
  ["JOB", {}, "JOB: the binding is of the wrong kind"],
  ["MASTER_KEY", undefined, "MASTER_KEY: the secret is not set"],
  ["MASTER_KEY", "", "MASTER_KEY: the secret is not set"],
  ["MASTER_KEY", "not base64!", "MASTER_KEY: the secret is not base64"],
  ["MASTER_KEY", "c2hvcnQ=", "MASTER_KEY: the secret has 5 bytes instead of 32"],
  ["MASTER_KEY_PREVIOUS", "c2hvcnQ=", "MASTER_KEY_PREVIOUS: the secret has 5 bytes instead of 32"],
  ["ADMIN_TOKEN", undefined, "ADMIN_TOKEN: the secret is not set"],
  ["ADMIN_TOKEN", "short", "ADMIN_TOKEN: the secret has 5 characters, too few to be safe"],
  [
    "ADMIN_TOKEN",
    "with spaces ".repeat(4),
    "ADMIN_TOKEN: the secret has characters that an HTTP header cannot carry",
  ],
  ["APP_LOOK_SECONDS", "soon", 'APP_LOOK_SECONDS: "soon" is no number of seconds up to 3600'],
  ["PUBLIC_URL", "mdm.example.com", 'PUBLIC_URL: "mdm.example.com" is not the address of a server'],
  [
    "PUBLIC_URL",
    "http://mdm.example.com",
    'PUBLIC_URL: "http://mdm.example.com" is not the address of a server',
  ],
  [
    "PUBLIC_URL",
    "https://a.example/mdm",
    'PUBLIC_URL: "https://a.example/mdm" is not the address of a server',
  ],
])("%s as %j is named, with what is wrong", (name, value, problem) => {
  expect(problemOf({ [name]: value })).toBe(problem);
});

test.each([
  [undefined, origin, false],
  ["false", origin, false],
  ["true", origin, true],
  ["true", "", true],
  ["true", "http://localhost:8787", false],
])("MUTUAL_TLS %j at %j is read as %j", (MUTUAL_TLS, PUBLIC_URL, mutualTls) => {
  expect(readEnv(given({ MUTUAL_TLS, PUBLIC_URL }))).toMatchObject({ ok: true, value: { mutualTls } });
  expect(problemOf({ MUTUAL_TLS: "yes" })).toBe('MUTUAL_TLS: "yes" is neither true nor false');
});

test.each([
  ["", undefined],
  [undefined, undefined],
  ["https://mdm.example.com/", origin],
  ["http://localhost:8787", "http://localhost:8787"],
])("the address %j is read as %j", (value, publicUrl) => {
  expect(readEnv(given({ PUBLIC_URL: value }))).toMatchObject({ ok: true, value: { publicUrl } });
});

test("all that is wrong is said at once, each with its remedy and without its value", async () => {
  const broken = given({ MASTER_KEY: "c2VjcmV0", ADMIN_TOKEN: "tiny-secret", DB: undefined });

  const answer = await fetch("/readyz", broken);

  expect(answer.status).toBe(503);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  const text = await answer.text();
  const { problems, detail } = JSON.parse(text);
  expect(problems.map(({ name }: { name: string }) => name)).toEqual(["DB", "MASTER_KEY", "ADMIN_TOKEN"]);
  expect(problems[1].remedy).toContain("npx wrangler secret put MASTER_KEY");
  expect(detail).toContain("MASTER_KEY: the secret has 6 bytes instead of 32");
  expect(text).not.toMatch(/c2VjcmV0|tiny-secret/);
});

test.each(["/api/v1/tokens", "/mdm", "/nowhere"])(
  "with a broken environment %s answers 503",
  async (path) => {
    const answer = await fetch(path, given({ MASTER_KEY: undefined }), { method: "PUT", body: "x" });

    expect(answer.status).toBe(503);
    expect((await answer.json<{ type: string }>()).type).toBe("/api/docs#problem-misconfigured");
  },
);

test("with a broken environment the Worker still says that it lives, and which it is", async () => {
  const broken = given({ MASTER_KEY: undefined, DB: undefined });

  expect((await fetch("/healthz", broken)).status).toBe(200);
  expect(await (await fetch("/version", broken)).json()).toEqual({ name: "edgemdm", version: "0.1.0" });
});

test("a database that does not answer makes the deployment unready", async () => {
  const answer = await fetch("/readyz", given({ DB: brokenDatabase() }));

  expect(answer.status).toBe(503);
  expect((await answer.json<{ detail: string }>()).detail).toBe("DB: the database does not answer");
});

test("a database that fails once is asked again", async () => {
  const { database, failures } = flakyDatabase(/d1_migrations/, 1);

  const answer = await fetch("/readyz", given({ DB: database }));

  expect([answer.status, failures()]).toEqual([200, 1]);
});

test("migrations that were not applied are named", async () => {
  const { results } = await env.DB.prepare("SELECT name FROM d1_migrations ORDER BY name").all<{
    name: string;
  }>();
  await env.DB.prepare("ALTER TABLE d1_migrations RENAME TO put_aside").run();

  const answer = await fetch("/readyz", env);
  await env.DB.prepare("ALTER TABLE put_aside RENAME TO d1_migrations").run();

  expect(answer.status).toBe(503);
  const { problems } = await answer.json<{ problems: { problem: string; remedy: string }[] }>();
  expect(problems[0]?.problem).toBe(`migrations not applied: ${results.map(({ name }) => name).join(", ")}`);
  expect(problems[0]?.remedy).toContain("wrangler d1 migrations apply");
});
