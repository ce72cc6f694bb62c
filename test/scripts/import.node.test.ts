import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { readBoltFile } from "../../scripts/import/bolt-file.ts";
import { readCsv } from "../../scripts/import/csv.ts";
import { Trouble } from "../../scripts/trouble.ts";
import { builtWorker } from "../support/node/built-worker.ts";

// The script against the built Worker. The database was written by MicroMDM's own code (v1.13): sixty devices, of which one is
// not enrolled, one has no push token and one never had a UDID.

const adminToken = "an-admin-token-of-at-least-32-characters";
const database = () =>
  gunzipSync(readFileSync(resolve(import.meta.dirname, "../fixtures/micromdm/micromdm.db.gz")));
let harness: ReturnType<typeof createTestHarness>;
let address: URL;
let folder: string;

beforeAll(async () => {
  harness = createTestHarness({
    workers: [
      {
        ...(await builtWorker()),
        secrets: { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken },
      },
    ],
  });
  address = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
});
afterAll(() => harness.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgemdm-import-"));
  return () => rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string, json?: object) {
  const answer = await fetch(new URL(`/api/v1${path}`, address), {
    method,
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
    ...(json && { body: JSON.stringify(json) }),
  });
  return (await answer.json()) as Record<string, unknown> & { items: Record<string, unknown>[] };
}

