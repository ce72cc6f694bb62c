import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { failed, plausibleAnswer } from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { alarmOf, enrolledDevice, give, objectOf } from "../support/fleet.ts";
import { prepare } from "../support/provisioned.ts";
import { forgetProviders, signedInDevice, withProvider } from "../support/setup-sign-in.ts";

// Sets that name their devices: the name is given, kept, and told.

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM sets"),
    env.DB.prepare("DELETE FROM channel_sets"),
    env.DB.prepare("DELETE FROM people"),
  ]);
});

const putSet = async (name: string, set: Record<string, unknown>) => {
  const answer = await ask("PUT", `/api/v1/sets/${encodeURIComponent(name)}`, { json: set });
  expect(answer.status, answer.text).toBeLessThan(300);
};

const naming = async ({ id }: { id: string }) => (await ask("GET", `/api/v1/devices/${id}`)).json.naming;

/** The server does what is to be done, the device fetches it, and the server hears of that. */
async function follow(device: AppleDevice): Promise<string[]> {
  await settle(device);
  const turns = await device.converse();
  await settle(device);
  while ((await objectOf(device).describe())?.channels.some(({ waiting }) => waiting > 0)) {
    turns.push(...(await device.converse()));
    await settle(device);
  }
  return turns.flatMap(({ command }) => (command ? [command.requestType] : []));
}

/** As the daily round asks it. */
async function askName(device: AppleDevice): Promise<void> {
  await give(device, "DeviceInformation", { Queries: ["DeviceName"] });
  await device.converse();
  await alarmOf(device);
  await settle(device);
}

const eventsOf = async (device: { id: string }, name: string) => {
  const { results } = await env.DB.prepare(
    "SELECT detail FROM events WHERE device_id = ? AND name = ? ORDER BY seq",
  )
    .bind(device.id, name)
    .all<{ detail: string }>();
  return results.map(({ detail }) => JSON.parse(detail));
};

