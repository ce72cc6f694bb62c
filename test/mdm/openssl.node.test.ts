import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { writePlist } from "../../src/plist/write.ts";
import { appleDevice, type Identity, newKey } from "../support/apple-device.ts";
import { builtWorker } from "../support/node/built-worker.ts";

// An identity that the built Worker issued, and messages that openssl signs with it, over HTTP.

const missing = spawnSync("openssl", ["version"]).status === 0 ? undefined : "openssl is not installed";
if (missing) console.warn(`${missing}: messages signed by openssl are skipped`);

const adminToken = "an-admin-token-of-at-least-32-characters";
const secrets = { MASTER_KEY: Buffer.alloc(32, 5).toString("base64"), ADMIN_TOKEN: adminToken };
const harness = createTestHarness({ workers: [{ ...(await builtWorker()), secrets }] });
const folder = mkdtempSync(join(tmpdir(), "edgemdm-openssl-"));
const at = (name: string): string => join(folder, name);

const udid = "OPENSSL-DEVICE-1";
const authenticate = writePlist({ MessageType: "Authenticate", Topic: "com.apple.mgmt.test", UDID: udid });
const idle = writePlist({ Status: "Idle", UDID: udid });
const tokenUpdate = writePlist({
  MessageType: "TokenUpdate",
  Topic: "com.apple.mgmt.test",
  UDID: udid,
  PushMagic: "magic",
  Token: new Uint8Array(32),
});

let address: URL;
let identity: Identity;

const api = async (path: string, json: object) => {
  const headers = { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" };
  const answer = await fetch(new URL(path, address), { method: "POST", headers, body: JSON.stringify(json) });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return (await answer.json()) as { challenge: string; scep_url: string };
};

/** What `openssl cms -sign` makes of a body, base64 in one line. */
function signed(body: Uint8Array, signer: string, ...more: string[]): string {
  writeFileSync(at("body"), body);
  const files = [
    "-in",
    at("body"),
    "-signer",
    at(`${signer}.pem`),
    "-inkey",
    at(`${signer}.key`),
    "-out",
    at("signature"),
  ];
  execFileSync("openssl", ["cms", "-sign", "-binary", "-outform", "DER", ...files, ...more]);
  return readFileSync(at("signature")).toString("base64");
}

async function put(body: Uint8Array, signature: string): Promise<number> {
  const headers = { "Mdm-Signature": signature };
  return (await fetch(new URL("/mdm", address), { method: "PUT", headers, body })).status;
}

describe.skipIf(missing)("a message that openssl signed", () => {
  beforeAll(async () => {
    address = (await harness.listen()).url;
    await harness.getWorker().applyD1Migrations("DB");
    await api("/api/v1/authorities", {});
    const { challenge } = await api("/api/v1/enrollment/challenges", { udid });
    const applicant = appleDevice("iphone", { transport: (request) => fetch(request) });
    identity = await applicant.requestIdentity(new URL("/scep", address).href, challenge);
    writeFileSync(at("device.key"), identity.key.pem);
    writeFileSync(at("device.der"), identity.certificate);
    execFileSync("openssl", ["x509", "-inform", "DER", "-in", at("device.der"), "-out", at("device.pem")]);
    writeFileSync(at("stranger.key"), (await newKey()).pem);
    const self = [
      "req",
      "-x509",
      "-new",
      "-subj",
      "/CN=stranger",
      "-key",
      at("stranger.key"),
      "-out",
      at("stranger.pem"),
    ];
    execFileSync("openssl", self);
  });
  afterAll(async () => {
    await harness.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["with signed attributes", []],
    ["without them", ["-noattr"]],
    ["with SHA-1, as older systems do", ["-md", "sha1", "-noattr"]],
    ["naming its certificate by key id", ["-keyid"]],
    ["with PSS", ["-keyopt", "rsa_padding_mode:pss"]],
  ])("%s identifies the device", async (_, more) => {
    expect(await put(authenticate, signed(authenticate, "device", ...more))).toBe(200);
  });

  test("enrols it, and lets it connect", async () => {
    expect(await put(tokenUpdate, signed(tokenUpdate, "device"))).toBe(200);
    expect(await put(idle, signed(idle, "device"))).toBe(200);
  });

  test("with one byte changed is refused", async () => {
    const changed = idle.slice();
    changed[50] = (changed[50] ?? 0) ^ 1;

    expect(await put(changed, signed(idle, "device"))).toBe(400);
  });

  test("by another authority's certificate is refused", async () => {
    expect(await put(idle, signed(idle, "stranger"))).toBe(403);
  });

  test("that brings its own content, or no certificate, or a second signer is refused", async () => {
    const twice = ["-signer", at("stranger.pem"), "-inkey", at("stranger.key")];

    expect(await put(idle, signed(idle, "device", "-nodetach"))).toBe(400);
    // Streaming cannot detach: what comes out is in indefinite lengths, content included.
    expect(await put(idle, signed(idle, "device", "-stream"))).toBe(400);
    expect(await put(idle, signed(idle, "device", "-nocerts"))).toBe(400);
    expect(await put(idle, signed(idle, "device", ...twice))).toBe(400);
  });

  test("by an identity that was revoked is refused", async () => {
    const digest = await crypto.subtle.digest("SHA-256", identity.certificate);
    await api(`/api/v1/certificates/${Buffer.from(digest).toString("hex")}/revoke`, {
      reason: "keyCompromise",
    });

    expect(await put(idle, signed(idle, "device"))).toBe(403);
  });
});
