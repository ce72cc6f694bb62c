import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { alarmOf, enrolledDevice, invite } from "../support/fleet.ts";

const offersOf = async (device: { id: string }) => ask("GET", `/api/v1/devices/${device.id}/offers`);
const offered = (device: { id: string }, name: string, kind = "profile") =>
  `/api/v1/devices/${device.id}/offers/${kind}/${name}`;

/** The server does what is to be done, the device fetches it, and the server hears of that. */
async function follow(device: AppleDevice): Promise<string[]> {
  await settle(device);
  const turns = await device.converse();
  await settle(device);
  return turns.flatMap(({ command }) => (command ? [command.requestType] : []));
}

async function macWith(sets: string[]): Promise<AppleDevice> {
  const mac = await enrolledDevice("mac");
  await settle(mac);
  await giveSets(mac, sets);
  await follow(mac);
  return mac;
}

describe("an optional profile of a set", () => {
  test("comes when it is chosen, and goes when it is given back", async () => {
    await libraryProfile("com.example.printer");
    await putSet("extras", { optional: { profiles: ["com.example.printer"] } });
    const mac = await macWith(["extras"]);
    expect(mac.profiles.has("com.example.printer")).toBe(false);
    expect((await offersOf(mac)).json.items).toEqual([
      {
        ...{ kind: "profile", identifier: "com.example.printer", name: "com.example.printer" },
        sets: ["extras"],
        ...{ chosen: null, state: "available", since: null, reason: null },
      },
    ]);

    const chosen = await ask("PUT", offered(mac, "com.example.printer"));
    expect(chosen).toMatchObject({
      status: 200,
      json: { state: "installing", chosen: { by: expect.any(String) } },
    });
    expect(await follow(mac)).toEqual(["InstallProfile"]);
    expect((await offersOf(mac)).json.items).toMatchObject([{ state: "installed" }]);
    expect(await ask("PUT", offered(mac, "com.example.printer"))).toMatchObject({
      json: { state: "installed" },
    });
    expect(await follow(mac)).toEqual([]);

    expect((await ask("DELETE", offered(mac, "com.example.printer"))).status).toBe(204);
    await settle(mac);
    expect((await offersOf(mac)).json.items).toMatchObject([{ state: "removing", chosen: null }]);
    expect(await follow(mac)).toEqual(["RemoveProfile"]);
    expect((await offersOf(mac)).json.items).toMatchObject([{ state: "available" }]);
  });

  test("that another set requires is not offered, and stays whatever was chosen", async () => {
    await libraryProfile("com.example.both");
    await putSet("offering", { optional: { profiles: ["com.example.both"] } });
    await putSet("requiring", { profiles: ["com.example.both"] });
    const mac = await macWith(["offering", "requiring"]);

    expect(mac.profiles.has("com.example.both")).toBe(true);
    expect((await offersOf(mac)).json.items).toEqual([]);
    expect((await ask("PUT", offered(mac, "com.example.both"))).status).toBe(404);
    expect((await ask("DELETE", offered(mac, "com.example.both"))).status).toBe(404);

    await giveSets(mac, ["offering"]);
    expect(await follow(mac)).toEqual(["RemoveProfile"]);
  });

  test("is lost with the set, and stays chosen should the set come back", async () => {
    await libraryProfile("com.example.shared");
    await putSet("shared", { optional: { profiles: ["com.example.shared"] } });
    const mac = await macWith(["shared"]);
    await ask("PUT", offered(mac, "com.example.shared"));
    expect(await follow(mac)).toEqual(["InstallProfile"]);

    await giveSets(mac, []);
    expect(await follow(mac)).toEqual(["RemoveProfile"]);
    await giveSets(mac, ["shared"]);
    expect(await follow(mac)).toEqual(["InstallProfile"]);
  });

  test("must be chosen again after a new enrollment, and not after a renewal", async () => {
    await libraryProfile("com.example.once");
    await putSet("once", { optional: { profiles: ["com.example.once"] } });
    const mac = await macWith(["once"]);
    await ask("PUT", offered(mac, "com.example.once"));
    expect(await follow(mac)).toEqual(["InstallProfile"]);

    await mac.authenticate();
    await mac.tokenUpdate();
    await follow(mac);
    expect((await offersOf(mac)).json.items).toMatchObject([{ state: "installed" }]);

    mac.profiles.clear();
    await mac.enroll({ ...(await invite({ udid: mac.hardware.udid })), freshKey: true });
    expect(await follow(mac)).not.toContain("InstallProfile");
    expect((await offersOf(mac)).json.items).toMatchObject([{ state: "available", chosen: null }]);

    await ask("PUT", offered(mac, "com.example.once"));
    expect(await follow(mac)).toContain("InstallProfile");
  });
});

