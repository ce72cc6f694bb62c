import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";

// The platform's own binding, as it runs on a developer's machine: it checks what it is given, and writes it to a file.

const adminToken = "an-admin-token-of-at-least-32-characters";
const root = resolve(import.meta.dirname, "../..");
let folder: string;
let harness: ReturnType<typeof createTestHarness>;
let address: URL;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgemdm-mail-"));
  const configPath = join(folder, "wrangler.toml");
  // Without the console, which would be built and looked for beside this copy.
  const config = readFileSync(join(root, "wrangler.toml"), "utf8")
    .replace(/^\[(build|assets)\]\n(.+\n)+/gm, "")
    .replace('"src/index.ts"', JSON.stringify(join(root, "src/index.ts")))
    .replace('migrations_dir = "migrations"', `migrations_dir = ${JSON.stringify(join(root, "migrations"))}`);
  const binding = `\n[[send_email]]\nname = "EMAIL"\nallowed_destination_addresses = ["ada@example.com"]\n`;
  writeFileSync(configPath, config + binding);
  harness = createTestHarness({
    workers: [
      {
        configPath,
        secrets: { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken },
      },
    ],
  });
  address = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string, json: object) {
  const answer = await fetch(new URL(`/api/v1${path}`, address), {
    method,
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(json),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

test("without a sender no mail is sent, and no invitation made", async () => {
  expect(await ask("POST", "/mail/test", { to: "ada@example.com" })).toMatchObject({
    status: 409,
    json: { detail: expect.stringContaining("mail_from") },
  });
  expect((await ask("POST", "/enrollment/invitations", { mail_to: "ada@example.com" })).status).toBe(409);
});

test("the binding takes what is sent, and its refusal is told in its words", async () => {
  await ask("PATCH", "/settings", { mail_from: "mdm@example.com", organization: "Müller & <Söhne>" });

  const test = await ask("POST", "/mail/test", { to: "ada@example.com", language: "ja" });
  const refused = await ask("POST", "/mail/test", { to: "eve@example.com" });
  const invited = await ask("POST", "/enrollment/invitations", {
    mail_to: "ada@example.com",
    mail_language: "de",
  });

  expect(test).toEqual({ status: 200, json: { sent: true, trouble: null } });
  expect(refused).toEqual({
    status: 200,
    json: { sent: false, trouble: expect.stringContaining("eve@example.com") },
  });
  expect(invited).toMatchObject({
    status: 201,
    json: { mail: { sent: true, trouble: null }, state: "active" },
  });
});
