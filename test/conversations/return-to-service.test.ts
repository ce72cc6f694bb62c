import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
// What the object loads when it is asked: an import that one object began cannot be awaited by another in this runtime.
import "../../src/enrollment/return-to-service.ts";
import { patchSettings } from "../../src/admin/settings.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict } from "../../src/plist/value.ts";
import { ask, origin } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, objectOf, rewrite } from "../support/fleet.ts";
import { comeIn, prepare, provision, provisionedDevice } from "../support/provisioned.ts";

beforeEach(async () => {
  await prepare();
  await patchSettings(env, { return_to_service_wifi_profile: null }, Date.now());
});

/** What the device would get, as an administrator who orders it leaves it to the server. */
async function ordered(device: { id: string }): Promise<PlistDict> {
  await alarmOf(device);
  const answer = await ask("POST", `/api/v1/devices/${device.id}/commands?push=false`, {
    json: { request_type: "EraseDevice", payload: { ReturnToService: { Enabled: true } } },
  });
  expect(answer.status, answer.text).toBe(201);
  const { body } = (await objectOf(device).readCommand("", answer.json.uuid)) ?? {};
  const read = readPlist(body ?? new Uint8Array());
  const command = read.ok && read.value instanceof Map ? read.value.get("Command") : undefined;
  return (command as PlistDict).get("ReturnToService") as PlistDict;
}

test("a device that Apple sends here needs no profile: it finds its enrollment by itself", async () => {
  const { device, factory } = await provisionedDevice("iphone");
  await comeIn(device, factory);

  expect([...(await ordered(device)).keys()]).toEqual(["Enabled"]);
});

test("a device whose person would have to sign in takes a profile along, for itself alone", async () => {
  const { device, factory } = await provisionedDevice("iphone");
  await comeIn(device, factory);
  const web = { configuration_web_url: `${origin}/enroll/ade/web` };
  await provision(device.hardware.serialNumber, web);

  const first = (await ordered(device)).get("MDMProfileData") as Uint8Array<ArrayBuffer>;
  const second = (await ordered(device)).get("MDMProfileData") as Uint8Array<ArrayBuffer>;

  expect(Buffer.compare(first, second)).not.toBe(0);
  device.erase();
  await device.enroll({ profile: second, freshKey: true });
  expect((await objectOf(device).describe())?.generation).toBe(2);
});

test("a device that was enrolled by hand takes a profile along, and the network", async () => {
  const wifi = Buffer.from("<plist><dict/></plist>").toString("base64");
  await patchSettings(env, { return_to_service_wifi_profile: wifi }, Date.now());
  const device = await enrolledDevice("iphone");

  const wish = await ordered(device);

  expect([...wish.keys()].sort()).toEqual(["Enabled", "MDMProfileData", "WiFiProfileData"]);
});

test("a device that keeps its apps is given back its bootstrap token", async () => {
  const { device, factory } = await provisionedDevice("ipad", { profile: { is_return_to_service: true } });
  await comeIn(device, factory);
  await device.setBootstrapToken();

  const wish = await ordered(device);

  expect(Buffer.compare(wish.get("BootstrapToken") as Uint8Array, device.bootstrapToken)).toBe(0);
});

describe("a device that returns by itself", () => {
  const asked = async (device: AppleDevice): Promise<PlistDict> => {
    const read = readPlist((await device.returnToService()).body);
    const answer = read.ok && read.value instanceof Map ? read.value.get("ReturnToService") : undefined;
    return answer as PlistDict;
  };

  test("finds its enrollment at Apple, or takes along a fresh profile where its person would have to sign in", async () => {
    await patchSettings(env, { return_to_service: true }, Date.now());
    const { device, factory } = await provisionedDevice("ipad", { profile: { is_return_to_service: true } });
    await comeIn(device, factory);
    await device.setBootstrapToken();

    const found = await asked(device);
    expect(found.get("BootstrapToken")).toEqual(device.bootstrapToken);
    expect(found.has("MDMProfileData")).toBe(false);

    await provision(device.hardware.serialNumber, { configuration_web_url: `${origin}/enroll/ade/web` });
    const first = (await asked(device)).get("MDMProfileData") as Uint8Array<ArrayBuffer>;
    const second = (await asked(device)).get("MDMProfileData") as Uint8Array<ArrayBuffer>;
    expect(Buffer.compare(first, second)).not.toBe(0);

    device.erase();
    await device.enroll({ profile: second, freshKey: true });
    expect((await objectOf(device).describe())?.generation).toBe(2);
    await patchSettings(env, { return_to_service: false }, Date.now());
  });
});

test.each([
  ["iphone", "27.0", true],
  ["iphone", "26.4", false],
  ["ipad", "27.1", true],
  ["appleTv", "27.0", false],
] as const)("an %s with system %s is told to ask again: %s", async (flavour, version, isTold) => {
  const { device, factory } = await provisionedDevice(flavour);
  await comeIn(device, factory);
  await rewrite(device, "UPDATE device SET facts = json_set(facts, '$.OSVersion', ?)", version);

  expect((await ordered(device)).has("ShouldRetryEnrollment")).toBe(isTold);
});
