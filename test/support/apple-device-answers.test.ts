import { beforeEach, describe, expect, test } from "vitest";
import type { PlistInput, PlistValue } from "../../src/plist/value.ts";
import { PlistReal } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { plausibleAnswer } from "./apple-device/answers.ts";
import { readSignedData } from "./apple-device/cms.ts";
import type { Command } from "./apple-device/connect.ts";
import { FakeServer, newAuthority } from "./apple-device/fake-server.ts";
import { dictionary, plistOf } from "./apple-device/plist.ts";
import {
  type AppleDevice,
  type AppleDeviceOptions,
  appleDevice,
  declarationsOf,
  type FlavourName,
  machineInfo,
  type Reaction,
  seededRandom,
  type UserChannel,
} from "./apple-device.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer(await newAuthority("Test CA", now), now);
});

async function enrolled(
  flavour: FlavourName,
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  const device = appleDevice(flavour, {
    transport: server.transport,
    now: () => now,
    random: seededRandom(flavour),
    ...options,
  });
  await device.enroll({
    serverUrl: "https://mdm.example.com/mdm",
    scepUrl: "https://mdm.example.com/scep",
    topic: "com.apple.mgmt.External.test",
    challenge: "one-time",
  });
  return device;
}

/** Asks as a server would: through a property list. */
function ask(channel: AppleDevice | UserChannel, requestType: string, more: Record<string, PlistInput> = {}) {
  const payload = dictionary(plistOf(writePlist({ RequestType: requestType, ...more })), "command");
  const command: Command = { uuid: "1", requestType, payload };
  return plausibleAnswer(command, channel);
}

/** What the server would read in the answer. */
function told(reaction: Reaction): Record<string, PlistValue> {
  const extra = reaction.status === "Acknowledged" ? reaction.extra : undefined;
  return Object.fromEntries(dictionary(plistOf(writePlist(extra ?? {})), "answer"));
}

const keysOf = (value: PlistValue | undefined): string[] => [...dictionary(value, "value").keys()];
const code = (reaction: Reaction) =>
  reaction.status === "Error" ? reaction.chain[0]?.ErrorCode : reaction.status;

describe("DeviceInformation", () => {
  const asked = [
    "UDID",
    "SerialNumber",
    "OSVersion",
    "IMEI",
    "HostName",
    "BatteryLevel",
    "WiFiMAC",
    "Nonsense",
  ];

  test.each([
    ["iphone", {}, ["UDID", "SerialNumber", "OSVersion", "IMEI", "BatteryLevel", "WiFiMAC"]],
    ["mac", {}, ["UDID", "SerialNumber", "OSVersion", "HostName", "BatteryLevel", "WiFiMAC"]],
    ["appleTv", {}, ["UDID", "SerialNumber", "OSVersion", "WiFiMAC"]],
    ["iphone", { userEnrollment: true }, ["OSVersion", "BatteryLevel"]],
  ] as const)("%s %j answers what it has and may tell", async (flavour, options, expected) => {
    const device = await enrolled(flavour, options);

    const { QueryResponses } = told(await ask(device, "DeviceInformation", { Queries: asked }));

    expect(keysOf(QueryResponses)).toEqual(expected);
    expect(dictionary(QueryResponses, "answers").get("OSVersion")).toBe(device.flavour.osVersion);
  });

  test("reals stay reals, and a query without Queries is malformed", async () => {
    const device = await enrolled("iphone");

    const { QueryResponses } = told(await ask(device, "DeviceInformation", { Queries: ["BatteryLevel"] }));

    expect(dictionary(QueryResponses, "answers").get("BatteryLevel")).toBeInstanceOf(PlistReal);
    expect((await ask(device, "DeviceInformation")).status).toBe("CommandFormatError");
  });
});

describe("what a device does not do", () => {
  test.each([
    ["a word it does not know", "iphone", {}, "MakeCoffee", 12021],
    ["a Mac's command", "iphone", {}, "SetRecoveryLock", 12021],
    ["supervised things when it is not", "iphone", {}, "RestartDevice", 12067],
    ["an erase under user enrollment", "iphone", { userEnrollment: true }, "EraseDevice", 12021],
    ["listing users, not being shared", "ipad", {}, "UserList", 12021],
  ] as const)("%s", async (_what, flavour, options, requestType, expected) => {
    expect(code(await ask(await enrolled(flavour, options), requestType))).toBe(expected);
  });

  test("anything but Lost Mode's own commands in Lost Mode", async () => {
    const device = await enrolled("iphone", { ade: true });

    const enabled = await ask(device, "EnableLostMode", { Message: "Please call" });
    const located = told(await ask(device, "DeviceLocation"));
    const listed = await ask(device, "ProfileList");

    expect(enabled.status).toBe("Acknowledged");
    expect(located.Latitude).toBeInstanceOf(PlistReal);
    expect(code(listed)).toBe(12078);
  });
});

