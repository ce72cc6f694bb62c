import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { commands } from "../../scripts/cli/names.ts";
import { type AppleDevice, failed } from "../support/apple-device.ts";
import { builtWorker } from "../support/node/built-worker.ts";
import { manual } from "../support/node/cli-manual.ts";
import { deviceAt, until } from "../support/node/real-device.ts";

// The real program, started as a person starts it, against a real server with a device that answers.

const token = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: token },
    },
  ],
});
const home = mkdtempSync(join(tmpdir(), "edgemdm-cli-"));
const program = resolve(import.meta.dirname, "../../scripts/edgemdm.mjs");
let origin = "";
let phone: AppleDevice;

beforeAll(async () => {
  origin = (await harness.listen()).url.origin;
  await harness.getWorker().applyD1Migrations("DB");
  await post("/authorities", {});
  phone = await enrolled("iphone");
  await enrolled("mac");
});
afterAll(async () => {
  await harness.close();
  rmSync(home, { recursive: true });
});

type Ended = { code: number; out: string; err: string };

function edgemdm(
  args: readonly string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const known = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    NO_COLOR: "1",
    EDGEMDM_URL: origin,
    EDGEMDM_TOKEN: token,
  };
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { cwd: home, env: { ...known, ...env } as unknown as NodeJS.ProcessEnv },
      (fault, out, err) => done({ code: fault === null ? 0 : Number(fault.code ?? 1), out, err }),
    );
    child.stdin?.end(input);
  });
}
const isOf = (type: string) => (command: { request_type: string }) => command.request_type === type;
const json = async (...args: string[]) => JSON.parse((await edgemdm([...args, "--json"])).out);

