import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPortalFile } from "../../src/apns/certificate-request.ts";
import { readPem } from "../../src/pki/pem.ts";
import { testIdentity } from "../support/test-pki.ts";

const pki = resolve(import.meta.dirname, "../fixtures/pki");
const csr = readFileSync(join(pki, "request.csr.pem"), "utf8");

test("the request that the server made is signed here, with the vendor's files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "edgemdm-vendor-"));
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization}`);
    outgoing.writeHead(201).end(JSON.stringify({ id: "r1", csr }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const root = await testIdentity({ commonName: "Apple Root CA", isCa: true });
  const vendor = await testIdentity({ commonName: "MDM Vendor", key: "RSA-2048", issuer: root });
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const out = join(folder, "upload.b64");
  const files = [
    file("vendor.pem", vendor.certificatePem),
    file("key.pem", vendor.keyPem),
    file("apple.pem", root.certificatePem),
  ];
  const run = (...vendorFiles: string[]) =>
    script(
      "--url",
      url,
      "--account",
      "a@example.com",
      "--out",
      out,
      ...vendorFiles.flatMap((f) => ["--vendor", f]),
    );

  const incomplete = await run(...files.slice(0, 2));
  const whole = await run(...files);

  expect([incomplete.code, incomplete.said]).toEqual([
    1,
    expect.stringContaining("AppleIncRootCertificate.cer"),
  ]);
  expect([whole.code, whole.said]).toEqual([0, expect.stringContaining("request r1")]);
  expect(asked).toEqual(["POST /api/v1/push-certificate-requests Bearer let me in"]);
  const read = readPortalFile(readFileSync(out, "utf8"));
  expect(read).toMatchObject({ ok: true, value: { csr: readPem(csr)[0]?.der } });
});

function script(...args: string[]): Promise<{ code: number | null; said: string }> {
  const path = resolve(import.meta.dirname, "../../scripts/push-request.ts");
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, EDGEMDM_TOKEN: "let me in" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}
