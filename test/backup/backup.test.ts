import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { forgetSettings } from "../../src/admin/settings.ts";
import { restorePage } from "../../src/backup/restore.ts";
import { forgetAuthorities, loadAuthorities } from "../../src/enrollment/authority.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { emptyDatabase } from "../support/empty-database.ts";
import { alarmOf, enrolledDevice, give, invite, objectOf } from "../support/fleet.ts";

/** What losing the account leaves: nothing but the code, deployed again. */
async function loseEverything() {
  await emptyDatabase();
  forgetAuthorities();
  forgetSettings();
}

const makeAuthority = () => ask("POST", "/api/v1/authorities", { json: { if_none: true } });

async function backupPages(): Promise<string[]> {
  const pages: string[] = [];
  for (let query = ""; ; ) {
    const { status, text } = await ask("GET", `/api/v1/backup${query}`);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    pages.push(text);
    const { next_cursor } = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
    if (next_cursor === null) return pages;
    query = `?cursor=${next_cursor}`;
  }
}

const restore = (text: string, query = "") => ask("POST", `/api/v1/backup/restore${query}`, { body: text });

async function restoreAll(pages: readonly string[]) {
  const answers = [];
  for (const page of pages) answers.push(await restore(page));
  for (const { status, text } of answers) if (status !== 200) throw new Error(`${status}: ${text}`);
  return answers.map(({ json }) => json);
}

/** One device of each kind that matters, and what a deployment has beside it. */
async function aFleet() {
  await makeAuthority();
  await ask("PATCH", "/api/v1/settings", {
    json: { organization: 'Example\'s "quoted" ünïcode', static_challenge: "a secret that is sealed in D1" },
  });
  const [mac, phone] = [await enrolledDevice("mac"), await enrolledDevice("iphone")];
  await mac.setBootstrapToken();
  await give(mac, "DeviceInformation");
  for (const device of [mac, phone]) await alarmOf(device);
  // What their last exchanges left is in the directory.
  for (const device of [mac, phone]) await objectOf(device).deliver();
  await ask("PATCH", `/api/v1/devices/${mac.id}`, { json: { notes: "in the cupboard" } });
  return { mac, phone };
}

const pushTokenOf = (device: { id: string }) =>
  runInDurableObject(objectOf(device), (_, state) =>
    state.storage.sql.exec("SELECT push_token, push_magic, topic FROM channels WHERE user_id = ''").one(),
  );

const rowsOf = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n;

beforeEach(loseEverything);

describe("the drill: backup, lose everything, restore", () => {
  test("devices continue without a new enrollment, with their escrow, and can be pushed and renewed", async () => {
    const { mac, phone } = await aFleet();
    const token = await pushTokenOf(mac);
    const pages = await backupPages();
    await loseEverything();
    // The new deployment has made an authority of its own already.
    await makeAuthority();
    // An isolate of the new deployment has no list of the old one.
    await loadAuthorities(env, Date.now());
    expect((await mac.idle()).status).not.toBe(200);

    const restored = await restoreAll(pages);

    expect(restored.at(-1)).toMatchObject({ done: true });
    expect(restored[0]).toMatchObject({ page: 0, devices: 2, kept: 0, unread: 0 });
    for (const device of [mac, phone]) {
      expect((await device.idle()).status).toBe(200);
      expect(await objectOf(device).describe()).toMatchObject({ state: "enrolled", generation: 1 });
    }
    expect(await pushTokenOf(mac)).toEqual(token);
    expect((await mac.getBootstrapToken()).token).toEqual(mac.bootstrapToken);
    const escrow = await ask("GET", `/api/v1/devices/${mac.id}/escrow/bootstrap-token`);
    expect(escrow.status).toBe(200);
    const uuid = await give(mac, "DeviceInformation");
    expect((await mac.idle()).command?.uuid).toBe(uuid);

    const { challenge } = await invite({ device_id: mac.id });
    await mac.renewIdentity({ challenge, authenticate: false, freshKey: true });
    expect((await mac.idle()).status).toBe(200);
    expect((await objectOf(mac).describe())?.identities).toHaveLength(2);
  });

  test("the directory and the settings are what they were", async () => {
    const { mac } = await aFleet();
    const pages = await backupPages();
    await loseEverything();
    await restoreAll(pages);
    await alarmOf(mac);

    const device = await ask("GET", `/api/v1/devices/${mac.id}`);

    expect(device.json).toMatchObject({ state: "enrolled", notes: "in the cupboard" });
    expect((await ask("GET", "/api/v1/settings")).json.organization).toBe('Example\'s "quoted" ünïcode');
  });

  test("where only the tables came back, devices are adopted", async () => {
    const { mac } = await aFleet();
    const pages = await backupPages();
    await loseEverything();
    const withoutObjects = pages.map((page) => {
      const lines = page.trimEnd().split("\n");
      const kept = lines.slice(0, -1).filter((line) => !line.startsWith('{"device"'));
      return [...kept, JSON.stringify({ ...JSON.parse(lines.at(-1) ?? ""), lines: kept.length - 1 })].join(
        "\n",
      );
    });
    await restoreAll(withoutObjects);

    expect((await mac.idle()).status).toBe(200);

    expect(await objectOf(mac).describe()).toMatchObject({ state: "enrolled", generation: 1, escrow: [] });
    const { challenge } = await invite({ device_id: mac.id });
    await mac.renewIdentity({ challenge, authenticate: false, freshKey: true });
    expect((await mac.idle()).status).toBe(200);
  });
});

