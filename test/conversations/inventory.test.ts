import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf } from "../support/fleet.ts";

async function answers(device: AppleDevice, requestType: string, payload: Parameters<typeof give>[2] = {}) {
  const uuid = await give(device, requestType, payload);
  await device.converse();
  await alarmOf(device);
  return uuid;
}

const queries = ["DeviceName", "OSVersion", "IsSupervised", "AvailableDeviceCapacity", "BatteryLevel"];

const devicesWhere = async (filter: string): Promise<string[]> => {
  const { json } = await ask("GET", `/api/v1/devices?limit=200&${filter}`);
  return json.items.map(({ id }: { id: string }) => id);
};

const eventsOf = async (device: AppleDevice, name: string) => {
  const query = "SELECT detail FROM events WHERE device_id = ? AND name = ? ORDER BY seq";
  const { results } = await env.DB.prepare(query).bind(device.id, name).all<{ detail: string }>();
  return results.map(({ detail }) => JSON.parse(detail));
};

describe("what a device tells of itself", () => {
  test("is in its row, and narrows the list", async () => {
    const [mac, phone] = [await enrolledDevice("mac"), await enrolledDevice("iphone")];

    for (const device of [mac, phone]) {
      await answers(device, "DeviceInformation", { Queries: queries });
      await answers(device, "SecurityInfo");
    }

    expect(await devicesWhere("supervised=true")).toContain(mac.id);
    expect(await devicesWhere("supervised=true")).not.toContain(phone.id);
    expect(await devicesWhere("supervised=false&platform=ios")).toContain(phone.id);
    expect(await devicesWhere("encrypted=true")).toEqual(expect.arrayContaining([mac.id, phone.id]));
    expect(await devicesWhere("passcode_present=true")).toEqual([phone.id]);
    expect(await devicesWhere(`inventory_before=${new Date(0).toISOString()}`)).toEqual([]);
    expect((await ask("GET", `/api/v1/devices/${phone.id}`)).json).toMatchObject({
      supervised: false,
      encrypted: true,
      passcode_compliant: true,
      available_gb: 312.07,
      battery_level: 0.82,
      activation_lock: null,
      inventory_at: expect.any(String),
    });
  });

  test("lost mode is known when the device has acknowledged it, and not when it refused it", async () => {
    const [lost, other] = [
      await enrolledDevice("iphone", { ade: true }),
      await enrolledDevice("iphone", { ade: true }),
    ];
    const isLost = async () => (await ask("GET", `/api/v1/devices/${lost.id}`)).json.lost_mode;

    await answers(lost, "EnableLostMode", { Message: "Please call the office" });
    await answers(other, "EnableLostMode", { Footnote: "says neither what to do nor whom to call" });

    expect(await isLost()).toBe(true);
    expect(await devicesWhere("lost_mode=true")).toEqual([lost.id]);

    await answers(lost, "DisableLostMode");
    expect(await isLost()).toBe(false);
    expect(await devicesWhere("lost_mode=true")).toEqual([]);
  });

  test("a new name or system is in the list, and its words find it", async () => {
    const mac = await enrolledDevice("mac");
    await alarmOf(mac);
    mac.state.deviceName = "Quixotic Machine";

    await answers(mac, "DeviceInformation", { Queries: queries });

    expect(await devicesWhere("search=quixotic")).toEqual([mac.id]);
  });

  test("told again, it writes nothing to the directory", async () => {
    const mac = await enrolledDevice("mac");
    const tellAll = async () => {
      await answers(mac, "DeviceInformation", { Queries: queries });
      await answers(mac, "SecurityInfo");
      await answers(mac, "InstalledApplicationList");
      await answers(mac, "ProfileList");
      await answers(mac, "CertificateList");
    };
    await tellAll();
    const before = await eventsOf(mac, "inventory.updated");

    await tellAll();

    expect(before).toHaveLength(5);
    expect(await eventsOf(mac, "inventory.updated")).toEqual(before);
  });

  test("a part of the information leaves the rest as it is, and what is not answered any more goes", async () => {
    const mac = await enrolledDevice("mac");
    await answers(mac, "DeviceInformation", { Queries: ["HostName", "TimeZone", "IsSupervised"] });

    const asked = await give(mac, "DeviceInformation", { Queries: ["HostName", "DeviceName"] });
    await mac.converse(({ uuid }) => ({
      status: "Acknowledged",
      extra: uuid === asked ? { QueryResponses: { DeviceName: "New" } } : {},
    }));
    await alarmOf(mac);

    const inventory = await objectOf(mac).readInventory("");
    expect(JSON.parse(inventory?.information?.json ?? "")).toEqual({ IsSupervised: true, DeviceName: "New" });
  });

  test("an answer that is no answer is an end of the command like any other", async () => {
    const mac = await enrolledDevice("mac");
    const uuid = await give(mac, "InstalledApplicationList");

    await mac.converse(() => ({ status: "Acknowledged", extra: { InstalledApplicationList: "none" } }));
    await alarmOf(mac);

    expect((await objectOf(mac).readCommand("", uuid))?.header.state).toBe("acknowledged");
    expect(await eventsOf(mac, "inventory.updated")).toEqual([]);
    expect(await outboxOf(mac)).toEqual([]);
  });
});
