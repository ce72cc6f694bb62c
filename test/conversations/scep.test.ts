import { exports } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { ask, origin } from "../support/admin.ts";
import { readCertificate } from "../support/apple-device/certificate.ts";
import { hex } from "../support/apple-device/der.ts";
import {
  type AppleDevice,
  appleDevice,
  type FlavourName,
  newKey,
  type Transport,
} from "../support/apple-device.ts";
import { whereOldCiphersAreRead } from "../support/scep-client.ts";

// Devices that know nothing of the server's code ask it for identities.

const scepUrl = `${origin}/scep`;
const toWorker: Transport = (request) => exports.default.fetch(request);
let challenge: string;

beforeAll(async () => {
  expect((await ask("POST", "/api/v1/authorities", { json: {} })).status).toBe(201);
});
beforeEach(async () => {
  challenge = (await ask("POST", "/api/v1/enrollment/challenges", { json: {} })).json.challenge;
});

const device = (flavour: FlavourName, transport = toWorker): AppleDevice =>
  appleDevice(flavour, { transport });

test.each(["mac", "iphone", "appleTv", "watch"] as const)(
  "%s gets an identity for its challenge",
  async (flavour) => {
    const { key, certificate } = await device(flavour).requestIdentity(scepUrl, challenge);

    const issued = readCertificate(certificate);
    expect(hex(issued.spki)).toBe(hex(key.spki));
    expect(issued.isCa).toBe(false);
  },
);

test("a client that saw no capabilities, and so sends a GET with 3DES and SHA-1, is served where that is allowed", async () => {
  const blind =
    (worker: Transport): Transport =>
    async (request) =>
      request.url.includes("GetCACaps") ? new Response("") : worker(request);

  const strict = device("iphone", blind(toWorker)).requestIdentity(scepUrl, challenge);
  await expect(strict).rejects.toMatchObject({ code: 22013 });
  const lenient = device("iphone", blind(whereOldCiphersAreRead));
  const { certificate } = await lenient.requestIdentity(scepUrl, challenge);

  expect(readCertificate(certificate).isCa).toBe(false);
});

test("who lost the reply and asks again with the same key gets the same certificate; another key gets none", async () => {
  const key = await newKey();
  const iphone = appleDevice("iphone", { transport: toWorker, newKey: async () => key });

  const first = await iphone.requestIdentity(scepUrl, challenge);
  const second = await iphone.requestIdentity(scepUrl, challenge);
  const thief = device("ipad").requestIdentity(scepUrl, challenge, true);

  expect(hex(second.certificate)).toBe(hex(first.certificate));
  await expect(thief).rejects.toMatchObject({ code: 22013, failInfo: "2" });
});

test.each(["", "not-a-challenge"])("challenge %j gets nothing", async (wrong) => {
  await expect(device("mac").requestIdentity(scepUrl, wrong)).rejects.toMatchObject({ code: 22013 });
});
