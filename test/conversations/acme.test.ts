import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  acmeDevice,
  attempt,
  attestedDevice,
  failureOf,
  inviteByAcme,
  parametersOf,
  sourceOf,
} from "../support/acme.ts";
import { ask } from "../support/admin.ts";
import { AcmeClient, enrolByAcme } from "../support/apple-device/acme.ts";
import { readCertificate } from "../support/apple-device/certificate.ts";
import { hex } from "../support/apple-device/der.ts";
import { EnrollmentFailed } from "../support/apple-device.ts";
import {
  alarmOf,
  enrolledDevice,
  give,
  invite,
  newDevice,
  objectOf,
  stateOf,
  transport,
} from "../support/fleet.ts";

describe("a device gets its identity by ACME, and is managed with it", () => {
  test.each([
    ["iphone", 256],
    ["iphone", 384],
    ["mac", 384],
    ["ipad", 256],
    ["visionPro", 256],
  ] as const)("%s, with a key of %i bits", async (flavour, keySize) => {
    const device = await attestedDevice(flavour, { keySize });
    const uuid = await give(device, "DeviceInformation", { Queries: ["DeviceName"] });

    await device.converse();

    expect(await stateOf(device, uuid)).toBe("acknowledged");
    const { serialNumber, udid, provisioningUdid } = device.hardware;
    expect(await objectOf(device).describe()).toMatchObject({
      state: "enrolled",
      proven: { serial_number: "attestation", ...(udid === provisioningUdid && { udid: "attestation" }) },
      attestation: { by: "acme", facts: { serial: serialNumber, udid: provisioningUdid } },
    });
  });

  test("and what was attested stands in the list of devices", async () => {
    const device = await attestedDevice("mac");
    const other = await enrolledDevice();
    await alarmOf(device);
    await alarmOf(other);

    const { json } = await ask("GET", "/api/v1/devices?attested_within=7d");

    const ids = json.items.map(({ id }: { id: string }) => id);
    expect([ids.includes(device.id), ids.includes(other.id)]).toEqual([true, false]);
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json.attestation).toMatchObject({
      by: "acme",
      serial: device.hardware.serialNumber,
      secure_boot: "full",
      sip_enabled: true,
      third_party_kernel_extensions: false,
    });
    expect((await ask("GET", `/api/v1/devices/${other.id}`)).json.attestation).toBeNull();
  });

  test("with the leaf first, for the key that was attested, and a key usage that fits it", async () => {
    const { identity, certificates } = await attempt({});

    const leaf = readCertificate(certificates[0] ?? new Uint8Array());
    const issuer = readCertificate(certificates[1] ?? new Uint8Array());
    expect(hex(leaf.spki)).toBe(hex(identity.key.spki));
    expect([leaf.isCa, issuer.isCa, leaf.keyUsage]).toEqual([false, true, 0x80]);
  });

  test("without attestation where that is only preferred; nothing of it is proven", async () => {
    const device = newDevice("iphone");
    const invitation = await inviteByAcme({}, "preferred");
    const { identity } = await enrolByAcme(
      parametersOf(invitation),
      acmeDevice(device, { attestationFails: true }),
    );
    await device.enroll({ ...sourceOf, identity });

    expect(await objectOf(device).describe()).toMatchObject({ attestation: null, proven: {} });
  });
});

test("every answer has a nonce that was not given before, and none may be cached", async () => {
  const seen = new Set<string | null>();
  const headers: (string | null)[] = [];
  const watched: typeof transport = async (request) => {
    const response = await transport(request);
    seen.add(response.headers.get("replay-nonce"));
    headers.push(response.headers.get("cache-control"));
    return response;
  };

  await attempt({ transport: watched });

  expect(seen.has(null)).toBe(false);
  expect([seen.size, headers.every((one) => one === "no-store")]).toEqual([headers.length, true]);
});

test("an order is not finalized before it is ready, nor twice", async () => {
  const { client, links } = await attempt({});

  expect(await failureOf(client.post("finalize", links.finalize, { csr: "AAAA" }))).toMatchObject({
    problem: "orderNotReady",
    status: 403,
  });
});