async function post(path: string, body: object, method = "POST"): Promise<Record<string, string>> {
  const answer = await fetch(new URL(`/api/v1${path}`, origin), {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, string>;
}

const enrolled = (flavour: "iphone" | "mac") =>
  deviceAt({ origin, json: (method, path, body) => post(path, body as object, method) }, flavour);

test("docs/cli.md is what --help says of every subcommand", async () => {
  await expect(await manual()).toMatchFileSnapshot("../../docs/cli.md");

  const { out } = await edgemdm(["--help"]);
  const column = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  for (const [name, { summary }] of Object.entries(commands))
    expect(out).toContain(`  ${name.padEnd(column)}${summary}`);
});

test.each(Object.keys(commands))("%s --help needs no server", async (name) => {
  const { code, out } = await edgemdm([name, "--help"], { env: { EDGEMDM_URL: "", EDGEMDM_TOKEN: "" } });

  expect([code, out.split("\n")[0]]).toEqual([0, expect.stringContaining(`usage: edgemdm ${name}`)]);
});

describe("what is typed wrong", () => {
  test.each([
    [["stauts"], 2, "edgemdm has no stauts; did you mean status?"],
    [
      ["devices", "--platfrom", "ios"],
      1,
      "edgemdm devices knows no option --platfrom; did you mean --platform?",
    ],
    [["device"], 2, "usage: edgemdm device DEVICE [options]"],
    [["device", "nobody"], 1, "no device has an id, serial number or name that begins with nobody"],
    [["devices", "--platform", "linux"], 1, "/platform"],
    [
      ["sets", "shwo", "x"],
      2,
      "usage: show NAME, or save NAME FILE, or delete NAME, or give NAME DEVICE, or take NAME DEVICE",
    ],
    [["profiles", "save", "com.example.x", "missing.mobileconfig"], 1, "missing.mobileconfig cannot be read"],
    [["completion", "tcsh"], 2, "usage: edgemdm completion bash|zsh|fish"],
  ])("%j is answered with what to do", async (args, code, said) => {
    const ended = await edgemdm(args);

    expect(ended).toMatchObject({ code, out: "", err: expect.stringContaining(said) });
    expect(ended.err).not.toMatch(/^ {4}at /m);
  });

  test("a token that the server does not know, a server that is not there, a page that is not ours", async () => {
    const wrong = await edgemdm(["devices"], { env: { EDGEMDM_TOKEN: "emdm_nothing" } });
    const away = await edgemdm(["devices"], { env: { EDGEMDM_URL: "http://127.0.0.1:9" } });
    const plain = await edgemdm(["devices"], { env: { EDGEMDM_URL: "http://mdm.example.com" } });

    expect(wrong.err).toContain("run edgemdm login, or check EDGEMDM_TOKEN");
    expect(away.err).toContain("http://127.0.0.1:9 does not answer");
    expect(plain.err).toContain(
      "http://mdm.example.com is not https: anybody on the way could read the token",
    );
    expect([wrong.code, away.code, plain.code]).toEqual([1, 1, 1]);
  });
});

test("login tries the token, stores it for this person alone, and logout forgets it", async () => {
  const alone = { EDGEMDM_URL: "", EDGEMDM_TOKEN: "" };
  const file = join(home, ".config/edgemdm/login.json");

  const refused = await edgemdm(["login", origin, "--token-stdin"], { env: alone, input: "emdm_wrong\n" });
  const taken = await edgemdm(["login", origin, "--token-stdin"], { env: alone, input: `${token}\n` });

  expect(refused.code).toBe(1);
  expect(taken).toMatchObject({
    code: 0,
    out: `You are ADMIN_TOKEN (admin) at ${origin}. Stored in ${file}.\n`,
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ origin, token });
  expect((await edgemdm(["sets"], { env: alone })).code).toBe(0);

  await edgemdm(["logout"]);
  const forgotten = await edgemdm(["sets"], {
    env: { EDGEMDM_URL: "https://mdm.example.com", EDGEMDM_TOKEN: "" },
  });

  expect(forgotten).toMatchObject({ code: 1, err: expect.stringContaining("run edgemdm login") });
});

describe("the fleet", () => {
  test("devices are listed as a table and as JSON, and one is found by the beginning of its serial number", async () => {
    await until(async () => (await json("devices")).length === 2);
    const { serialNumber } = phone.hardware;

    const table = await edgemdm(["devices", "--platform", "ios"]);
    const found = await json("device", serialNumber.slice(0, 6));
    const shown = await edgemdm(["device", serialNumber]);

    expect(table.out.split("\n")[0]).toMatch(/^SERIAL +MODEL +OS +SEEN$/);
    expect(table.out).toContain(serialNumber);
    expect(table.out.trim().split("\n")).toHaveLength(2);
    expect(found).toMatchObject({ id: phone.id, serial: serialNumber });
    expect(shown.out).toMatch(new RegExp(`^ {2}serial +${serialNumber}$`, "m"));
  });

  test("status tells what needs somebody, and counts the fleet", async () => {
    const { code, out } = await edgemdm(["status"]);

    expect([0, 3]).toContain(code);
    expect(out).toContain("2 devices are enrolled");
    // This server has no schedule: an empty list says nothing.
    expect(out).toContain("The server has not looked for problems yet.");
    expect(out).not.toContain("Nothing needs you.");
    expect(await json("status")).toMatchObject({ looked_at: null, summary: { devices: { enrolled: 2 } } });
  });

  test("status tells what is wrong and what to do, and ends with 3 while something is urgent", async () => {
    const started = await post("/jobs/problems", {});
    await until(async () => (await json("status")).problems.length > 0);

    const { code, out } = await edgemdm(["status"]);

    expect(started).toMatchObject({ kind: "problems" });
    const [first] = (await json("status")).problems;
    expect(out).toContain(first.title);
    expect(out).toContain(first.what_to_do);
    expect(out).toContain("The server looked for problems just now.");
    expect(code).toBe(first.urgency === "urgent" ? 3 : 0);
  });

  test("events are printed, one line each for programs", async () => {
    const { out } = await edgemdm(["tail", "--once", "--json", "--device", phone.id]);

    const names = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).name);
    expect(names).toContain("device.enrolled");
  });
});