function script(kind: string, file: string): Promise<{ code: number | null; said: string }> {
  const path = resolve(import.meta.dirname, "../../scripts/import.ts");
  const child = spawn(process.execPath, [path, kind, file, "--url", address.origin], {
    env: { ...process.env, EDGEMDM_TOKEN: adminToken },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const udid = (number: number) => `0000FFFF-0000-4000-8000-${String(number).padStart(12, "0")}`;

describe("a fleet of MicroMDM", () => {
  test("is not taken before the server expects one", async () => {
    const { code, said } = await script("micromdm", file("micromdm.db", database()));

    expect(code).toBe(1);
    expect(said).toContain("setting migration");
  });

  test("comes with its tokens, its users, its authority and its push certificate; what cannot come is named", async () => {
    await ask("PATCH", "/settings", { migration: true });
    const copy = file("micromdm.db", database());

    const { code, said } = await script("micromdm", copy);

    expect(said).toContain("57 moved, 0 moved before, 3 not enrolled there, 0 failed");
    expect(code).toBe(0);
    expect(said).toContain(`${udid(1)} C02FIX00001: left there: it is not enrolled`);
    expect(said).toContain(`${udid(3)} C02FIX00003: left there: its push token is not kept`);
    expect(said).toContain("(no UDID) C02FIX00058: left there");
    const mac = await ask("GET", `/devices/${udid(0)}`);
    expect(mac).toMatchObject({
      state: "enrolled",
      name: "Müller’s Mac 0",
      serial: "C02FIX00000",
      platform: "macos",
    });
    expect((await ask("GET", `/devices/${udid(0)}/channels`)).items).toMatchObject([
      { topic: "com.apple.mgmt.External.0f1e2d3c-1111-2222-3333-444455556666" },
      { user_short_name: "ada", user_long_name: "Ada Lovelace" },
    ]);
    const escrowed = async (device: number, name: string) =>
      Buffer.from(
        String((await ask("GET", `/devices/${udid(device)}/escrow/${name}`)).value),
        "base64",
      ).toString();
    expect(await escrowed(0, "bootstrap-token")).toBe("the-bootstrap-token-of-the-first-mac");
    expect(await escrowed(2, "unlock-token")).toBe("the-unlock-token-of-the-phone");
    expect((await ask("GET", "/authorities")).items).toContainEqual(
      expect.objectContaining({ subject: expect.stringContaining("MicroMDM"), trusted_only: true }),
    );
    expect((await ask("GET", "/push-certificates")).items).toMatchObject([{ in_use: true }]);

    const again = await script("micromdm", copy);

    expect(again.said).toContain("0 moved, 57 moved before, 3 not enrolled there, 0 failed");
  });

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["another file", Buffer.from("SQLite format 3\0".repeat(2_000))],
    ["a part of it", database().subarray(0, 40_000)],
  ])("%s is refused in a sentence", (_, bytes) => {
    expect(() => readBoltFile(bytes)).toThrow(Trouble);
  });

  test("a file whose newer head is broken is read by the other one", () => {
    const whole = database();
    const heads = [0, 4096].map((at) => whole.readBigUInt64LE(at + 16 + 48));
    const newer = (heads[0] ?? 0n) > (heads[1] ?? 0n) ? 0 : 4096;
    whole.writeUInt32LE(7, newer + 16 + 12);

    expect([...readBoltFile(whole).keys()]).toContain("mdm.Devices");
  });
});

describe("a table of devices", () => {
  test("gives tags, notes and attributes to those that are enrolled, once", async () => {
    const table = file(
      "devices.csv",
      '\uFEFFserial_number;owner;tags;notes\r\nC02FIX00004;"Ada; Lovelace";"sales, lent";"says ""hello"""\r\nNOBODY;Bob;;\r\n;;x;\r\n',
    );

    const first = await script("devices", table);

    expect(first.said).toContain("line 2 C02FIX00004: changed (tags, notes, attributes)");
    expect(first.said).toContain("line 3 NOBODY: not enrolled yet");
    expect(first.said).toContain("line 4 (no serial number): failed");
    expect(first.code).toBe(1);
    expect(await ask("GET", `/devices/${udid(4)}`)).toMatchObject({
      tags: ["lent", "sales"],
      notes: 'says "hello"',
      attributes: { owner: "Ada; Lovelace" },
    });

    const more = file("more.csv", "serial_number,owner,tags\nC02FIX00004,Ada; Lovelace,sales\n");
    const second = await script("devices", more);

    expect(second.said).toContain("0 changed, 1 had it already, 0 not enrolled yet, 0 failed");
    expect(second.code).toBe(0);
  });

  test("says whose devices they are: people are added once, and completed", async () => {
    const table = file(
      "people.csv",
      "serial_number,user_email,user_name,user_department\nC02FIX00007,ada@example.com,Ada,\nC02FIX00008,Ada@example.com,,Sales\nC02FIX00009,nobody,,\n",
    );

    const { said } = await script("devices", table);

    expect(said).toContain("line 2 C02FIX00007: changed (person_id)");
    expect(said).toContain("line 3 C02FIX00008: changed (person_id)");
    expect(said).toMatch(/line 4 C02FIX00009: failed: 400 \/email/);
    const { items } = await ask("GET", "/people");
    expect(items).toMatchObject([{ email: "ada@example.com", name: "Ada", department: "Sales" }]);
    const devices = await ask("GET", `/people/${items[0]?.id}/devices`);
    expect(devices.items).toHaveLength(2);
    expect((await script("devices", table)).said).toContain("0 changed, 2 had it already");
  });

  test("that the server refuses in a line says why, and goes on", async () => {
    const tag = "x".repeat(65);
    const table = file("bad.csv", `serial_number,tags\nC02FIX00005,${tag}\nC02FIX00006,kept\n`);

    const { said } = await script("devices", table);

    expect(said).toMatch(/line 2 C02FIX00005: failed: 400 \/tags/);
    expect(said).toContain("line 3 C02FIX00006: changed (tags)");
  });

  test("a cell may have line breaks; what is no table is refused", () => {
    expect(readCsv('a,b\n"1\n2",3\n\n4,5')).toEqual([
      {
        line: 2,
        cells: new Map([
          ["a", "1\n2"],
          ["b", "3"],
        ]),
      },
      {
        line: 5,
        cells: new Map([
          ["a", "4"],
          ["b", "5"],
        ]),
      },
    ]);
    expect(() => readCsv('a\n"1')).toThrow("line 2");
    expect(() => readCsv("a,a\n1,2")).toThrow("twice");
    expect(() => readCsv("a\n1,2")).toThrow("more cells");
  });
});