describe("a backup", () => {
  test("holds every secret sealed", async () => {
    await aFleet();

    const saved = (await backupPages()).join("");

    expect(saved).toContain("sealed_key");
    expect(saved).not.toMatch(/PRIVATE KEY|a secret that is sealed/);
  });

  test("comes in pages of bounded size, with every row in one of them", async () => {
    await env.DB.prepare(
      `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1750)
       INSERT INTO challenges (id, purpose, issued_for, uses, created_at, expires_at)
       SELECT 'c' || x, 'enrollment', '{}', 0, 1, 2 FROM n`,
    ).run();

    const pages = await backupPages();
    await loseEverything();
    const restored = await restoreAll(pages);

    expect(pages.length).toBeGreaterThan(3);
    for (const { rows } of restored) expect(rows).toBeLessThanOrEqual(600);
    expect(restored.map(({ done }) => done).indexOf(true)).toBe(pages.length - 1);
    expect(await rowsOf("challenges")).toBe(1750);
  });

  test("asks no more than fifty devices in one request", async () => {
    await makeAuthority();
    await env.DB.prepare(
      `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 120)
       INSERT INTO devices (id, state, kind, created_at) SELECT 'D' || x, 'enrolled', 'device', 1 FROM n`,
    ).run();
    const [first, second] = [await enrolledDevice(), await enrolledDevice()];
    for (const device of [first, second]) await alarmOf(device);

    const pages = await backupPages();
    expect(pages.length).toBeGreaterThanOrEqual(3);
    const devices = pages.map(
      (page) => page.split("\n").filter((line) => line.startsWith('{"device"')).length,
    );

    expect(devices.reduce((sum, count) => sum + count, 0)).toBe(2);
    await loseEverything();
    expect((await restoreAll(pages)).at(-1)).toMatchObject({ done: true });
    expect(await rowsOf("devices")).toBe(122);
  });

  test.each(["nonsense", "eyJhIjoxfQ"])("does not go on from the cursor %s", async (cursor) => {
    const { status, json } = await ask("GET", `/api/v1/backup?cursor=${cursor}`);

    expect([status, json.errors?.[0]?.detail]).toEqual([400, expect.stringContaining("start again")]);
  });

  test("is for administrators only", async () => {
    const token = await tokenFor("operator");

    expect((await ask("GET", "/api/v1/backup", { token })).status).toBe(403);
    expect((await ask("POST", "/api/v1/backup/restore", { token, body: "" })).status).toBe(403);
  });
});