describe("a command", () => {
  test("is checked against Apple's schema before anything is sent", async () => {
    const misspelt = await edgemdm(["send", phone.id, "DeviceLok"]);
    const wrongKey = await edgemdm(["send", phone.id, "DeviceLock", "PINN=1"]);
    const wrongType = await edgemdm(["send", phone.id, "ScheduleOSUpdateScan", "Force=perhaps"]);

    expect(misspelt.err).toBe("Apple knows no command DeviceLok; did you mean DeviceLock?\n");
    expect(wrongKey.err).toBe("DeviceLock has no key PINN; did you mean PIN?\n");
    expect(wrongType.err).toBe("Force=perhaps must be true or false\n");
    const sent = (await json("commands", phone.id)).filter(
      ({ origin }: { origin: string }) => origin === "ADMIN_TOKEN",
    );
    expect(sent).toEqual([]);
  });

  test("reaches the device, and --wait shows its answer", async () => {
    const sent = edgemdm(["send", phone.id, "DeviceInformation", "Queries=UDID,SerialNumber", "--wait"]);
    await until(async () => (await json("commands", phone.id)).length > 0);
    await phone.converse();
    const { code, out } = await sent;

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ request_type: "DeviceInformation", state: "acknowledged" });
    const listed = await edgemdm(["commands", phone.id]);
    expect(listed.out).toMatch(/DeviceInformation +acknowledged +ADMIN_TOKEN/);
  });

  test("that the device refuses ends the wait with exit code 1, and the list tells why", async () => {
    const sent = edgemdm(["send", phone.id, "InstallApplication", "iTunesStoreID=1", "--wait"]);
    await until(async () => (await json("commands", phone.id)).some(isOf("InstallApplication")));
    await phone.converse(() => failed(12026, "The app cannot be found"));

    expect((await sent).code).toBe(1);
    expect((await edgemdm(["commands", phone.id])).out).toMatch(
      /InstallApplication +error +ADMIN_TOKEN +.*The app cannot be found/,
    );
  });

  test("that cannot be undone wants a word first, of one device and of many", async () => {
    const one = await edgemdm(["send", phone.id, "EraseDevice"]);
    const many = await edgemdm(["send", "--filter", "EraseDevice", "--platform", "ios"]);
    const planned = await edgemdm(["send", "--filter", "EraseDevice", "--platform", "ios", "--dry-run"]);

    expect(one).toMatchObject({ code: 1, err: "EraseDevice cannot be undone: say --yes\n" });
    expect(many).toMatchObject({
      code: 1,
      err: "EraseDevice cannot be undone: say --confirm with the number of devices\n",
    });
    expect(JSON.parse(planned.out)).toMatchObject({
      devices: 1,
      targets: { filter: { platform: "ios", state: "enrolled" } },
    });
    expect(await json("batch")).toEqual([]);
  });

  test("is given to all that match, and its progress is shown", async () => {
    const batch = await json("send", "--filter", "DeviceInformation", "Queries=UDID", "--platform", "ios");

    const shown = await json("batch", batch.id);
    const listed = await edgemdm(["batch"]);
    await edgemdm(["batch", batch.id, "--cancel"]);

    expect(shown).toMatchObject({ id: batch.id, request_type: "DeviceInformation" });
    expect(listed.out).toContain(batch.id);
    expect(["done", "cancelled"]).toContain((await json("batch", batch.id)).state);
  });
});

