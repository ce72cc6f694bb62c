import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { ask } from "../support/admin.ts";
import { type AppleDevice, declarationsOf, reportStatus, sendStatus } from "../support/apple-device.ts";
import { libraryProfile, settle } from "../support/assignment.ts";
import {
  activation,
  declare,
  declareNothingElse,
  echo,
  library,
  passcode,
  statesOf,
  synchronised,
} from "../support/declarative.ts";
import { alarmOf, enrolledDevice, invite, outboxOf } from "../support/fleet.ts";

beforeAll(async () => {
  await invite();
  await declareNothingElse();
});

const read = async (path: string) => (await ask("GET", `/api/v1${path}`)).json;

const reported = async (phone: AppleDevice, items: object, more: Parameters<typeof sendStatus>[2] = {}) => {
  await sendStatus(phone, items, more);
  await alarmOf(phone);
};

const valuesOf = async (phone: AppleDevice): Promise<Record<string, unknown>> => {
  const { items } = await read(`/devices/${phone.id}/status-items?limit=200`);
  return Object.fromEntries(items.map(({ path, value }: { path: string; value: unknown }) => [path, value]));
};

const app = (identifier: string, version: string) => ({ identifier, version, name: identifier });

describe("what a device reports", () => {
  test("adds up: values are replaced, lists are changed by element, and a full report is all there is", async () => {
    const phone = await enrolledDevice("iphone");

    await reported(phone, {
      device: { "operating-system": { version: "18.2" }, model: { family: "iPhone" } },
      mdm: { app: [app("a", "1"), app("b", "1")] },
      softwareupdate: { "failure-reason": { count: 1, reason: "no space" } },
    });
    await reported(phone, {
      device: { "operating-system": { version: "18.3" } },
      mdm: { app: [app("b", "2"), { identifier: "a", _removed: true }, app("c", "1")] },
      softwareupdate: { "failure-reason": { count: 2 } },
      novel: { thing: { "nobody-knows": [1, 2] } },
    });

    expect(await valuesOf(phone)).toEqual({
      "device.model.family": "iPhone",
      "device.operating-system.version": "18.3",
      "mdm.app": [app("b", "2"), app("c", "1")],
      "softwareupdate.failure-reason": { count: 2 },
      "novel.thing.nobody-knows": [1, 2],
    });
    await reported(phone, { mdm: { app: [app("d", "1")] } }, { full: true });
    expect(await valuesOf(phone)).toEqual({ "mdm.app": [app("d", "1")] });
  });

  test("is read in the order in which it came, and what was before is remembered", async () => {
    const phone = await enrolledDevice("iphone");

    for (const version of ["18.0", "18.1", "18.2"]) {
      await sendStatus(phone, { device: { "operating-system": { version } } });
    }
    await alarmOf(phone);

    const { items } = await read(`/devices/${phone.id}/status-items`);
    expect(items[0]).toMatchObject({ path: "device.operating-system.version", value: "18.2" });
    expect(items[0].history.map(({ value }: { value: string }) => value)).toEqual(["18.1", "18.0"]);
  });

  test("is in its row, across the fleet, and written once", async () => {
    const [phone, mac] = [await enrolledDevice("iphone"), await enrolledDevice("mac")];
    await reported(phone, {
      passcode: { "is-compliant": false, "is-present": true },
      device: { "operating-system": { version: "18.3.1", "build-version": "22D72" } },
    });
    await reported(mac, { diskmanagement: { filevault: { enabled: true } } });

    expect(await read(`/devices/${phone.id}`)).toMatchObject({
      passcode_compliant: false,
      passcode_present: true,
      os_version: "18.3.1",
      build: "22D72",
    });
    expect((await read(`/devices/${mac.id}`)).encrypted).toBe(true);
    const found = await read("/status-items?path=device.operating-system.version&value=18.3.1");
    expect(found.items).toMatchObject([{ device_id: phone.id, channel: null, value: "18.3.1" }]);
    expect((await read("/status-items?path=passcode.is-compliant&value=false")).items).toHaveLength(1);
    expect((await read("/status-items?path=passcode.is-compliant&value=true")).items).toHaveLength(0);
    expect((await read("/status-items/paths?limit=1")).items).toHaveLength(1);

    const events = async () => (await read(`/devices/${phone.id}/events?limit=200`)).items.length;
    const before = await events();
    await reported(phone, { passcode: { "is-compliant": false } });
    expect(await events()).toBe(before);
    expect(await outboxOf(phone)).toEqual([]);
  });

  test("and cannot deliver is an error, until it can", async () => {
    const phone = await enrolledDevice("iphone");
    const errors = [
      { StatusItem: "passcode.is-present", Reasons: [{ Code: "Error.Unknown", Details: { why: 1 } }] },
    ];

    await reported(phone, {}, { errors });
    expect((await read(`/devices/${phone.id}/status-errors`)).items).toMatchObject([
      { status_item: "passcode.is-present", reasons: [{ code: "Error.Unknown", details: { why: 1 } }] },
    ]);

    await reported(phone, { passcode: { "is-present": true } });
    expect((await read(`/devices/${phone.id}/status-errors`)).items).toEqual([]);
  });

  test("and nobody can read is taken, kept as it came, and named", async () => {
    const phone = await enrolledDevice("iphone");
    const deep = `{"StatusItems":${'{"a":'.repeat(100)}1${"}".repeat(100)}}`;

    for (const report of ["no JSON", "[]", deep, new Uint8Array([0x1f, 0x8b, 0xff])]) {
      const bytes = typeof report === "string" ? new TextEncoder().encode(report) : report;
      expect((await phone.declarativeManagement("status", bytes)).status).toBe(200);
    }
    expect((await phone.declarativeManagement("status")).status).toBe(200);
    for (let tries = 0; tries < 6; tries += 1) await alarmOf(phone);

    const { items } = await read(`/devices/${phone.id}/status-reports`);
    expect(items.map(({ state }: { state: string }) => state)).toEqual([
      "failed",
      "too-deep",
      "not-a-report",
      "not-json",
    ]);
    const { report } = await read(`/devices/${phone.id}/status-reports/${items[3].id}`);
    expect(report).toBe("no JSON");
  });

  test("may be large: its beginning is kept where the whole would be too much", async () => {
    const phone = await enrolledDevice("iphone");
    const large = (bytes: number) => ({ novel: { item: "x".repeat(bytes) } });

    await reported(phone, large(400_000));
    expect(((await valuesOf(phone))["novel.item"] as string).length).toBe(400_000);
    await reported(phone, large(4_500_000));

    const { items } = await read(`/devices/${phone.id}/status-reports`);
    expect(items[0]).toMatchObject({ state: "too-large", size: expect.any(Number) });
    expect(items[0].size).toBeGreaterThan(4_500_000);
  });
});

