import { env } from "cloudflare:workers";
import { verify, X509Certificate } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
// What the object loads when it is asked: an import that one object began cannot be awaited by another in this runtime.
import "../../src/apple-business/maid-token.ts";
import { fromUtf8 } from "../../src/base/bytes.ts";
import { accounts, connected, newName, settled, uploadToken } from "../support/ade.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { FakeApple } from "../support/fake-apple/apple.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import type { AppleServer } from "../support/fake-apple/server.ts";
import { tokenFile } from "../support/fake-apple/token-file.ts";
import { enrolledDevice } from "../support/fleet.ts";

// A managed device asks for the token with which its user signs in, where the organization wants managed devices.

let apple: FakeApple;

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM ade_accounts").run();
  apple = appleAtFetch(new FakeApple());
});

/** A server of the portal that has this device, and its account here with the certificate that Apple knows. */
async function accountWith(serial?: string): Promise<{ server: AppleServer; certificate: string }> {
  const server = apple.addServer();
  const [any] = server.addDevices(1);
  if (any && serial !== undefined) server.add({ ...any, serial_number: serial });
  const name = newName();
  const { certificate } = (await ask("POST", accounts, { json: { name } })).json;
  await uploadToken(name, await tokenFile(server.issueToken(), certificate));
  await settled(name);
  return { server, certificate };
}

const askFor = async (device: AppleDevice) => {
  const { status, tokenData } = await device.getToken("com.apple.maid");
  return { status, jwt: tokenData && fromUtf8(tokenData) };
};

function claimsOf(jwt: string, certificate: string): Record<string, unknown> {
  const [head = "", claims = "", signature = ""] = jwt.split(".");
  const { publicKey } = new X509Certificate(certificate);
  const signed = Buffer.from(`${head}.${claims}`);
  expect(verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  return JSON.parse(Buffer.from(claims, "base64url").toString());
}

test("is signed with the key of the account that has the device, and no two are the same", async () => {
  const phone = await enrolledDevice("iphone", { ade: true });
  await accountWith();
  const { server, certificate } = await accountWith(phone.hardware.serialNumber);

  const [first, second] = [await askFor(phone), await askFor(phone)];

  const claims = claimsOf(first.jwt ?? "", certificate);
  expect(claims).toEqual({
    iss: server.uuid,
    iat: expect.any(Number),
    jti: expect.any(String),
    service_type: "com.apple.maid",
  });
  expect(Math.abs(Number(claims.iat) - Date.now() / 1000)).toBeLessThan(60);
  expect(claimsOf(second.jwt ?? "", certificate).jti).not.toBe(claims.jti);
});

test("comes from the only account for a device that the portal does not have", async () => {
  const phone = await enrolledDevice("iphone", { userEnrollment: true });
  const { server, certificate } = await accountWith();

  expect(claimsOf((await askFor(phone)).jwt ?? "", certificate).iss).toBe(server.uuid);

  await accountWith();
  expect(await askFor(phone)).toEqual({ status: 400, jwt: undefined });
});

test("is refused without an account, and where the account's token came without a key", async () => {
  const phone = await enrolledDevice("iphone");
  expect(await askFor(phone)).toEqual({ status: 400, jwt: undefined });

  const server = apple.addServer();
  const name = await connected(server);
  await env.DB.prepare("UPDATE ade_accounts SET certificate = NULL, sealed_key = NULL WHERE name = ?")
    .bind(name)
    .run();
  expect(await askFor(phone)).toEqual({ status: 400, jwt: undefined });
});
