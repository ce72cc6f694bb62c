import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { accountCall, defineProfileCall, fetchDevicesCall } from "../../../src/ade/calls.ts";
import { adeClient } from "../../../src/ade/client.ts";
import { assignProfile } from "../../../src/ade/device-calls.ts";
import { openTokenFile } from "../../../src/ade/token-file.ts";
import { parseCertificate } from "../../../src/pki/parse-certificate.ts";
import { readPem } from "../../../src/pki/pem.ts";
import { FakeAppleService } from "./fake-apple.ts";

const pem = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../fixtures/pki/${name}.pem`), "utf8");
const der = (name: string) => readPem(pem(name))[0]?.der ?? new Uint8Array();

async function start(): Promise<{ service: FakeAppleService; baseUrl: string }> {
  const service = new FakeAppleService();
  const baseUrl = await service.listen();
  onTestFinished(() => service.close());
  return { service, baseUrl };
}

test("over HTTP: a certificate is uploaded, the token file opened, devices arrive and get a profile", async () => {
  const { service, baseUrl } = await start();
  const portal = `${baseUrl}/portal/servers/Berlin%20schools`;
  const upload = await fetch(`${portal}/token`, { method: "POST", body: pem("device.cert") });
  const certificate = parseCertificate(der("device.cert"));
  if (!certificate.ok) throw new Error("no certificate");
  const file = new Uint8Array(await upload.arrayBuffer());
  const token = await openTokenFile(
    file,
    { certificate: certificate.value, pkcs8: der("device.key") },
    Date.now(),
  );
  if (!token.ok) throw new Error(token.refusal.detail);
  await fetch(`${portal}/devices?count=3`, { method: "POST" });

  const client = adeClient({ token: token.value, baseUrl });
  const account = await client.call(accountCall());
  const page = await client.call(fetchDevicesCall(undefined));
  const defined = await client.call(
    defineProfileCall({ profile_name: "P", url: "https://mdm.example.com/" }),
  );
  if (!account.ok || !page.ok || !defined.ok) throw new Error("a call was refused");
  expect(account.value.server_name).toBe("Berlin schools");
  const serials = page.value.devices.map(({ serial_number }) => serial_number);
  expect(serials.length).toBe(3);
  const { answers } = await assignProfile(client, defined.value.profile_uuid, serials);

  expect([...answers.values()]).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
  expect(service.apple.servers[0]?.activate(serials[0] ?? "")).toMatchObject({ profile_name: "P" });
});

test("credentials in the clear, as a simulator gives them, open a session too", async () => {
  const { baseUrl } = await start();
  const token = (await (await fetch(`${baseUrl}/token`)).json()) as Parameters<typeof adeClient>[0]["token"];

  expect((await adeClient({ token, baseUrl }).call(accountCall())).ok).toBe(true);
});

test("what is no certificate gets no token file, and nothing else is in the portal", async () => {
  const { baseUrl } = await start();
  const post = (path: string, body: string) =>
    fetch(`${baseUrl}/portal/servers/a/${path}`, { method: "POST", body });

  expect((await post("token", "hello")).status).toBe(400);
  expect((await post("token", pem("p256.cert"))).status).toBe(400);
  expect((await post("else", "")).status).toBe(404);
});