describe("a device of a set with a device_name", () => {
  test("gets its name from its person, who signed in on it", async () => {
    await prepare();
    await forgetProviders();
    const fake = await withProvider();
    fake.account = { sub: "u-7", email: "hal@example.com", name: "Hal", department: "Ward 9" };
    await putSet("ward", {
      filter: { user_department: "ward 9" },
      device_name: "{{user.name}}, {{user.department}}: {{device.serial_number}}",
    });

    const ipad = await signedInDevice(fake, "ipad");
    expect(await follow(ipad)).toContain("Settings");

    const name = `Hal, Ward 9: ${ipad.hardware.serialNumber}`;
    expect(ipad.state.deviceName).toBe(name);
    expect(await naming(ipad)).toMatchObject({ name, set: "ward", state: "named", other_sets: [] });
    expect((await ask("GET", `/api/v1/devices/${ipad.id}`)).json.name).toBe(name);
    expect(await eventsOf(ipad, "device.named")).toEqual([{ set: "ward" }]);
  });

  test("is called so again when somebody renames it, and not without end", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);
    await putSet("macs", { filter: { platform: "macos" }, device_name: "Mac {{device.serial_number}} ä" });
    await follow(mac);
    const name = `Mac ${mac.hardware.serialNumber} ä`;
    expect(mac.state).toMatchObject({ deviceName: name, hostName: `Mac-${mac.hardware.serialNumber}-a` });

    for (const mine of ["Mine", "My own", "No, mine"]) {
      mac.state.deviceName = mine;
      await askName(mac);
      await follow(mac);
      expect(mac.state.deviceName).toBe(name);
    }
    mac.state.deviceName = "Mine at last";
    await askName(mac);
    expect(await follow(mac)).toEqual([]);

    expect(await naming(mac)).toMatchObject({ state: "failed", repairs: 3 });
    expect((await naming(mac)).reason).toContain("3 times within a day");
    const drifts = await eventsOf(mac, "device.name_drifted");
    expect(drifts.map(({ given_up }) => given_up)).toEqual([false, false, false, true]);
    expect(JSON.stringify(drifts)).not.toContain("Mine");
  });

  test("gets another one when the template, or a value in it, changes", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);
    await putSet("rooms", { filter: { platform: "macos" }, device_name: "Room {{attribute.room}}" });
    await follow(mac);
    expect(await naming(mac)).toMatchObject({
      name: null,
      state: "withheld",
      reason: "there is no value for attribute.room",
    });
    expect(await eventsOf(mac, "assignment.withheld")).toMatchObject([
      { kind: "name", identifier: "rooms", missing: "attribute.room" },
    ]);

    await ask("PATCH", `/api/v1/devices/${mac.id}`, { json: { attributes: { room: "12" } } });
    await follow(mac);
    expect(mac.state.deviceName).toBe("Room 12");

    await putSet("rooms", { filter: { platform: "macos" }, device_name: "R {{attribute.room}}" });
    await follow(mac);
    expect(mac.state.deviceName).toBe("R 12");

    await putSet("rooms", { filter: { platform: "macos" } });
    await follow(mac);
    expect(await naming(mac)).toBeNull();
    expect(mac.state.deviceName).toBe("R 12");
  });

  test("that is in several: the first by name decides, and the others are shown", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);
    await putSet("b", { filter: { platform: "macos" }, device_name: "B" });
    await putSet("a", { filter: { platform: "macos" }, device_name: "A" });
    await putSet("c", { filter: { platform: "macos" } });

    await follow(mac);

    expect(mac.state.deviceName).toBe("A");
    expect(await naming(mac)).toMatchObject({ set: "a", other_sets: ["b"] });
  });

  test("that is not supervised says why it has no name from here, and nothing is sent to it", async () => {
    const phone = await enrolledDevice("iphone");
    await putSet("phones", { filter: { platform: "ios" }, device_name: "Phone" });
    await follow(phone);
    expect(await naming(phone)).toMatchObject({
      state: "pending",
      reason: "the device has not said yet whether it is supervised",
    });

    await give(phone, "DeviceInformation", { Queries: ["IsSupervised"] });
    await phone.converse();
    await alarmOf(phone);
    expect(await follow(phone)).toEqual([]);

    expect(await naming(phone)).toMatchObject({
      state: "not_applicable",
      reason: "the device is not supervised; it needs supervision",
    });
  });

  test("that refuses the name, within a command that it acknowledges, is asked again an hour later", async () => {
    let isUnwilling = true;
    const mac = await enrolledDevice("mac", {
      policy: async (command, channel) => {
        if (!isUnwilling || command.requestType !== "Settings") return plausibleAnswer(command, channel);
        const refusal = { Item: "DeviceName", Status: "Error", ErrorChain: [chain] };
        return { status: "Acknowledged", extra: { Settings: [refusal] } };
      },
    });
    await settle(mac);
    await putSet("macs", { filter: { platform: "macos" }, device_name: "Mac" });

    await follow(mac);
    expect(await naming(mac)).toMatchObject({ state: "failed", attempts: 1, reason: "No such luck." });
    expect(await follow(mac)).toEqual([]);

    isUnwilling = false;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61 * 60_000 });
    try {
      await alarmOf(mac);
      await follow(mac);
    } finally {
      vi.useRealTimers();
    }
    expect(mac.state.deviceName).toBe("Mac");
    expect(await naming(mac)).toMatchObject({ state: "named", attempts: 0, reason: null });
  });

  test("that answers with an error has failed with its reason", async () => {
    const mac = await enrolledDevice("mac", {
      policy: (command, channel) =>
        command.requestType === "Settings"
          ? failed(12021, "Not today.", "MCMDMErrorDomain")
          : plausibleAnswer(command, channel),
    });
    await settle(mac);
    await putSet("macs", { filter: { platform: "macos" }, device_name: "Mac" });

    await follow(mac);

    expect((await naming(mac)).reason).toContain("Not today.");
    expect(await eventsOf(mac, "device.name_failed")).toMatchObject([{ set: "macs", attempt: 1 }]);
  });
});

const chain = { ErrorCode: 1, ErrorDomain: "MCMDMErrorDomain", USEnglishDescription: "No such luck." };

describe("a template", () => {
  test.each([
    ["{{device.name}} 2", "{{device.name}} would make a name out of the name itself"],
    ["{{user.short_name}}", "{{user.short_name}} has a value on user channels only"],
    ["{{user.shoe_size}}", "{{user.shoe_size}} is not a variable"],
  ])("%s is refused", async (device_name, detail) => {
    const answer = await ask("PUT", "/api/v1/sets/refused", { json: { device_name } });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: "/device_name", detail }]);
  });
});