describe("how a device stands with its declarations", () => {
  test("with Apple's reasons, for the device and across the fleet", async () => {
    const [phone, other] = [await enrolledDevice("iphone"), await enrolledDevice("iphone")];
    const good = [
      passcode("fleet.good", 6),
      activation("fleet.act", ["fleet.good", "fleet.bad", "fleet.failing"]),
    ];
    const bad = { ...passcode("fleet.bad", 6), payload: { NobodyKnows: 1 } };
    const failing = { ...echo("fleet.failing"), payload: { Echo: "no", ReturnStatus: "Failed" } };
    const never = activation("fleet.never", ["fleet.good"], "@status(device.model.family) == 'Mac'");
    const broken = activation("fleet.broken", ["fleet.good"], "this is no predicate (");
    await declare(phone, [...good, bad, failing, never, broken, echo("fleet.unused")]);
    await declare(other, [...good, bad, failing]);

    await synchronised(phone);

    expect(await statesOf(phone)).toMatchObject({
      "fleet.act": "active",
      "fleet.bad": "invalid",
      "fleet.broken": "invalid",
      "fleet.failing": "invalid",
      "fleet.good": "active",
      "fleet.never": "inactive",
      "fleet.unused": "inactive",
    });
    const { items } = await read(`/devices/${phone.id}/declarations`);
    const reasonsOf = (name: string) =>
      items.find(({ identifier }: { identifier: string }) => identifier === name).reported.reasons;
    expect(reasonsOf("fleet.bad")).toMatchObject([
      { code: "Error.UnknownPayloadKeys", details: { UnknownPayloadKeys: ["NobodyKnows"] } },
    ]);
    expect(reasonsOf("fleet.failing")).toMatchObject([{ code: "Error.ConfigurationCannotBeApplied" }]);
    expect(reasonsOf("fleet.never")).toEqual([{ code: "Info.Predicate" }]);
    expect(reasonsOf("fleet.unused")).toEqual([{ code: "Info.NotReferencedByActivation" }]);

    const fleet = await read("/declarations/fleet.bad/status?limit=1");
    expect(fleet.counts).toMatchObject({ invalid: 1, pending: 1, active: 0 });
    expect(fleet.items).toMatchObject([
      { device_id: phone.id, state: "invalid", reasons: [{ code: "Error.UnknownPayloadKeys" }] },
    ]);
    const rest = await read(`/declarations/fleet.bad/status?cursor=${fleet.next_cursor}`);
    expect(rest).toMatchObject({ items: [{ device_id: other.id, state: "pending" }], next_cursor: null });
    expect((await read("/declarations/fleet.good/status?state=active")).items).toHaveLength(1);

    await phone.removeManagement("the user removed it");
    await settle(phone);
    expect((await read("/declarations/fleet.bad/status")).counts).toMatchObject({ invalid: 0, pending: 1 });
  });

  test("names what it has and should not have", async () => {
    const phone = await enrolledDevice("iphone");
    const stranger = { identifier: "stranger", "server-token": "1", active: true, valid: "valid" };

    await reported(phone, { management: { declarations: { configurations: [stranger], activations: [] } } });

    expect((await read(`/devices/${phone.id}/declarations`)).unexpected).toMatchObject([
      { identifier: "stranger", kind: "configuration", active: true },
    ]);
  });
});