describe("what was done to a device shows in its answers", () => {
  const profile = (identifier: string) =>
    writePlist({
      PayloadType: "Configuration",
      PayloadVersion: 1,
      PayloadIdentifier: identifier,
      PayloadUUID: "U",
      PayloadContent: [
        {
          PayloadType: "com.apple.webClip.managed",
          PayloadIdentifier: "x",
          PayloadUUID: "y",
          PayloadVersion: 1,
        },
      ],
    });
  const identifiers = async (channel: AppleDevice | UserChannel) => {
    const { ProfileList } = told(await ask(channel, "ProfileList"));
    return (ProfileList as PlistValue[]).map((entry) =>
      dictionary(entry, "profile").get("PayloadIdentifier"),
    );
  };

  test("profiles come and go, each channel with its own", async () => {
    const mac = await enrolled("mac");
    const [user] = mac.users;

    await ask(mac, "InstallProfile", { Payload: profile("com.example.a") });
    await ask(mac, "InstallProfile", { Payload: profile("com.example.a") });
    await ask(user as UserChannel, "InstallProfile", { Payload: profile("com.example.b") });
    const before = await identifiers(mac);
    const removed = await ask(mac, "RemoveProfile", { Identifier: "com.example.a" });

    expect(before).toEqual(["com.example.enrollment", "com.example.a"]);
    expect(await identifiers(user as UserChannel)).toEqual(["com.example.b"]);
    expect(removed.status).toBe("Acknowledged");
    expect(await identifiers(mac)).toEqual(["com.example.enrollment"]);
    expect(code(await ask(mac, "RemoveProfile", { Identifier: "com.example.a" }))).toBe(12075);
  });

  test("a profile that is none is refused by the installer", async () => {
    const reaction = await ask(await enrolled("iphone"), "InstallProfile", {
      Payload: new Uint8Array([1, 2, 3]),
    });

    expect(reaction).toMatchObject({
      status: "Error",
      chain: [{ ErrorDomain: "MCInstallationErrorDomain" }],
    });
  });

  test("provisioning profiles are listed by UUID, installed twice or not", async () => {
    const device = await enrolled("iphone");
    const ProvisioningProfile = writePlist({ UUID: "P-1", Name: "App", ExpirationDate: new Date(now) });

    await ask(device, "InstallProvisioningProfile", { ProvisioningProfile });
    const again = await ask(device, "InstallProvisioningProfile", { ProvisioningProfile });
    const { ProvisioningProfileList } = told(await ask(device, "ProvisioningProfileList"));

    expect(again.status).toBe("Acknowledged");
    expect(ProvisioningProfileList).toEqual([
      new Map<string, PlistValue>([
        ["Name", "App"],
        ["UUID", "P-1"],
        ["ExpiryDate", new Date(now)],
      ]),
    ]);
    expect((await ask(device, "RemoveProvisioningProfile", { UUID: "P-1" })).status).toBe("Acknowledged");
  });

  test("apps are managed once they were installed by command, and go only then", async () => {
    const device = await enrolled("iphone");

    const early = await ask(device, "RemoveApplication", { Identifier: "com.apple.Pages" });
    await ask(device, "InstallApplication", { Identifier: "com.apple.Pages" });
    const { ManagedApplicationList } = told(await ask(device, "ManagedApplicationList"));

    expect(code(early)).toBe(12055);
    expect(keysOf(ManagedApplicationList)).toEqual(["com.apple.Pages"]);
    expect(code(await ask(device, "InstallApplication", { Identifier: "a", iTunesStoreID: 1 }))).toBe(
      "CommandFormatError",
    );
    expect((await ask(device, "RemoveApplication", { Identifier: "com.apple.Pages" })).status).toBe(
      "Acknowledged",
    );
  });

  test("settings are answered one by one, and hold", async () => {
    const mac = await enrolled("mac");

    const { Settings } = told(
      await ask(mac, "Settings", {
        Settings: [
          { Item: "HostName", HostName: "studio.local" },
          { Item: "Teleport", Enabled: true },
        ],
      }),
    );

    expect((Settings as PlistValue[]).map((entry) => dictionary(entry, "entry").get("Status"))).toEqual([
      "Acknowledged",
      "Error",
    ]);
    const { QueryResponses } = told(await ask(mac, "DeviceInformation", { Queries: ["HostName"] }));
    expect(dictionary(QueryResponses, "answers").get("HostName")).toBe("studio.local");
  });

  test("a passcode is cleared with the device's own unlock token alone", async () => {
    const device = await enrolled("iphone");

    expect(code(await ask(device, "ClearPasscode", { UnlockToken: new Uint8Array(8) }))).toBe(12029);
    const cleared = await ask(device, "ClearPasscode", { UnlockToken: device.unlockToken });
    await cleared.afterwards?.();

    expect(device.state.passcodePresent).toBe(false);
  });

  test("a recovery lock wants the current password", async () => {
    const mac = await enrolled("mac");

    await ask(mac, "SetRecoveryLock", { NewPassword: "one" });
    const wrong = await ask(mac, "SetRecoveryLock", { NewPassword: "two" });
    const verified = told(await ask(mac, "VerifyRecoveryLock", { Password: "one" }));

    expect(code(wrong)).toBe(12094);
    expect(verified.PasswordVerified).toBe(true);
  });

  test("DeviceConfigured lets a device out of Setup Assistant", async () => {
    const ipad = await enrolled("ipad", { ade: true });

    await ask(ipad, "DeviceConfigured");

    expect(ipad.awaitingConfiguration).toBe(false);
  });
});

