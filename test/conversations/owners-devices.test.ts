import { beforeAll, describe, expect, test } from "vitest";
import { toBase64 } from "../../src/base/bytes.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { activation, declareNothingElse, echo, library, passcode } from "../support/declarative.ts";
import { eventually } from "../support/eventually.ts";
import { enrolledDevice, toldBy } from "../support/fleet.ts";

// Devices that their users enrolled: an organization can do only a part there, and hears so when it writes and when it sends.

beforeAll(declareNothingElse);

async function owned(flavour: "iphone" | "mac" = "iphone"): Promise<AppleDevice> {
  const device = await enrolledDevice(flavour, { userEnrollment: true });
  await settle(device);
  return device;
}

const order = (device: { id: string }, request_type: string, payload: object = {}, query = "") =>
  ask("POST", `/api/v1/devices/${device.id}/commands?push=false${query}`, {
    json: { request_type, payload },
  });

const profileOf = (...payloadTypes: string[]): string => {
  const named = (type: string, identifier: string): [string, PlistValue][] => [
    ["PayloadType", type],
    ["PayloadVersion", 1],
    ["PayloadIdentifier", identifier],
    ["PayloadUUID", crypto.randomUUID().toUpperCase()],
  ];
  const content = payloadTypes.map((type, at): PlistDict => new Map(named(type, `com.example.p.${at}`)));
  const dict: PlistDict = new Map([...named("Configuration", "com.example.p"), ["PayloadContent", content]]);
  return toBase64(writePlist(dict));
};

describe("a command", () => {
  test.each<[string, object, string]>([
    ["EraseDevice", {}, "/payload"],
    ["ClearPasscode", { UnlockToken: "AAAA" }, "/payload"],
    ["EnableLostMode", { Message: "lost" }, "/payload"],
    ["RestartDevice", {}, "/payload"],
    ["DeviceInformation", { Queries: ["OSVersion", "SerialNumber"] }, "/payload/Queries/1"],
  ])("%s %j is refused with its place, and nothing is queued", async (type, payload, pointer) => {
    const phone = await owned();

    const answer = await order(phone, type, payload);

    expect(answer.status, answer.text).toBe(400);
    expect(answer.json.errors).toContainEqual(
      expect.objectContaining({ pointer, code: "forbidden-in-user-enrollment" }),
    );
    const listed = await ask("GET", `/api/v1/devices/${phone.id}/commands`);
    const types = listed.json.items.map(({ request_type }: { request_type: string }) => request_type);
    expect(types).not.toContain(type);
  });

  test.each<[string, object]>([
    ["DeviceLock", {}],
    ["DeviceInformation", { Queries: ["OSVersion"] }],
    ["ProfileList", {}],
  ])("%s %j is one that such a phone obeys", async (type, payload) => {
    const answer = await order(await owned(), type, payload);

    expect(answer.status, answer.text).toBe(201);
  });

  test("a Mac of its user is not locked, where a phone is", async () => {
    const answer = await order(await owned("mac"), "DeviceLock", { PIN: "123456" });

    expect(answer.json.errors).toMatchObject([{ pointer: "/payload", code: "forbidden-in-user-enrollment" }]);
  });

  test("the same command is for any other device", async () => {
    const phone = await enrolledDevice("iphone");

    expect((await order(phone, "DeviceInformation", { Queries: ["SerialNumber"] })).status).toBe(201);
  });

  test("who knows better may send it", async () => {
    const answer = await order(await owned(), "RestartDevice", {}, "&validate=warn");

    expect(answer.status).toBe(201);
    expect(answer.json.warnings).toMatchObject([{ code: "forbidden-in-user-enrollment", level: "error" }]);
  });

  test("InstallProfile is judged by the payloads in it: one forbidden one is enough on a phone, not on a Mac", async () => {
    const [phone, mac] = [await owned(), await owned("mac")];
    const mixed = { Payload: profileOf("com.apple.wifi.managed", "com.apple.vpn.managed.alwayson") };
    const forbiddenOnMac = { Payload: profileOf("com.apple.security.FDERecoveryKeyEscrow") };

    const refused = await order(phone, "InstallProfile", {
      Payload: profileOf("com.apple.wifi.managed", "com.apple.app.lock"),
    });
    expect(refused.json.errors).toMatchObject([
      { pointer: "/payload/Payload", code: "forbidden-in-user-enrollment" },
    ]);
    expect(
      (await order(phone, "InstallProfile", { Payload: profileOf("com.apple.wifi.managed") })).status,
    ).toBe(201);
    expect((await order(mac, "InstallProfile", mixed)).status).toBe(201);
    expect((await order(mac, "InstallProfile", forbiddenOnMac)).status).toBe(400);
  });

  test("a batch gives it to those that take it, and names the rule for each other", async () => {
    const [phone, other] = [await owned(), await enrolledDevice("iphone")];
    await settle(other);
    const ids = [phone.id, other.id];
    const json = {
      request_type: "DeviceInformation",
      payload: { Queries: ["SerialNumber"] },
      targets: { ids },
    };
    const made = await ask("POST", "/api/v1/batches", { json });
    expect(made.status, made.text).toBe(201);

    await eventually(async () => {
      const { json: told } = await ask("GET", `/api/v1/batches/${made.json.id}/targets`);
      expect(told.items).toHaveLength(2);
      const of = (id: string) => told.items.find((item: { device_id: string }) => item.device_id === id);
      expect(of(phone.id)).toMatchObject({ state: "refused", reason: "forbidden-in-user-enrollment" });
      expect(of(other.id)).toMatchObject({ state: "queued" });
    });
  });
});

