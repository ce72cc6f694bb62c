import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { type AppleDevice, factoryIdentity, failed, plausibleAnswer } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { alarmOf, give, invite, newDevice, objectOf, toldBy } from "../support/fleet.ts";
import { comeIn, prepare, provision, provisionedDevice } from "../support/provisioned.ts";
import { goThrough, heldDevice, look, setUpWith, setupOf } from "../support/setups.ts";

// What other servers got wrong with devices that come by themselves, one conversation each.

beforeEach(async () => {
  await prepare();
  await setUpWith({ setup_accounts: null, setup_recovery_lock: false });
});

const profilesOf = async (device: { id: string }) =>
  (await ask("GET", `/api/v1/devices/${device.id}/profiles`)).json.items;

const follow = async (device: AppleDevice) => {
  await settle(device);
  await device.converse();
  await settle(device);
};

const kindOf = async (device: { id: string }) => {
  await alarmOf(device);
  return (await ask("GET", `/api/v1/devices/${device.id}`)).json.kind;
};

describe("a device that enrolls again", () => {
  test("while its identity was being renewed is set up again, and the old renewal is gone", async () => {
    const { device, factory } = await provisionedDevice("iphone");
    await comeIn(device, factory);
    await goThrough(device);
    expect((await ask("POST", `/api/v1/devices/${device.id}/renew-identity`)).status).toBe(202);
    expect((await objectOf(device).describe())?.renewal.state).toBe("under_way");

    device.erase();
    await comeIn(device, factory);

    const described = await objectOf(device).describe();
    expect(described).toMatchObject({ generation: 2, renewal: { state: "not_due", commandUuid: null } });
    expect(await setupOf(device)).toMatchObject({ state: "running" });
    expect(await goThrough(device)).toEqual(["DeviceConfigured"]);
    expect(await setupOf(device)).toMatchObject({ state: "released", released_by: "complete" });
  });

  test("has nothing of what it had: all of it is installed again before it is let go", async () => {
    await libraryProfile("com.example.lesson");
    await putSet("lesson", { profiles: ["com.example.lesson"] });
    const { device, factory } = await provisionedDevice("iphone");
    await comeIn(device, factory);
    await goThrough(device);
    await giveSets(device, ["lesson"]);
    await follow(device);
    expect(await profilesOf(device)).toMatchObject([{ state: "installed" }]);

    device.erase();
    await comeIn(device, factory);

    expect(await profilesOf(device)).not.toMatchObject([{ state: "installed" }]);
    expect(await goThrough(device)).toEqual(["InstallProfile", "DeviceConfigured"]);
    expect(await profilesOf(device)).toMatchObject([{ state: "installed" }]);
  });

  test("takes no set-up along that was under way: the new one begins at its beginning", async () => {
    await setUpWith({ setup_recovery_lock: true });
    const { device, factory } = await provisionedDevice("mac");
    await comeIn(device, factory);
    await look(device);
    const before = await setupOf(device);

    device.erase();
    await comeIn(device, factory);
    await look(device);

    const after = await setupOf(device);
    const uuidOf = (setup: typeof before) => setup.steps.at(-1).command_uuid;
    expect(uuidOf(after)).not.toBe(uuidOf(before));
    expect(await goThrough(device)).toEqual(["SetRecoveryLock", "DeviceConfigured"]);
  });
});

test("a device that was enrolled by hand is one of the portal's once it comes by itself", async () => {
  const device = newDevice("iphone", { ade: false });
  await device.enroll(await invite({ serial: device.hardware.serialNumber }));
  expect(await kindOf(device)).toBe("device");
  await provision(device.hardware.serialNumber);

  await comeIn(device, await factoryIdentity(device.hardware.serialNumber));

  expect(await kindOf(device)).toBe("ade");
  expect((await env.DEVICE.getByName(device.id).describe())?.generation).toBe(2);
});

describe("an erased device", () => {
  test("has nothing installed, and no set-up", async () => {
    await libraryProfile("com.example.gone");
    await putSet("gone", { profiles: ["com.example.gone"] });
    const device = await heldDevice("iphone");
    await goThrough(device);
    await giveSets(device, ["gone"]);
    await follow(device);
    expect(await profilesOf(device)).toMatchObject([{ state: "installed" }]);

    await give(device, "EraseDevice");
    await device.converse();

    expect((await objectOf(device).describe())?.state).toBe("erased");
    expect(await profilesOf(device)).toEqual([]);
    expect((await ask("GET", `/api/v1/devices/${device.id}/setup`)).status).toBe(404);
  });
});

describe("a profile", () => {
  test("that is taken away while it waits is not installed after all, and holds nothing up", async () => {
    await libraryProfile("com.example.second-thoughts");
    await putSet("second-thoughts", {
      profiles: ["com.example.second-thoughts"],
      filter: { platform: "tvos" },
    });
    const device = await heldDevice("appleTv");
    await look(device);
    expect(await profilesOf(device)).toMatchObject([{ state: "pending" }]);

    await ask("PUT", "/api/v1/sets/second-thoughts", { json: { profiles: [] } });
    await settle(device);

    expect(await goThrough(device)).toEqual(["DeviceConfigured"]);
    expect(await profilesOf(device)).toEqual([]);
    await ask("DELETE", "/api/v1/sets/second-thoughts");
  });

  test("that replaces another while it waits counts: the newest is installed, once", async () => {
    await libraryProfile("com.example.newer", { ssid: "1" });
    await putSet("newer", { profiles: ["com.example.newer"], filter: { platform: "visionos" } });
    const device = await heldDevice("visionPro");
    await look(device);

    await libraryProfile("com.example.newer", { ssid: "2", rollout: "none" });
    await settle(device);

    expect(await goThrough(device)).toEqual(["InstallProfile", "DeviceConfigured"]);
    expect(device.profiles.get("com.example.newer")?.payloads[0]?.get("SSID_STR")).toBe("2");
    await ask("DELETE", "/api/v1/sets/newer");
  });

  test("that never came is removed without any ado; one that is there, once the device says so", async () => {
    let isUnwilling = true;
    const device = newDevice("iphone", {
      policy: (command, channel) =>
        isUnwilling && command.requestType === "RemoveProfile"
          ? failed(12075, "The profile is not installed.", "MDMErrorDomain")
          : plausibleAnswer(command, channel),
    });
    await device.enroll(await invite());
    await settle(device);
    await libraryProfile("com.example.never");
    await putSet("never", { profiles: ["com.example.never"] });
    await giveSets(device, ["never"]);
    await settle(device);
    await device.converse();
    await settle(device);

    await giveSets(device, []);
    await settle(device);
    expect(await profilesOf(device)).toMatchObject([{ state: "removing" }]);
    await device.converse();
    await settle(device);

    expect(await profilesOf(device)).toEqual([]);
    isUnwilling = false;
    expect((await toldBy(device)).filter(({ name }) => name === "profile.removed")).toHaveLength(1);
  });
});
