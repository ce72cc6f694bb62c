import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { type AppleDevice, appleDevice, pooledKey } from "../support/apple-device.ts";
import { builtWorker } from "../support/node/built-worker.ts";
import { testTopic } from "../support/test-pki.ts";

// What a program's author does in another language: a public generator makes a client of the description, and a program
// lists devices and sends a command to one that answers.

const needs = ["openapi-python-client==0.29.1", "python-dateutil==2.9.0.post0"];
const home = resolve(import.meta.dirname, "../../node_modules/.cache/python-client-0.29.1");
const python = join(home, "bin/python");

/** An environment of Python of its own, made once; the reason why there is none. */
function prepare(): string | undefined {
  if (existsSync(join(home, "ready"))) return undefined;
  try {
    rmSync(home, { recursive: true, force: true });
    execFileSync(
      "python3",
      ["-c", "import sys; assert sys.version_info >= (3, 10), 'Python is older than 3.10'"],
      {
        stdio: "pipe",
      },
    );
    execFileSync("python3", ["-m", "venv", home], { stdio: "pipe" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "20", ...needs], {
      stdio: "pipe",
      timeout: 240_000,
    });
    mkdirSync(join(home, "ready"));
    return undefined;
  } catch (fault) {
    const said = String((fault as { stderr?: Buffer }).stderr ?? fault)
      .trim()
      .split("\n");
    return said.at(-1);
  }
}

const missing = prepare();
if (missing !== undefined) console.warn(`the client in Python is skipped: ${missing}`);

const token = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: token },
    },
  ],
});
const folder = mkdtempSync(join(tmpdir(), "edgemdm-python-"));
let origin = "";
let phone: AppleDevice;

beforeAll(async () => {
  if (missing !== undefined) return;
  origin = (await harness.listen()).url.origin;
  await harness.getWorker().applyD1Migrations("DB");
  await post("/authorities");
  const { challenge = "", scep_url: scepUrl = "" } = await post("/enrollment/challenges");
  phone = appleDevice("iphone", {
    transport: (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(new URL(pathname + search, origin), request));
    },
    newKey: pooledKey,
    requireHttps: false,
  });
  await phone.enroll({ serverUrl: new URL("/mdm", origin).href, topic: testTopic, scepUrl, challenge });
});
afterAll(async () => {
  if (missing === undefined) await harness.close();
  rmSync(folder, { recursive: true });
});

async function post(path: string): Promise<Record<string, string>> {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: "{}",
  });
  return (await answer.json()) as Record<string, string>;
}

async function isListed(): Promise<boolean> {
  const answer = await fetch(`${origin}/api/v1/devices?state=enrolled`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { items: object[] }).items.length > 0;
}

const rest = () => new Promise((done) => setTimeout(done, 100));

/** Content types that the generator does not know, and how it may send them. */
const bytes = "application/octet-stream";
const sentAsBytes = [
  "*/*",
  "application/pkcs7-mime",
  "application/x-apple-aspen-config",
  "application/x-apple-aspen-mobileprovision",
  "application/x-apple-mobileprovision",
  "application/x-ndjson",
  "application/x-pem-file",
  "application/x-plist",
  "application/xml",
  "text/plain",
  "text/xml",
];

test.skipIf(missing !== undefined)(
  "a client in Python lists the devices and sends one a command",
  async () => {
    const description = await (await fetch(`${origin}/api/openapi.json`)).text();
    writeFileSync(join(folder, "openapi.json"), description);
    const config = { content_type_overrides: Object.fromEntries(sentAsBytes.map((type) => [type, bytes])) };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const generator = [join(home, "bin/openapi-python-client"), "generate", "--meta", "none"];
    const files = ["--path", "openapi.json", "--config", "config.json", "--output-path", "edgemdm_client"];
    const env = { ...process.env, PATH: `${join(home, "bin")}:${process.env.PATH}` };
    const said = execFileSync(python, [...generator, ...files], { cwd: folder, env, encoding: "utf8" });
    cpSync(join(import.meta.dirname, "list-and-send.py"), join(folder, "list-and-send.py"));
    while (!(await isListed())) await rest();

    let isRunning = true;
    const ran = new Promise<{ out: string; err: string }>((done) => {
      const surroundings = { ...env, EDGEMDM_URL: origin, EDGEMDM_TOKEN: token };
      execFile(python, ["list-and-send.py"], { cwd: folder, env: surroundings }, (_fault, out, err) => {
        isRunning = false;
        done({ out, err });
      });
    });
    while (isRunning) {
      await phone.converse();
      await rest();
    }
    const { out, err } = await ran;
    const serial = phone.hardware.serialNumber;

    // A complaint says what of the description it leaves out.
    expect(said).not.toMatch(/WARNING|Unable|Error/);
    expect(err).toBe("");
    expect(out.trim().split("\n")).toEqual([
      `device ${serial} ios`,
      "command DeviceInformation acknowledged",
      `answer ${serial}`,
    ]);
  },
);
