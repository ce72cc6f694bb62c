import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../support/node/built-worker.ts";

// strongSwan's SCEP client (Debian: strongswan-pki, libstrongswan-extra-plugins), the strictest there is of RFC 8894,
// against the Worker as it is built, over HTTP; openssl judges what it gets.
//
// Version 5.9.8, which Debian 12 has, mistakes the numbers of capabilities for their bits: it finds SHA-256 only where
// DES3 is offered, and never finds AES. So it asks in 3DES of a server that reads it; the answers are AES all the same.

const found = spawnSync("pki", ["--help"], { encoding: "utf8" });
const missing =
  found.status === null
    ? "pki of strongswan-pki is not installed"
    : /\bcurl\b/.test(found.stdout + found.stderr)
      ? undefined
      : "pki has no curl plugin: libstrongswan-extra-plugins is not installed";
if (missing) console.warn(`${missing}: strongSwan's SCEP conversations are skipped`);

const adminToken = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      vars: { SCEP_LEGACY_CIPHERS: "true" },
      secrets: { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken },
    },
  ],
});

const folder = mkdtempSync(join(tmpdir(), "edgemdm-scep-"));
const at = (name: string): string => join(folder, name);
const run = async (program: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { cwd: folder, timeout: 30_000 })).stdout;

let address: URL;
let authority: { id: string; subject: string; certificate: string };

const api = async (path: string, json?: object) => {
  const answer = await fetch(new URL(path, address), {
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
    ...(json && { method: "POST", body: JSON.stringify(json) }),
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return answer.json();
};

const challenge = async (): Promise<string> =>
  ((await api("/api/v1/enrollment/challenges", { serial: "C02SWAN" })) as { challenge: string }).challenge;

const scep = async (name: string, ...more: string[]): Promise<void> => {
  await run("openssl", "genrsa", "-traditional", "-out", `${name}.key`, "2048");
  const url = new URL("/scep", address).href;
  const trust = [
    "--cacert-enc",
    "ca.pem",
    "--cacert-sig",
    "ca.pem",
    "--cacert",
    "ca.pem",
    "--cipher",
    "des3",
  ];
  const { stdout } = await promisify(execFile)(
    "pki",
    ["--scep", "--url", url, "--in", `${name}.key`, ...trust, "--outform", "pem", ...more],
    { cwd: folder, timeout: 30_000 },
  );
  writeFileSync(at(`${name}.pem`), stdout.slice(stdout.indexOf("-----BEGIN")));
};

/** A device takes that identity into use; until one does, nobody is granted its renewal. */
const enrol = async (name: string, udid: string): Promise<void> => {
  const Topic = "com.apple.mgmt.External.11111111-2222-3333-4444-555555555555";
  await checkin(name, { MessageType: "Authenticate", UDID: udid, SerialNumber: "C02SWAN", Topic });
  await checkin(name, { MessageType: "TokenUpdate", UDID: udid, Topic, PushMagic: "magic" });
};

const checkin = async (name: string, message: Record<string, string>): Promise<void> => {
  const keys = Object.entries(message).map(([key, text]) => `<key>${key}</key><string>${text}</string>`);
  const token = `<key>Token</key><data>${Buffer.alloc(32, 7).toString("base64")}</data>`;
  const body = `<plist version="1.0"><dict>${keys.join("")}${token}</dict></plist>`;
  writeFileSync(at("message"), body);
  const identity = ["-signer", `${name}.pem`, "-inkey", `${name}.key`];
  const form = ["-binary", "-outform", "DER", "-in", "message", "-out", "signature"];
  await run("openssl", "cms", "-sign", ...identity, ...form);
  const answer = await fetch(new URL("/mdm", address), {
    method: "PUT",
    headers: {
      "Content-Type": "application/x-apple-aspen-mdm-checkin",
      "Mdm-Signature": readFileSync(at("signature")).toString("base64"),
    },
    body,
  });
  expect([message.MessageType, answer.status]).toEqual([message.MessageType, 200]);
};

const crl = async (): Promise<void> => {
  const list = await fetch(new URL(`/crl/${authority.id}.crl`, address));
  expect(list.headers.get("Content-Type")).toBe("application/pkix-crl");
  writeFileSync(at("list.crl"), new Uint8Array(await list.arrayBuffer()));
  await run("openssl", "crl", "-inform", "DER", "-in", "list.crl", "-out", "list.pem");
};

const verify = (name: string) =>
  run(
    "openssl",
    "verify",
    "-crl_check",
    "-purpose",
    "sslclient",
    "-CAfile",
    "ca.pem",
    "-CRLfile",
    "list.pem",
    `${name}.pem`,
  );

describe.skipIf(missing)("strongSwan", () => {
  beforeAll(async () => {
    address = (await harness.listen()).url;
    await harness.getWorker().applyD1Migrations("DB");
    authority = (await api("/api/v1/authorities", {})) as typeof authority;
  });
  afterAll(async () => {
    await harness.close();
    rmSync(folder, { recursive: true });
  });

  test("fetches the authority, and it is the one the API shows", async () => {
    await run(
      "pki",
      "--scepca",
      "--url",
      new URL("/scep", address).href,
      "--caout",
      "ca.pem",
      "--outform",
      "pem",
    );

    expect(readFileSync(at("ca.pem"), "utf8").trim()).toBe(authority.certificate.trim());
  });

  test.each([
    ["with its defaults", []],
    ["with PSS signatures", ["--rsa-padding", "pss"]],
  ])("enrols %s, and openssl accepts the certificate against the list", async (_, more) => {
    await scep("device", "--dn", "C=DE, O=Example, CN=device 1", "--password", await challenge(), ...more);
    await crl();

    expect(await verify("device")).toContain("device.pem: OK");
    expect(await run("openssl", "x509", "-in", "device.pem", "-noout", "-subject")).toContain(
      "CN = device 1",
    );
  });

  test("renews with the identity it holds, and gets the same name for a new key", async () => {
    await scep("first", "--dn", "O=Example, CN=renewing", "--password", await challenge());
    await enrol("first", "00008020-000000000000001E");

    await scep("second", "--dn", "O=Example, CN=renewing", "--cert", "first.pem", "--key", "first.key");
    await crl();

    expect(await verify("second")).toContain("OK");
    const subjects = ["first", "second"].map((name) =>
      run("openssl", "x509", "-in", `${name}.pem`, "-noout", "-subject"),
    );
    expect(new Set(await Promise.all(subjects)).size).toBe(1);
  });

  test("is refused with a challenge of nobody, and with an identity that was revoked", async () => {
    await expect(scep("wrong", "--dn", "CN=wrong", "--password", "nonsense")).rejects.toThrow("badRequest");

    await scep("lost", "--dn", "CN=lost", "--password", await challenge());
    const print = await run("openssl", "x509", "-in", "lost.pem", "-noout", "-fingerprint", "-sha256");
    const name = print.replace(/^.*=/, "").replaceAll(":", "").trim().toLowerCase();
    await api(`/api/v1/certificates/${name}/revoke`, { reason: "keyCompromise" });

    await expect(
      scep("again", "--dn", "CN=lost", "--cert", "lost.pem", "--key", "lost.key"),
    ).rejects.toThrow();
    await crl();
    await expect(verify("lost")).rejects.toThrow("certificate revoked");
  });
});
