import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { forgetSettings, loadSettings, patchSettings } from "../../src/admin/settings.ts";
import { brokenDatabase } from "../support/broken-database.ts";

const now = Date.UTC(2026, 10, 21);
const write = (name: string, value: string) =>
  env.DB.prepare("INSERT OR REPLACE INTO settings (name, value, updated_at) VALUES (?, ?, 0)")
    .bind(name, value)
    .run();

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM settings").run();
  forgetSettings();
});

test("an isolate asks the database once a minute", async () => {
  await loadSettings(env, now);
  await write("organization", '"Elsewhere"');

  const within = await loadSettings(env, now + 59_999);
  const after = await loadSettings(env, now + 60_000);

  expect([within.organization, after.organization]).toEqual(["edgemdm", "Elsewhere"]);
});

test("what an isolate changes holds there at once", async () => {
  await loadSettings(env, now);

  await patchSettings(env, { organization: "Here" }, now);

  expect((await loadSettings(env, now)).organization).toBe("Here");
});

test("while the database is away, the last settings stay in force", async () => {
  await write("organization", '"Kept"');
  await loadSettings(env, now);

  const settings = await loadSettings({ ...env, DB: brokenDatabase() }, now + 3_600_000);

  expect(settings.organization).toBe("Kept");
});

test("an isolate that never had settings says that it has none, rather than assume the defaults", async () => {
  await expect(loadSettings({ ...env, DB: brokenDatabase() }, now)).rejects.toThrow();
});

test("a secret setting comes back as it was set", async () => {
  await patchSettings(env, { static_challenge: "correct horse battery" }, now);
  forgetSettings();

  expect((await loadSettings(env, now)).static_challenge).toBe("correct horse battery");
});

test("a stored value that this version does not take leaves the default in force", async () => {
  await write("unknown_device", '"explode"');
  await write("of_another_version", "1");
  await write("organization", '"Still here"');

  const settings = await loadSettings(env, now);

  expect(settings).toMatchObject({ unknown_device: "refuse", organization: "Still here" });
});