describe("what a set has", () => {
  const update = {
    identifier: "com.example.update",
    type: "com.apple.configuration.softwareupdate.settings",
    payload: { Notifications: true },
  };

  test("a declaration that it may not have is withheld with what needs it, and the device says why", async () => {
    const phone = await owned();
    await library(update, echo("com.example.echo"));
    await library(activation("com.example.both", [update.identifier, "com.example.echo"]));
    await library(activation("com.example.one", ["com.example.echo"]));
    await putSet("declared", {
      declarations: [update.identifier, "com.example.echo", "com.example.both", "com.example.one"],
    });

    const { warnings } = await giveSets(phone, ["declared"]);
    await settle(phone);

    const { json } = await ask("GET", `/api/v1/devices/${phone.id}/declarations`);
    const has = json.items.map(({ identifier }: { identifier: string }) => identifier);
    expect(has).toEqual(["com.example.echo", "com.example.one"]);
    const why = `user enrollments do not get ${update.type}`;
    expect(json.withheld).toEqual([
      { identifier: "com.example.both", reason: `it needs ${update.identifier}: ${why}` },
      { identifier: update.identifier, reason: why },
    ]);
    expect(await toldBy(phone)).toContainEqual(
      expect.objectContaining({
        name: "assignment.withheld",
        detail: { kind: "declaration", identifier: update.identifier, reason: why },
      }),
    );
    const codes = warnings.map(({ code }: { code: string }) => code);
    expect(codes.filter((code: string) => code === "not-for-user-enrollments")).toHaveLength(2);
  });

  test("on a phone of the organization nothing of that is withheld", async () => {
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await library(update);
    await putSet("update", { declarations: [update.identifier] });

    expect((await giveSets(phone, ["update"])).warnings).not.toContainEqual(
      expect.objectContaining({ code: "not-for-user-enrollments" }),
    );
    await settle(phone);

    const { json } = await ask("GET", `/api/v1/devices/${phone.id}/declarations`);
    expect(json.items.map(({ identifier }: { identifier: string }) => identifier)).toContain(
      update.identifier,
    );
    expect(json.withheld).toEqual([]);
  });

  test("a profile with a forbidden payload is not installed, and its state says why", async () => {
    const phone = await owned();
    await libraryProfile("com.example.kiosk", { payloadType: "com.apple.app.lock" });
    await putSet("kiosk", { profiles: ["com.example.kiosk"] });

    const { warnings } = await giveSets(phone, ["kiosk"]);
    await settle(phone);

    expect(warnings).toMatchObject([{ code: "not-for-user-enrollments" }]);
    const { items } = (await ask("GET", `/api/v1/devices/${phone.id}/profiles`)).json;
    expect(items).toMatchObject([{ identifier: "com.example.kiosk", state: "not_applicable" }]);
    expect(items[0].reason).toContain("user enrollment");
  });

  test("a passcode policy is withheld from the Mac of its user, which keeps its own", async () => {
    const mac = await owned("mac");
    await library(passcode("com.example.passcode", 8));
    await putSet("passcode", { declarations: ["com.example.passcode"] });
    await giveSets(mac, ["passcode"]);
    await settle(mac);

    const { json } = await ask("GET", `/api/v1/devices/${mac.id}/declarations`);
    expect(json.withheld).toMatchObject([{ identifier: "com.example.passcode" }]);
  });
});

describe("writing says what such devices will not get", () => {
  const restrictions = {
    profile: {
      PayloadDisplayName: "Restrictions",
      PayloadContent: [
        { PayloadType: "com.apple.applicationaccess", allowCamera: false, allowScreenShot: false },
      ],
    },
  };
  const kept = ({ json }: { json: { warnings: { code: string }[] } }) =>
    json.warnings.filter(({ code }) => code === "not-for-user-enrollments" || code === "wrong-enrollment");

  test("a profile and a set with keys that a user enrollment has not, once such a phone has the set", async () => {
    const put = () => ask("PUT", "/api/v1/profiles/com.example.restrictions", { json: restrictions.profile });
    const set = () =>
      ask("PUT", "/api/v1/sets/restricted", { json: { profiles: ["com.example.restrictions"] } });
    const first = await put();
    expect(first.status, first.text).toBeLessThan(300);
    expect(kept(first)).toEqual([]);
    expect(kept(await set())).toEqual([]);
    await giveSets(await owned(), ["restricted"]);

    const told = kept(await set());
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).toContain("/PayloadContent/0/allowCamera");
    expect(JSON.stringify(told)).not.toContain("allowScreenShot");
    expect(kept(await put())).toMatchObject([
      { code: "wrong-enrollment", pointer: "/PayloadContent/0/allowCamera", level: "warning" },
    ]);
  });

  test("a set that reaches them by its filter", async () => {
    await owned();
    await libraryProfile("com.example.kiosk", { payloadType: "com.apple.app.lock" });
    const put = (filter: object) =>
      ask("PUT", "/api/v1/sets/filtered", { json: { profiles: ["com.example.kiosk"], filter } });

    expect(kept(await put({ platform: "ios" }))).toHaveLength(1);
    expect(kept(await put({ platform: "ios", kind: "ade" }))).toEqual([]);
    expect(kept(await put({ supervised: true }))).toEqual([]);
    expect(kept(await put({ platform: "tvos" }))).toEqual([]);
  });

  test("a declaration of a set that one of them has", async () => {
    const phone = await owned();
    const json = { type: "com.apple.configuration.softwareupdate.settings", payload: {} };
    const put = () => ask("PUT", "/api/v1/declarations/com.example.updates", { json });
    expect(kept(await put())).toEqual([]);
    await putSet("updates", { declarations: ["com.example.updates"] });
    await giveSets(phone, ["updates"]);

    expect(kept(await put())).toMatchObject([{ code: "wrong-enrollment", pointer: "/payload" }]);
  });
});
