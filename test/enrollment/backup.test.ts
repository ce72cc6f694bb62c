import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { restoreBackup, writeBackup } from "../../src/admin/backup.ts";
import { forgetSettings } from "../../src/admin/settings.ts";
import { forgetAuthorities } from "../../src/enrollment/authority.ts";
import { claimCertificate, forgetVerdicts, vouch } from "../../src/enrollment/vouch.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { enrol, exchange, getAuthority, pooledKey } from "../support/scep-client.ts";

let identity: Awaited<ReturnType<typeof enrol>>["identity"];
let name: string;
let saved: string;

/** What losing the account leaves: nothing but the code, deployed anew. */
async function loseEverything() {
  await reset();
  await applyD1Migrations(
    env.DB,
    (env as typeof env & { TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1] }).TEST_MIGRATIONS,
  );
  forgetAuthorities();
  forgetVerdicts();
  forgetSettings();
}

const restore = (text: string, query = "") => ask("POST", `/api/v1/backup/restore${query}`, { body: text });

beforeAll(async () => {
  await ask("POST", "/api/v1/authorities");
  await ask("PATCH", "/api/v1/settings", {
    json: { organization: 'Example\'s "quoted" ünïcode', static_challenge: "a secret that is sealed in D1" },
  });
  ({ identity } = await enrol({ serial: "C02DRILL" }));
  name = await fingerprint(identity.certificate.der);
  await claimCertificate(env, name, "DRILLED");
  saved = (await ask("GET", "/api/v1/backup")).text;
});
beforeEach(loseEverything);

test("the drill: backup, lose everything, restore; a device's identity still speaks, and renews", async () => {
  // The new deployment has made an authority of its own already.
  const fresh = await ask("POST", "/api/v1/authorities");
  expect((await vouch(env, identity.certificate, Date.now())).ok).toBe(false);

  const restored = await restore(saved);

  expect(restored.status, restored.text).toBe(200);
  expect(await vouch(env, identity.certificate, Date.now())).toMatchObject({
    ok: true,
    value: { issuedFor: { serial: "C02DRILL" }, claimedBy: "DRILLED" },
  });
  const authority = await getAuthority();
  expect(authority.subjectText).not.toBe(fresh.json.subject);
  const next = { key: pooledKey(), signer: identity };
  const reply = await exchange(authority, next, {
    type: "RenewalReq",
    subject: identity.certificate.subject,
  });
  expect(reply.pkiStatus).toBe("0");
  expect((await ask("GET", "/api/v1/settings")).json.organization).toBe('Example\'s "quoted" ünïcode');
});

test("a backup holds every secret sealed", async () => {
  expect(saved).toContain("sealed_key");
  expect(saved).not.toMatch(/PRIVATE KEY|a secret that is sealed/);
  expect(saved.trim().split("\n").at(-1)).toMatch(/^\{"end":\d+\}$/);
});

test("another master key is a clear refusal, and nothing is written", async () => {
  const other = { ...env, MASTER_KEY: Buffer.alloc(32, 5).toString("base64") } as Env;
  const body = new Blob([saved]).stream();

  const refused = await restoreBackup(other, body, false);

  expect(refused).toMatchObject({ ok: false, refusal: { reason: "other-master-key" } });
  expect(await env.DB.prepare("SELECT count(*) AS n FROM certificates").first()).toEqual({ n: 0 });
});

test("the former key as MASTER_KEY_PREVIOUS will do", async () => {
  const rotated = {
    ...env,
    MASTER_KEY: Buffer.alloc(32, 5).toString("base64"),
    MASTER_KEY_PREVIOUS: env.MASTER_KEY,
  } as Env;

  const restored = await restoreBackup(rotated, new Blob([saved]).stream(), false);

  expect(restored.ok).toBe(true);
});

test("a deployment in use is not written over, unless that is forced", async () => {
  await restore(saved);

  const again = await restore(saved);
  const forced = await restore(saved, "?force=true");

  expect([again.status, again.json.detail]).toEqual([409, expect.stringContaining("in use")]);
  expect(forced.status).toBe(200);
});

test.each([
  ["nothing", "", "line 1"],
  ["another file", "PK\u0003\u0004", "line 1"],
  ["a backup of a later version", '{"edgemdm_backup":2,"master_key":"0"}\n', "line 1"],
])("%s is no backup", async (_, text, place) => {
  const { status, json } = await restore(text);

  expect([status, json.detail]).toEqual([400, expect.stringContaining(place)]);
});

test("a backup that was cut off says so, and the whole one finishes it", async () => {
  const lines = saved.trimEnd().split("\n");

  const half = await restore(`${lines.slice(0, -2).join("\n")}\n`);
  const whole = await restore(saved, "?force=true");

  expect([half.status, half.json.detail]).toEqual([400, expect.stringContaining("ends early")]);
  expect(whole.status).toBe(200);
});

test("rows and tables that this version does not know are refused by name", async () => {
  const [header] = saved.split("\n");

  const table = await restore(`${header}\n{"table":"ufos","row":{}}\n`);
  const column = await restore(`${header}\n{"table":"settings","row":{"colour":1}}\n`);
  const trick = await restore(`${header}\n{"table":"sqlite_master","row":{}}\n`);

  expect(table.json.detail).toContain("ufos");
  expect(column.json.detail).toContain("settings.colour");
  expect(trick.status).toBe(400);
});

test("only an administrator may", async () => {
  const token = await tokenFor("operator");

  expect((await ask("GET", "/api/v1/backup", { token })).status).toBe(403);
  expect((await ask("POST", "/api/v1/backup/restore", { token, body: saved })).status).toBe(403);
});

test("tables of many pages come whole", async () => {
  await env.DB.prepare(
    `INSERT INTO challenges (id, purpose, issued_for, uses, created_at, expires_at)
     SELECT 'c' || value, 'enrollment', '{}', 0, 1, 2 FROM json_each('[' || (SELECT group_concat(x) FROM
     (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 450) SELECT x FROM n)) || ']')`,
  ).run();
  const text = await new Response(await writeBackup(env, Date.now())).text();

  await loseEverything();
  const restored = await restore(text);

  expect(restored.status, restored.text).toBe(200);
  expect(await env.DB.prepare("SELECT count(*) AS n FROM challenges").first()).toEqual({ n: 450 });
});