describe("a set that makes something optional", () => {
  test("takes it from devices that did not choose it, and gives it again when it is required again", async () => {
    await libraryProfile("com.example.turned", { payloadType: "com.apple.font" });
    await putSet("turning", { profiles: ["com.example.turned"] });
    const [chooser, other] = [await macWith(["turning"]), await macWith(["turning"])];

    const set = await putSet("turning", { optional: { profiles: ["com.example.turned"] } });
    expect(set).toMatchObject({
      profiles: [],
      optional: { profiles: ["com.example.turned"], declarations: [] },
    });
    await ask("PUT", offered(chooser, "com.example.turned"));
    expect(await follow(chooser)).toEqual([]);
    expect(await follow(other)).toEqual(["RemoveProfile"]);

    await putSet("turning", { profiles: ["com.example.turned"] });
    expect(await follow(other)).toEqual(["InstallProfile"]);
    expect(await follow(chooser)).toEqual([]);
  });

  test("is refused with what is unknown, or required and optional at once", async () => {
    await libraryProfile("com.example.known");
    const unknown = await ask("PUT", "/api/v1/sets/mistaken", {
      json: { optional: { profiles: ["com.example.known", "nobody"] } },
    });
    expect(unknown).toMatchObject({
      status: 400,
      json: { errors: [{ pointer: "/optional/profiles/1", code: "unknown" }] },
    });
    const both = await ask("PUT", "/api/v1/sets/mistaken", {
      json: { profiles: ["com.example.known"], optional: { profiles: ["com.example.known"] } },
    });
    expect(both.status).toBe(400);
    expect(both.text).toContain("com.example.known");
  });
});

describe("a choice", () => {
  test("is of an enrolled device, and of something that its sets offer", async () => {
    await libraryProfile("com.example.foreign");
    await putSet("foreign", { optional: { profiles: ["com.example.foreign"] } });
    const mac = await macWith([]);
    expect(await ask("PUT", offered(mac, "com.example.foreign"))).toMatchObject({ status: 404 });
    expect(await ask("PUT", offered(mac, "x", "command"))).toMatchObject({ status: 404 });
    expect(await ask("GET", "/api/v1/devices/nobody/offers")).toMatchObject({ status: 404 });
    expect((await ask("GET", `/api/v1/devices/${mac.id}/offers?channel=ada`)).status).toBe(404);

    await giveSets(mac, ["foreign"]);
    await follow(mac);
    await mac.checkOut();
    await alarmOf(mac);
    expect(await ask("PUT", offered(mac, "com.example.foreign"))).toMatchObject({ status: 409 });
  });
});

test("a configuration that is optional is in force where it was chosen", async () => {
  await ask("PUT", "/api/v1/declarations/com.example.loud", {
    json: { type: "com.apple.configuration.passcode.settings", payload: { RequirePasscode: true } },
  });
  const set = await putSet("volume", { optional: { declarations: ["com.example.loud"] }, activate: true });
  const phone = await enrolledDevice("iphone");
  await settle(phone);
  await giveSets(phone, ["volume"]);
  await follow(phone);
  const declared = async () => {
    const { json } = await ask("GET", `/api/v1/devices/${phone.id}/declarations`);
    return json.items.map(({ identifier }: { identifier: string }) => identifier);
  };
  expect(await declared()).not.toContain("com.example.loud");
  expect(await declared()).not.toContain(set.activation);

  await ask("PUT", offered(phone, "com.example.loud", "declaration"));
  await follow(phone);
  expect(await declared()).toEqual(expect.arrayContaining(["com.example.loud", set.activation]));
});