describe("declarative management", () => {
  const declaration = (identifier: string, serverToken: string) => ({
    Type: "com.apple.configuration.management.test",
    Identifier: identifier,
    ServerToken: serverToken,
    Payload: { Echo: identifier },
  });
  let declared: ReturnType<typeof declaration>[];
  let endpoints: string[];
  let reports: Record<string, Record<string, object>>[];

  beforeEach(() => {
    declared = [declaration("a", "1"), declaration("b", "1")];
    endpoints = [];
    reports = [];
    server.script = ({ body }) => {
      const message = dictionary(plistOf(body), "message");
      if (message.get("MessageType") !== "DeclarativeManagement") return new Response(null);
      const endpoint = String(message.get("Endpoint"));
      endpoints.push(endpoint);
      const token = declared.map(({ Identifier, ServerToken }) => Identifier + ServerToken).join();
      if (endpoint === "tokens") return Response.json({ SyncTokens: { DeclarationsToken: token } });
      if (endpoint === "status") {
        reports.push(JSON.parse(Buffer.from(message.get("Data") as Uint8Array).toString()).StatusItems);
        return new Response(null);
      }
      const found = declared.find(({ Identifier }) => endpoint === `declaration/configuration/${Identifier}`);
      if (found)
        return found.ServerToken === "gone" ? new Response(null, { status: 404 }) : Response.json(found);
      return Response.json({
        Declarations: { Activations: [], Assets: [], Management: [], Configurations: declared },
        DeclarationsToken: token,
      });
    };
  });

  async function synchronised(device: AppleDevice): Promise<string[]> {
    endpoints = [];
    const reaction = await ask(device, "DeclarativeManagement");
    await reaction.afterwards?.();
    return endpoints;
  }

  test("the first time it introduces itself, fetches everything and reports", async () => {
    const device = await enrolled("iphone");

    const asked = await synchronised(device);

    expect(asked).toEqual([
      "status",
      "tokens",
      "declaration-items",
      "declaration/configuration/a",
      "declaration/configuration/b",
      "status",
    ]);
    expect(reports[0]?.management).toHaveProperty("client-capabilities");
    expect(reports[1]?.management).toMatchObject({
      declarations: {
        configurations: [{ identifier: "a", "server-token": "1", valid: "valid" }, { identifier: "b" }],
      },
    });
  });

  test("afterwards it fetches what changed, drops what is gone, and asks once when nothing moved", async () => {
    const device = await enrolled("iphone");
    await synchronised(device);

    declared = [declaration("a", "2"), declaration("c", "gone")];
    const changed = await synchronised(device);
    const unchanged = await synchronised(device);

    expect(changed.slice(2, 4)).toEqual(["declaration/configuration/a", "declaration/configuration/c"]);
    expect([...declarationsOf(device).kept.keys()]).toEqual(["a"]);
    expect(unchanged).toEqual(["tokens"]);
  });
});

test("a device introduces itself to enrollment with a signature, and hides its hardware from user enrollment", async () => {
  const mac = await enrolled("mac");
  const iphone = await enrolled("iphone", { userEnrollment: true });

  const info = dictionary(
    plistOf(readSignedData(machineInfo(mac, server.authority)).content ?? new Uint8Array()),
    "info",
  );
  const hidden = dictionary(
    plistOf(readSignedData(machineInfo(iphone, server.authority)).content ?? new Uint8Array()),
    "info",
  );

  expect(info.get("SERIAL")).toBe(mac.hardware.serialNumber);
  expect([...hidden.keys()]).toEqual(["LANGUAGE", "OS_VERSION", "PRODUCT", "VERSION"]);
});