describe("a restore", () => {
  let pages: string[];
  beforeEach(async () => {
    await aFleet();
    pages = await backupPages();
    await loseEverything();
  });

  test("may repeat a page, and goes on where it stopped", async () => {
    const many = split(pages);
    const [first = "", second = ""] = many;

    expect((await restore(first)).json).toMatchObject({ page: 0, devices: 2, done: false });
    expect((await restore(first)).json).toMatchObject({ page: 0, devices: 0, kept: 2, done: false });
    expect((await restore(second)).json).toMatchObject({ page: 1, done: true });
  });

  test("does not leave out a page", async () => {
    const { status, json } = await restore(split(pages)[1] ?? "");

    expect([status, json.detail]).toEqual([
      409,
      expect.stringContaining("page 2 cannot be written before page 1"),
    ]);
  });

  test("does not write over a deployment in use, unless that is forced", async () => {
    await restoreAll(pages);

    const again = await restore(pages[0] ?? "");
    const forced = await restore(pages[0] ?? "", "?force=true");

    expect([again.status, again.json.detail]).toEqual([409, expect.stringContaining("in use")]);
    expect(forced.json).toMatchObject({ kept: 2, devices: 0 });
  });

  test("under another master key is a clear refusal, and nothing is written", async () => {
    const other = { ...env, MASTER_KEY: btoa("5".repeat(32)) } as Env;

    const refused = await restorePage(other, pages[0] ?? "", false, Date.now());

    expect(refused).toMatchObject({ ok: false, refusal: { reason: "other-master-key" } });
    expect(await rowsOf("certificates")).toBe(0);
  });

  test("takes the former key as MASTER_KEY_PREVIOUS", async () => {
    const rotated = { ...env, MASTER_KEY: btoa("5".repeat(32)), MASTER_KEY_PREVIOUS: env.MASTER_KEY } as Env;

    expect((await restorePage(rotated, pages[0] ?? "", false, Date.now())).ok).toBe(true);
  });

  test.each([
    ["nothing", "", "line 1"],
    ["another file", "PK\u0003\u0004", "line 1"],
    [
      "a backup of a later version",
      '{"edgemdm_backup":2,"backup":"b","page":0,"master_key":"0","tables":[]}\n',
      "line 1",
    ],
  ])("refuses %s", async (_, text, place) => {
    const { status, json } = await restore(text);

    expect([status, json.detail]).toEqual([400, expect.stringContaining(place)]);
  });

  test("refuses a page that was cut off, or several at once, and writes nothing", async () => {
    const lines = (pages[0] ?? "").trimEnd().split("\n");

    const binary = await ask("POST", "/api/v1/backup/restore", { body: new Uint8Array([0xff, 0xfe, 0x0a]) });
    const half = await restore(lines.slice(0, -1).join("\n"));
    const holed = await restore(lines.filter((_, index) => index !== 2).join("\n"));
    const both = await restore((pages[0] ?? "") + (pages[0] ?? ""));

    expect([binary.status, binary.json.detail]).toEqual([400, expect.stringContaining("line 1")]);
    expect(half.json.detail).toContain("ends early");
    expect(holed.json.detail).toContain("ends early");
    expect(both.json.detail).toContain("npm run restore");
    expect(await rowsOf("certificates")).toBe(0);
  });

  test("refuses by name the tables, columns and states of devices that this version does not know", async () => {
    const table = await restore(withLine(pages, { table: "ufos", row: {} }));
    const column = await restore(withLine(pages, { table: "settings", row: { colour: 1 } }));
    const trick = await restore(withLine(pages, { table: "sqlite_master", row: {} }));
    const device = await restore(withLine(pages, { device: { id: "LATER", edgemdm_device: 2 } }));

    expect(table.json.detail).toContain("ufos");
    expect(column.json.detail).toContain("settings.colour");
    expect(trick.status).toBe(400);
    expect(device.json.detail).toContain("the device LATER: it has version 2");
  });
});

/** The same backup as two pages: the devices' objects, and the tables. */
function split([only = ""]: string[]): string[] {
  const [head = "", ...lines] = only.trimEnd().split("\n").slice(0, -1);
  const isDevice = (line: string) => line.startsWith('{"device"');
  const page = (number: number, kept: string[], next_cursor: string | null) =>
    [
      JSON.stringify({ ...JSON.parse(head), page: number }),
      ...kept,
      JSON.stringify({ next_cursor, lines: kept.length }),
    ].join("\n");
  return [
    page(0, lines.filter(isDevice), "more"),
    page(
      1,
      lines.filter((line) => !isDevice(line)),
      null,
    ),
  ];
}

const withLine = ([only = ""]: string[], line: object): string =>
  [only.split("\n")[0], JSON.stringify(line), JSON.stringify({ next_cursor: null, lines: 1 })].join("\n");
