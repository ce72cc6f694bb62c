import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { planAttestation } from "../../src/device/results/ask-attestation.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice, AppleDeviceOptions, FlavourName } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, invite, outboxOf, rewrite } from "../support/fleet.ts";

// A device that is enrolled attests what it is when it is asked: DeviceInformation, DevicePropertiesAttestation.

const day = 86_400_000;

beforeAll(async () => {
  await invite();
  await patchSettings(env, { attestation_interval_days: 7 }, Date.now());
});

async function askedDevice(
  flavour: FlavourName,
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  const device = await enrolledDevice(flavour, options);
  await askAgain(device);
  return device;
}

/** It is the device's turn now; it answers, and the answer is read. */
async function askAgain(device: AppleDevice): Promise<void> {
  await rewrite(device, "UPDATE device SET attestation_due_at = 1, attestation_failure = NULL");
  await alarmOf(device);
  await device.converse();
  await alarmOf(device);
}

const detailOf = async (device: AppleDevice) => (await ask("GET", `/api/v1/devices/${device.id}`)).json;

test.each(["iphone", "mac", "ipad"] as const)("%s attests itself, and the list finds it", async (flavour) => {
  const device = await askedDevice(flavour);

  expect(await detailOf(device)).toMatchObject({
    attestation: {
      by: "device-information",
      serial: device.hardware.serialNumber,
      os_version: device.flavour.osVersion,
    },
    attestation_failure: null,
  });
  await alarmOf(device);
  const { json } = await ask("GET", "/api/v1/devices?attested_within=1h&limit=100");
  expect(json.items.map(({ id }: { id: string }) => id)).toContain(device.id);
});

test("an attestation that Apple gave before, told once more, keeps its age", async () => {
  const device = await askedDevice("iphone");
  const first = (await detailOf(device)).attestation.attested_at;
  await rewrite(device, "UPDATE device SET attestation = NULL");

  await askAgain(device);

  expect((await detailOf(device)).attestation.attested_at).toBe(first);
});

describe("a device that cannot be believed is told of, and keeps what it had", () => {
  const other = { serialNumber: "OTHER12345", udid: "00008110-000A11112222801E" };

  test.each<[string, Partial<AppleDeviceOptions>, RegExp]>([
    ["it answers without an attestation", { acme: { attestationFails: true } }, /without an attestation/],
    ["another device's is told", { acme: { hardware: other } }, /attested serial number is OTHER12345/],
  ])("%s", async (_, options, detail) => {
    const device = await askedDevice("iphone", options);

    const told = await detailOf(device);
    expect(told.attestation).toBeNull();
    expect(told.attestation_failure.detail).toMatch(detail);
    const { json } = await ask("GET", `/api/v1/devices/${device.id}/events`);
    const names = [
      ...json.items.map(({ name }: { name: string }) => name),
      ...(await outboxOf(device)).map(({ name }) => name),
    ];
    expect(names).toContain("attestation.failed");
  });
});

test.each(["intelMac", "oldIphone"] as const)("%s is asked as far as it can attest", async (flavour) => {
  const device = await enrolledDevice(flavour);
  await rewrite(device, "UPDATE device SET attestation_due_at = 1");
  await alarmOf(device);

  const { command } = await device.idle();

  expect(command?.requestType).toBe(flavour === "intelMac" ? undefined : "DeviceInformation");
});

test("it is not asked again before its time, and not soon after a failure", () => {
  const now = 1_000 * day;

  expect(planAttestation(7, undefined, undefined, now)).toEqual({ asks: true, nextAt: now + day });
  expect(planAttestation(7, now - 6 * day, undefined, now)).toEqual({ asks: false, nextAt: now + day });
  expect(planAttestation(1, now - 6 * day, undefined, now).asks).toBe(false);
  expect(planAttestation(30, now, undefined, now)).toEqual({ asks: false, nextAt: now + 7 * day });
  expect(planAttestation(7, now - 8 * day, now - 1, now)).toEqual({ asks: false, nextAt: now + day - 1 });
  expect(planAttestation(0, undefined, undefined, now)).toEqual({ asks: false, nextAt: now + 7 * day });
});
