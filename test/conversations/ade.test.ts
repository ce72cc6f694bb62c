import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { origin } from "../support/admin.ts";
import { factoryIdentity, machineInfo, strangeRoot } from "../support/apple-device.ts";
import { newDevice } from "../support/fleet.ts";
import { comeIn, post, prepare, provisionedDevice } from "../support/provisioned.ts";

beforeEach(prepare);

const countChallenges = async () =>
  (await env.DB.prepare("SELECT count(*) AS n FROM challenges").first<{ n: number }>())?.n ?? 0;

describe("a device that Apple sends here", () => {
  test("gets a profile that is for it alone, and enrolls with it", async () => {
    const { device, factory } = await provisionedDevice("iphone");

    const answer = await post(machineInfo(device, factory));

    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
    await device.enroll({ profile: new Uint8Array(await answer.arrayBuffer()) });
    expect(device.awaitingConfiguration).toBe(true);
    const described = await env.DEVICE.getByName(device.id).describe();
    expect(described).toMatchObject({
      state: "enrolled",
      proven: { serial_number: "challenge", udid: "challenge" },
    });
    expect(JSON.parse(described?.terms ?? "{}")).toMatchObject({ kind: "ade" });
  });

  test("is no other than the one that it says: its profile enrolls nobody else", async () => {
    const { device, factory } = await provisionedDevice("iphone");
    const answer = await post(machineInfo(device, factory));
    const thief = newDevice("iphone");

    await expect(
      thief.enroll({ profile: new Uint8Array(await answer.arrayBuffer()), freshKey: true }),
    ).rejects.toThrow();
  });

  test("comes back after it was erased on the shelf, and takes its own place", async () => {
    const { device, factory } = await provisionedDevice("iphone");
    await comeIn(device, factory);
    device.erase();

    await comeIn(device, factory);

    expect((await env.DEVICE.getByName(device.id).describe())?.generation).toBe(2);
  });

  test("gets the same challenge again while nobody has used it", async () => {
    const { device, factory } = await provisionedDevice("iphone");
    const message = machineInfo(device, factory);
    await post(message);
    const before = await countChallenges();

    for (let times = 0; times < 3; times += 1) expect((await post(message)).status).toBe(200);

    expect(await countChallenges()).toBe(before);
  });
});

describe("what is no device of ours", () => {
  test("that no account has is refused in words, or let in where the settings say so", async () => {
    const device = newDevice("iphone");
    const factory = await factoryIdentity(device.hardware.serialNumber);

    const refused = await post(machineInfo(device, factory));
    expect(refused.status).toBe(403);
    expect(refused.headers.get("Content-Type")).toContain("application/json");
    expect(await refused.json()).toMatchObject({
      code: "edgemdm.unknown-device",
      message: expect.stringContaining("not assigned"),
    });

    await patchSettings(env, { ade_unknown_device: "enroll" }, Date.now());
    expect((await post(machineInfo(device, factory))).status).toBe(200);
  });

  test("that signs under another root of the same name is refused", async () => {
    const { device } = await provisionedDevice("iphone");
    const strange = await factoryIdentity(device.hardware.serialNumber, Date.now(), await strangeRoot());

    const refused = await post(machineInfo(device, strange));

    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "edgemdm.not-signed-by-a-device" });
  });

  test("whose words were changed on the way is refused", async () => {
    const { device, factory } = await provisionedDevice("iphone");
    const message = machineInfo(device, factory);
    const at = Buffer.from(message).indexOf(device.hardware.serialNumber);
    message[at] = (message[at] ?? 0) ^ 1;

    expect((await post(message)).status).toBe(400);
  });

  test.each([
    ["nothing", ""],
    ["a property list that nobody signed", "<?xml version='1.0'?><plist><dict/></plist>"],
    ["bytes", new Uint8Array([0x30, 0x80, 0x06, 0x01])],
    ["too much", new Uint8Array(70_000)],
  ])("that sends %s gets no profile, and never a 401", async (_, body) => {
    const { status } = await post(body);

    expect([400, 413]).toContain(status);
  });
});

