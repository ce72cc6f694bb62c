import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { type AppleDevice, appleDevice } from "../support/apple-device.ts";
import { eventually } from "../support/eventually.ts";
import { builtWorker } from "../support/node/built-worker.ts";
import { testTopic } from "../support/test-pki.ts";

// A fleet leaves by its backup. Whether NanoMDM itself takes what is sent is tried outside of this project
// (docs/moving-in.md); here it is heard what would reach it, word by word.

const adminToken = "an-admin-token-of-at-least-32-characters";
const masterKey = Buffer.alloc(32, 9).toString("base64");
type Heard = { authorization: string | undefined; method: string; body: string };
let harness: ReturnType<typeof createTestHarness>;
let address: URL;
let folder: string;
let nano: Server;
let heard: Heard[] = [];
let status = 200;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgemdm-out-"));
  harness = createTestHarness({
    workers: [{ ...(await builtWorker()), secrets: { MASTER_KEY: masterKey, ADMIN_TOKEN: adminToken } }],
  });
  address = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
  nano = createServer(async (request, response) => {
    const { method = "", headers } = request;
    heard.push({ authorization: headers.authorization, method, body: await text(request) });
    response.writeHead(status).end();
  });
  await new Promise<void>((done) => nano.listen(0, "127.0.0.1", done));
});
afterAll(async () => {
  await harness.close();
  nano.close();
  rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string, json?: object) {
  const answer = await fetch(new URL(`/api/v1${path}`, address), {
    method,
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
    ...(json && { body: JSON.stringify(json) }),
  });
  return (await answer.json()) as Record<string, string>;
}

async function enrolled(flavour: "mac" | "iphone"): Promise<AppleDevice> {
  const { challenge, scep_url } = await ask("POST", "/enrollment/challenges", {});
  const device = appleDevice(flavour, {
    transport: (request) => {
      const url = new URL(request.url);
      return fetch(new Request(new URL(url.pathname + url.search, address), request));
    },
    requireHttps: false,
  });
  const serverUrl = new URL("/mdm", address).href;
  await device.enroll({
    serverUrl,
    topic: testTopic,
    scepUrl: String(scep_url),
    challenge: String(challenge),
  });
  return device;
}

function script(
  name: string,
  args: string[],
  key = masterKey,
): Promise<{ code: number | null; said: string }> {
  const path = resolve(import.meta.dirname, `../../scripts/${name}.ts`);
  const environment = { EDGEMDM_TOKEN: adminToken, NANOMDM_KEY: "theirs", MASTER_KEY: key };
  const child = spawn(process.execPath, [path, ...args], { env: { ...process.env, ...environment } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}

const kindsOf = (device: AppleDevice) =>
  heard
    .filter(({ body }) => body.includes(device.id))
    .map(({ body }) => /<key>MessageType<\/key>\s*<string>(\w+)</.exec(body)?.[1]);

test("each enrolled device is told of, in the order that NanoMDM needs, with all its tokens, once", async () => {
  await ask("POST", "/authorities", { if_none: true });
  const mac = await enrolled("mac");
  await mac.setBootstrapToken();
  const phone = await enrolled("iphone");
  // Later ones come without the unlock token.
  await phone.tokenUpdate();
  const gone = await enrolled("iphone");
  await gone.checkOut();
  await eventually(async () => {
    const { items } = (await ask("GET", "/devices")) as unknown as { items: { state: string }[] };
    expect(items.map(({ state }) => state).sort()).toEqual(["enrolled", "enrolled", "unenrolled"]);
  });
  const backup = join(folder, "fleet.ndjson");
  expect((await script("backup", ["--url", address.origin, "--out", backup])).code).toBe(0);
  const to = `http://127.0.0.1:${(nano.address() as AddressInfo).port}/migration`;

  status = 500;
  const refused = await script("move-out", ["--in", backup, "--to", to]);
  expect(refused.code).toBe(1);
  expect(refused.said).toContain("failed at its Authenticate: 500");
  status = 200;
  heard = [];

  const moved = await script("move-out", ["--in", backup, "--to", to]);

  expect(moved.said).toContain("2 moved, 0 moved before, 1 not enrolled, 0 failed");
  expect(moved.code).toBe(0);
  expect(kindsOf(mac)).toEqual(["Authenticate", "TokenUpdate", "SetBootstrapToken", "TokenUpdate"]);
  expect(kindsOf(phone)).toEqual(["Authenticate", "TokenUpdate"]);
  expect(kindsOf(gone)).toEqual([]);
  const ofPhone = heard.findLast(({ body }) => body.includes(phone.id));
  expect(ofPhone).toMatchObject({
    method: "PUT",
    authorization: `Basic ${btoa("nanomdm:theirs")}`,
    body: expect.stringContaining("<key>UnlockToken</key>"),
  });
  expect(ofPhone?.body).toMatch(/^<\?xml/);
  const token = heard.find(({ body }) => body.includes("SetBootstrapToken"))?.body.replaceAll(/\s/g, "");
  expect(token).toContain(Buffer.from(mac.bootstrapToken).toString("base64"));

  heard = [];
  const again = await script("move-out", ["--in", backup, "--to", to]);
  expect(again.said).toContain("0 moved, 2 moved before");
  expect(heard).toEqual([]);
});

test("under another master key nothing is sent", async () => {
  const backup = join(folder, "other.ndjson");
  await script("backup", ["--url", address.origin, "--out", backup]);
  heard = [];

  const other = Buffer.alloc(32, 1).toString("base64");
  const { code, said } = await script(
    "move-out",
    ["--in", backup, "--to", "http://127.0.0.1:9/migration"],
    other,
  );

  expect(code).toBe(1);
  expect(said).toContain("not under this MASTER_KEY");
  expect(heard).toEqual([]);
});