test("an answered challenge is shown in its present state", async () => {
  const { client, links } = await attempt({});

  const { status, json } = await client.post("challenge", links.challenge, {});

  expect([status, json.status]).toEqual([200, "valid"]);
});

test("a client identifier makes one identity, and is no challenge of SCEP", async () => {
  const invitation = await inviteByAcme();
  const { scepUrl, challenge } = await invite();
  const scep = newDevice("iphone").requestIdentity(scepUrl, invitation.clientIdentifier);
  await expect(scep).rejects.toMatchObject({ code: 22013 });
  const asAcme = attempt({}, { ...invitation, clientIdentifier: challenge });
  expect(await failureOf(asAcme)).toMatchObject({ problem: "rejectedIdentifier" });

  await failureOf(attempt({ attestationFails: true }, invitation));
  await attempt({}, invitation);

  expect(await failureOf(attempt({}, invitation))).toMatchObject({
    problem: "unauthorized",
    step: "finalize",
  });
});

test("an identity of one device serves no other, whatever that one tells of itself", async () => {
  const device = newDevice("iphone");
  const thief = newDevice("iphone");
  const { identity } = await enrolByAcme(parametersOf(await inviteByAcme()), acmeDevice(device));

  const stolen = thief.enroll({ ...sourceOf, identity });
  await expect(stolen).rejects.toBeInstanceOf(EnrollmentFailed);
  thief.hardware = { ...thief.hardware, serialNumber: device.hardware.serialNumber };
  await expect(thief.enroll({ ...sourceOf, identity })).rejects.toMatchObject({
    stage: "Authenticate",
    status: 403,
  });

  await device.enroll({ ...sourceOf, identity });
});

test("a stranger makes the server store nothing", async () => {
  const client = await AcmeClient.start(acmeDevice(newDevice("iphone")));
  const { json: directory } = await client.get("directory", "https://mdm.example.com/acme/directory");
  await client.get("newNonce", directory.newNonce, "HEAD");
  client.account = (await client.post("newAccount", directory.newAccount, {})).location;
  const identifiers = [{ type: "permanent-identifier", value: "guess" }];
  await failureOf(client.post("newOrder", directory.newOrder, { identifiers }));

  const { crv, kty, x, y } = client.jwk;
  const name = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  const tables = await runInDurableObject(env.ACME.getByName(name), (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );
  expect(tables).toEqual([]);
});

test("a day after its last order nothing of an account is left", async () => {
  const { client, orderUrl } = await attempt({});
  const { crv, kty, x, y } = client.jwk;
  const name = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");

  await runDurableObjectAlarm(env.ACME.getByName(name));

  expect(await failureOf(client.post("order", orderUrl, undefined))).toMatchObject({
    problem: "unauthorized",
  });
});

test("a signature whose numbers lack their leading zeros is taken", async () => {
  const short = (bytes: Uint8Array): Uint8Array => {
    const [r, s] = [bytes.slice(0, 32), bytes.slice(32)].map((number) =>
      number[0] === 0 ? number.slice(1) : number,
    );
    return Buffer.concat([r ?? bytes, s ?? bytes]);
  };
  let shortened = 0;
  const client = await AcmeClient.start(
    acmeDevice(newDevice("iphone"), {
      spoil: {
        newAccount: {
          signature: (bytes) => {
            const made = short(bytes);
            if (made.length < 64) shortened += 1;
            return made;
          },
        },
      },
    }),
  );
  const { json: directory } = await client.get("directory", "https://mdm.example.com/acme/directory");
  await client.get("newNonce", directory.newNonce, "HEAD");

  // One signature in 128 is short: this is all but sure to meet one.
  for (let tries = 0; tries < 1500 && shortened === 0; tries += 1)
    expect((await client.post("newAccount", directory.newAccount, {})).status).toBe(201);

  expect(shortened).toBe(1);
});