describe("a device whose system is too old", () => {
  const wants = (version: string) =>
    patchSettings(env, { ade_minimum_versions: [{ platform: "ios", version }] }, Date.now());

  test("is told to update first, where that version is known to be out", async () => {
    await wants("99.1");
    const { device, factory } = await provisionedDevice("iphone");
    expect((await post(machineInfo(device, factory))).status).toBe(200);

    const key = 99_001_000;
    await env.DB.prepare(
      "INSERT INTO os_releases (platform, version, version_key, released_at, source) VALUES ('ios', '99.1', ?, 0, 'given')",
    )
      .bind(key)
      .run();
    const refused = await post(machineInfo(device, factory));

    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      code: "com.apple.softwareupdate.required",
      details: { OSVersion: "99.1" },
    });
    await env.DB.prepare("DELETE FROM os_releases").run();
  });

  test("is let in where Apple's list says that its model cannot have that version, and told where it can", async () => {
    await wants("99.1");
    const { device, factory } = await provisionedDevice("iphone");
    const { productName } = device.flavour;
    const signs = (version: string, key: number, models: readonly string[]) =>
      env.DB.prepare(
        `INSERT OR REPLACE INTO signed_systems
          (list, platform, version, build, supplement, version_key, first_posted_on, posted_on, models, first_seen_at)
          VALUES ('public', 'ios', ?, ?, '', ?, '2026-01-01', '2026-01-01', ?, 0)`,
      ).bind(
        version,
        `B${version}`,
        key,
        JSON.stringify(Object.fromEntries(models.map((one) => [one, null]))),
      );
    const known = env.DB.prepare(
      "INSERT INTO os_releases (platform, version, version_key, released_at, source) VALUES ('ios', '99.1', 99001000, 0, 'given')",
    );
    await env.DB.batch([
      signs("99.1", 99_001_000, ["iPhone99,1"]),
      signs("26.0", 26_000_000, [productName]),
      known,
    ]);

    expect((await post(machineInfo(device, factory))).status).toBe(200);

    await signs("99.1", 99_001_000, ["iPhone99,1", productName]).run();
    expect((await post(machineInfo(device, factory))).status).toBe(403);
    await env.DB.batch([
      env.DB.prepare("DELETE FROM signed_systems"),
      env.DB.prepare("DELETE FROM os_releases"),
    ]);
  });

  test("is let in where it cannot be told", async () => {
    await wants("99.1");
    const { device, factory } = await provisionedDevice("iphone");

    expect(
      (await post(machineInfo(device, factory, { MDM_CAN_REQUEST_SOFTWARE_UPDATE: false }))).status,
    ).toBe(200);
  });
});

describe("an Apple Watch", () => {
  test("is sent to its phone, and comes again with what that was given", async () => {
    const { device: phone, factory } = await provisionedDevice("iphone");
    await comeIn(phone, factory);
    const watch = newDevice("watch");
    const made = await factoryIdentity(watch.hardware.serialNumber);

    const refused = await post(machineInfo(watch, made));
    expect(refused.status).toBe(403);
    const { code, details } = (await refused.json()) as { code: string; details: Record<string, string> };
    expect(code).toBe("com.apple.watch.pairing.token.missing");

    const { tokenData } = await phone.getToken("com.apple.watch.pairing", {
      PhoneUDID: phone.id,
      WatchUDID: watch.hardware.udid,
      SecurityToken: details["security-token"] ?? "",
    });
    expect((await post(machineInfo(watch, made, { PAIRING_TOKEN: tokenData }))).status).toBe(200);

    const other = newDevice("watch");
    const answer = await post(
      machineInfo(other, await factoryIdentity(other.hardware.serialNumber), { PAIRING_TOKEN: tokenData }),
    );
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "edgemdm.watch-pairing" });
  });
});

test("Apple Configurator learns where devices enroll", async () => {
  const answer = await exports.default.fetch(`${origin}/MDMServiceConfig`);

  expect(await answer.json()).toEqual({
    dep_enrollment_url: `${origin}/enroll/ade`,
    dep_anchor_certs_url: `${origin}/enroll/ade/anchors`,
  });
  expect(await (await exports.default.fetch(`${origin}/enroll/ade/anchors`)).json()).toEqual([]);
});
