import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { forgetSettings } from "../../src/admin/settings.ts";
import { ask } from "../support/admin.ts";
import { brokenDatabase } from "../support/broken-database.ts";
import { finish, jobObject, nextPage, run, withBindings } from "../support/jobs.ts";

const day = 24 * 60 * 60_000;
const ago = (days: number) => Date.now() - days * day;

const insertions = {
  events:
    "INSERT INTO events (device_id, seq, name, detail, at) SELECT 'D', ?1 + value, 'device.seen', '{}', ?1",
  commands: `INSERT INTO commands (uuid, device_id, user_id, request_type, state, origin, seq, queued_at, finished_at)
    SELECT ?1 || '-' || value, 'D', '', 'ProfileList', 'acknowledged', 'test', 1, ?1, ?1`,
  audit_entries: `INSERT INTO audit_entries (token_id, token_name, role, method, route, target, status, request_id, at)
    SELECT 't', 't', 'admin', 'POST', 'r', 't', 200, 'r', ?1`,
  asset_files: `INSERT INTO asset_files (sha256, content_type, size, created_at)
    SELECT ?1 || '-' || value, 'application/zip', 0, ?1`,
  idempotency_keys:
    "INSERT INTO idempotency_keys (id, request_sealed, created_at) SELECT ?1 || '-' || value, 's', ?1",
};
type Table = keyof typeof insertions;
const tables = Object.keys(insertions) as Table[];

const put = (table: Table, at: number, rows = 1) =>
  env.DB.prepare(`${insertions[table]} FROM json_each(?2)`)
    .bind(at, JSON.stringify(Array.from({ length: rows }, (_, n) => n)))
    .run();

const countOf = async (table: Table): Promise<number> =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;

beforeEach(async () => {
  for (const table of tables) await env.DB.exec(`DELETE FROM ${table}`);
  await env.DB.exec("DELETE FROM settings");
  forgetSettings();
});

test.each<[Table, number, number]>([
  ["events", 89, 91],
  ["commands", 89, 91],
  ["audit_entries", 364, 366],
  ["asset_files", 0.9, 1.1],
  ["idempotency_keys", 0.9, 1.1],
])("of %s, what is %d days old is kept and what is %d days old goes", async (table, kept, gone) => {
  await put(table, ago(kept));
  await put(table, ago(gone));

  const { state, counts } = await run("prune");

  expect(state).toBe("done");
  expect(counts).toEqual({ [table]: 1 });
  expect(await countOf(table)).toBe(1);
});

test("a file stays while any version of a declaration has it, and goes with its parts", async () => {
  await put("asset_files", ago(2), 2);
  await env.DB.exec("INSERT INTO asset_parts (sha256, part, sealed) SELECT sha256, 0, 'x' FROM asset_files");
  await env.DB.exec(
    `INSERT INTO declaration_versions
    (identifier, version, type, payload, server_token, data_sha256, saved_at, saved_by)
    SELECT 'a', 1, 't', '{}', 's', min(sha256), 0, 'test' FROM asset_files`.replaceAll("\n", " "),
  );

  const { counts } = await run("prune");

  expect(counts).toEqual({ asset_files: 1 });
  const { results } = await env.DB.prepare("SELECT sha256 FROM asset_parts").all<{ sha256: string }>();
  expect(results).toEqual([{ sha256: expect.stringMatching(/-0$/) }]);
  await env.DB.exec("DELETE FROM declaration_versions");
});

test("how long is a setting", async () => {
  await ask("PATCH", "/api/v1/settings", { json: { events_days: 7, audit_days: 30 } });
  for (const table of ["events", "commands"] as const) await put(table, ago(8));
  await put("audit_entries", ago(31));

  const { counts } = await run("prune");

  expect(counts).toEqual({ events: 1, commands: 1, audit_entries: 1 });
});

test("a waiting command of any age stays listed, and so does one that ended lately", async () => {
  await put("commands", ago(200), 3);
  await env.DB.exec("UPDATE commands SET finished_at = null, state = 'queued' WHERE id % 3 = 0");
  await env.DB.prepare("UPDATE commands SET finished_at = ? WHERE id % 3 = 1").bind(ago(1)).run();

  const { counts } = await run("prune");

  expect(counts).toEqual({ commands: 1 });
});

test("many rows go in bounded pieces, and a database that fails or a death between them costs nothing", async () => {
  await put("events", ago(100), 2_500);
  await jobObject("prune").start({ by: "test" });
  await nextPage("prune");
  expect(await countOf("events")).toBe(1_500);

  await withBindings("prune", { DB: brokenDatabase() });
  await nextPage("prune");
  expect(await jobObject("prune").status()).toMatchObject({ state: "running", faults: 1 });
  await abortAllDurableObjects();

  const { state, counts } = await finish("prune");
  expect(state).toBe("done");
  expect(counts).toEqual({ events: 2_500 });
  expect(await countOf("events")).toBe(0);
});