describe("what a device is asked to report", () => {
  const itemsOf = (phone: AppleDevice): string[] =>
    ((declarationsOf(phone).kept.get("edgemdm.status")?.Payload.StatusItems ?? []) as { Name: string }[]).map(
      ({ Name }) => Name,
    );

  test("is what the setting and its predicates want, and it says it can", async () => {
    const wanted = ["passcode.is-present", "diskmanagement.filevault.enabled", "device.power.battery-health"];
    await patchSettings(env, { status_items: wanted }, Date.now());
    const [phone, none] = [await enrolledDevice("iphone"), await enrolledDevice("iphone")];
    const predicate = "@status(device.model.family) == 'iPhone' AND @property(ring) != 1";
    await declare(phone, [echo("asked"), activation("asks", ["asked"], predicate)]);

    // What only Macs have is not asked of a phone; what this one said that it cannot tell, neither.
    await synchronised(phone);
    await synchronised(phone);

    expect(itemsOf(phone)).toEqual(["device.model.family", "passcode.is-present"]);
    expect(await statesOf(phone)).toMatchObject({
      "edgemdm.status": "active",
      "edgemdm.status.activation": "active",
      asks: "active",
    });
    expect(await valuesOf(phone)).toMatchObject({
      "passcode.is-present": true,
      "device.model.family": "iPhone",
    });
    await settle(none);
    expect(await synchronised(none)).toEqual([]);

    phone.state.passcodePresent = false;
    await reportStatus(phone, phone);
    await alarmOf(phone);
    expect((await valuesOf(phone))["passcode.is-present"]).toBe(false);

    await patchSettings(env, { status_items: ["passcode.is-compliant"] }, Date.now());
    await reportStatus(phone, phone, { full: true });
    await alarmOf(phone);
    await synchronised(phone);
    expect(itemsOf(phone)).toEqual(["device.model.family", "passcode.is-compliant"]);
    await declareNothingElse();
  });
});

describe("what declarations refer to", () => {
  const bytes = new TextEncoder().encode("what an asset is made of");
  const fetchFrom = async (device: AppleDevice, url: string, options = {}) =>
    (await device.line.download(url, { attempts: 1, ...options })).status;

  test("is for the devices that have them alone, byte for byte", async () => {
    const [phone, thief] = [await enrolledDevice("iphone"), await enrolledDevice("iphone")];
    await library({ identifier: "file", type: "com.apple.asset.data", payload: {} });
    const uploaded = await ask("PUT", "/api/v1/declarations/file/data", {
      body: bytes,
      headers: { "Content-Type": "application/zip" },
    });
    expect(uploaded.status).toBeLessThan(300);
    const configuration = { ...echo("of file"), payload: { Echo: "e", EchoDataAssetReference: "file" } };
    await declare(phone, [
      configuration,
      activation("act of file", ["of file"]),
      { identifier: "file", type: "com.apple.asset.data", payload: {} },
    ]);

    await synchronised(phone);

    expect(await statesOf(phone)).toEqual({ file: "active", "of file": "active", "act of file": "active" });
    const reference = declarationsOf(phone).kept.get("file")?.Payload.Reference as { DataURL: string };
    const { DataURL } = reference;
    expect(await fetchFrom(phone, DataURL)).toBe(200);
    expect(await fetchFrom(phone, DataURL, { identity: null })).toBe(400);
    expect(await fetchFrom(thief, DataURL)).toBe(403);
    expect(await fetchFrom(thief, DataURL.replace(phone.id, thief.id))).toBe(404);
    expect(await fetchFrom(phone, DataURL.replace(/[0-9a-f]{64}$/, "0".repeat(64)))).toBe(404);
    expect(await fetchFrom(phone, DataURL.replace(/[0-9a-f]{64}$/, "..%2F"))).toBe(404);
    const signedBytes = new TextEncoder().encode("another body");
    expect(await fetchFrom(phone, DataURL, { signedBytes })).toBe(400);

    await ask("POST", `/api/v1/devices/${phone.id}/unenroll`, { json: { method: "answer" } });
    expect(await fetchFrom(phone, DataURL)).toBe(404);
    expect(phone.isEnrolled).toBe(true);
  });

  test("a profile of the library is served as the profile that it is", async () => {
    const mac = await enrolledDevice("mac");
    await libraryProfile("com.example.wrapped", { ssid: "Net of {{device.serial_number}}" });
    const legacy = {
      identifier: "wraps",
      type: "com.apple.configuration.legacy",
      payload: { profile: "com.example.wrapped" },
    };
    await declare(mac, [legacy, activation("act of wraps", ["wraps"])]);

    await synchronised(mac);

    expect(await statesOf(mac)).toEqual({ wraps: "active", "act of wraps": "active" });
    const answer = await mac.line.download(String(declarationsOf(mac).kept.get("wraps")?.Payload.ProfileURL));
    expect(answer.headers.get("content-type")).toBe("application/x-apple-aspen-config");
    expect(Buffer.from(answer.body).toString("latin1")).toContain(`Net of ${mac.hardware.serialNumber}`);
  });
});