describe("the library", () => {
  test("a declaration and a set are saved from files, given, taken, and deleted", async () => {
    writeFileSync(
      join(home, "passcode.json"),
      JSON.stringify({
        type: "com.apple.configuration.passcode.settings",
        payload: { RequirePasscode: true },
      }),
    );
    writeFileSync(
      join(home, "set.json"),
      JSON.stringify({ declarations: ["com.example.passcode"], activate: true }),
    );

    const saved = await edgemdm(["declarations", "save", "com.example.passcode", "passcode.json"]);
    await edgemdm(["sets", "save", "everyone", "set.json"]);
    const given = await edgemdm(["sets", "give", "everyone", phone.id]);

    expect(saved.out).toBe("com.example.passcode is saved.\n");
    expect(given.out).toContain("has the set everyone.");
    expect((await json("device", phone.id)).sets.sets).toMatchObject([{ name: "everyone" }]);
    expect((await edgemdm(["declarations"])).out).toContain("com.example.passcode");
    expect(await json("sets", "show", "everyone")).toMatchObject({ activate: true });

    await edgemdm(["sets", "take", "everyone", phone.id]);
    expect((await edgemdm(["sets", "delete", "everyone"])).err).toBe(
      "say --yes to delete the set everyone\n",
    );
    expect((await edgemdm(["sets", "delete", "everyone", "--yes"])).out).toBe("everyone is deleted.\n");
    expect((await edgemdm(["sets"])).err).toBe("there is no set yet\n");
  });

  test("a profile is saved from a .mobileconfig, and what is wrong with it is told", async () => {
    const payload = `<?xml version="1.0"?><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string></dict></plist>`;
    writeFileSync(join(home, "wrong.mobileconfig"), payload);

    const refused = await edgemdm(["profiles", "save", "com.example.wrong", "wrong.mobileconfig"]);

    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("PayloadIdentifier");
    expect((await edgemdm(["profiles"])).err).toBe("there is no profile yet\n");
  });
});

test("an invitation is a link, is listed, and can be revoked", async () => {
  const made = await json("enroll", "--note", "For Ada", "--hours", "2");

  const listed = await edgemdm(["enroll", "--list"]);
  await edgemdm(["enroll", "--revoke", made.id]);

  expect((await edgemdm(["enroll", "--no-qr"])).out).toMatch(/^http\S+\/enroll\?code=\S+\n$/);
  expect(listed.out).toMatch(/For Ada +active +0\/1/);
  expect((await json("enroll", "--list")).find(({ id }: { id: string }) => id === made.id)).toMatchObject({
    state: "revoked",
  });
});

test("people are listed, and one is shown with the person's devices", async () => {
  expect((await edgemdm(["people"])).err).toContain("nobody is known");
  const { id } = await post("/people", { email: "ada@example.com", name: "Ada", department: "Sales" });
  await post(`/devices/${phone.id}`, { person_id: id }, "PATCH");

  expect((await edgemdm(["people", "--department", "sales"])).out).toMatch(/Ada +ada@example.com +Sales/);
  expect((await edgemdm(["people", "ADA@example.com"])).out).toContain(phone.hardware.serialNumber);
  expect(await json("people", "ada@example.com")).toMatchObject({ name: "Ada", devices: [{ id: phone.id }] });
  expect(await json("devices", "--user-department", "Sales")).toMatchObject([{ id: phone.id }]);
  expect(await edgemdm(["people", "eve@example.com"])).toMatchObject({
    code: 1,
    err: "nobody has the address eve@example.com\n",
  });
});

test("a push certificate begins with a request, whose next step is told", async () => {
  const before = await edgemdm(["push-cert"]);
  const asked = await edgemdm(["push-cert", "request", "mdm@example.com"]);

  expect(before.out).toContain("edgemdm push-cert request YOUR-APPLE-ACCOUNT");
  expect(asked.out).toContain("edgemdm push-cert mdmcert EMAIL");
  expect((await edgemdm(["push-cert"])).out).toContain("A request for mdm@example.com is open.");
});

test.each([
  ["ade", "there is no account yet"],
  ["updates", "there is no policy yet"],
])("an empty %s says so, and is an empty list for programs", async (name, said) => {
  expect((await edgemdm([name])).err).toContain(said);
  expect(await json(name)).toEqual([]);
});

test("a backup is saved to a file", async () => {
  const { code } = await edgemdm(["backup", join(home, "backup.ndjson")]);

  expect(code).toBe(0);
  expect(readFileSync(join(home, "backup.ndjson"), "utf8").split("\n")[0]).toContain("{");
});

test("open prints the address where no browser can be opened", async () => {
  expect((await edgemdm(["open", "docs"])).out).toBe(`${origin}/api/docs\n`);
});

test.each(["bash", "zsh", "fish"])("what %s completes with names every subcommand", async (shell) => {
  const { out } = await edgemdm(["completion", shell]);

  for (const name of Object.keys(commands)) expect(out).toMatch(new RegExp(`(^|\\s)${name}(\\)|\\s)`, "m"));
});
