import { expect, test } from "vitest";
import type { PlistInput } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import type { AppleDeviceOptions, FlavourName } from "../support/apple-device.ts";
import { enrolledDevice, give, stateOf } from "../support/fleet.ts";

// What devices of every kind answer, stored as they said it.

const profile = writePlist({
  PayloadType: "Configuration",
  PayloadVersion: 1,
  PayloadIdentifier: "com.example.clip",
  PayloadUUID: "6E0E3C3A-6C2B-4F0A-9C5A-0F6E1F1C9A11",
  PayloadContent: [
    {
      PayloadType: "com.apple.webClip.managed",
      PayloadVersion: 1,
      PayloadIdentifier: "com.example.clip.1",
      PayloadUUID: "8B1D6E58-2C6B-4B5B-8C0A-6B0B7A3C9D22",
      Label: "Example",
      URL: "https://example.com",
    },
  ],
});

const questions: readonly [string, { [key: string]: PlistInput }][] = [
  ["DeviceInformation", { Queries: ["UDID", "OSVersion", "BatteryLevel", "HostName", "Nonsense"] }],
  ["SecurityInfo", {}],
  ["InstallProfile", { Payload: profile }],
  ["ProfileList", {}],
  ["CertificateList", {}],
  ["InstalledApplicationList", {}],
  ["ManagedApplicationList", {}],
  ["ProvisioningProfileList", {}],
  ["RemoveProfile", { Identifier: "com.example.clip" }],
  ["RemoveProfile", { Identifier: "com.example.unknown" }],
  ["Restrictions", {}],
  ["SetRecoveryLock", { NewPassword: "123456" }],
  ["UserList", {}],
];

const kinds: readonly [FlavourName, Partial<AppleDeviceOptions>][] = [
  ["intelMac", { ade: true }],
  ["mac", { userEnrollment: true }],
  ["iphone", {}],
  ["iphone", { userEnrollment: true }],
  ["ipad", { ade: true }],
  ["sharedIpad", {}],
  ["watch", {}],
];

const states = {
  Acknowledged: "acknowledged",
  Error: "error",
  CommandFormatError: "format_error",
  NotNow: "not_now",
};

test.each(kinds)(
  "%s %j is asked everything once, and what it answers is what is known",
  async (flavour, options) => {
    const device = await enrolledDevice(flavour, options);
    const asked: string[] = [];
    for (const [requestType, payload] of questions) asked.push(await give(device, requestType, payload));

    const turns = await device.converse();

    expect(turns.map(({ command }) => command.uuid)).toEqual(asked);
    for (const { command, report } of turns) {
      expect(await stateOf(device, command.uuid), command.requestType).toBe(states[report.status]);
    }
    expect(turns.filter(({ report }) => report.status === "Acknowledged").length).toBeGreaterThan(5);
  },
);

test("a locked iPhone puts off what it must, and finishes it when it polls by itself after being unlocked", async () => {
  const iphone = await enrolledDevice("iphone");
  iphone.lock();
  const profileUuid = await give(iphone, "InstallProfile", { Payload: profile });
  const listUuid = await give(iphone, "ProfileList");

  const whileLocked = await iphone.converse();
  const pollsByItself = iphone.pollsByItself;
  iphone.unlock();
  const unlocked = await iphone.converse();

  expect(whileLocked.map(({ report }) => report.status)).toContain("NotNow");
  expect(pollsByItself).toBe(true);
  expect(unlocked.map(({ command }) => command.uuid)).toEqual([profileUuid]);
  expect(await stateOf(iphone, profileUuid)).toBe("acknowledged");
  expect(await stateOf(iphone, listUuid)).toBe("acknowledged");
});

test("a user's commands reach the user and nobody else", async () => {
  const mac = await enrolledDevice("mac");
  const [user] = mac.users;
  if (!user) throw new Error("the Mac has no managed user");
  const uuid = await give(mac, "ProfileList", {}, { userId: user.id });

  const ofDevice = await mac.converse();
  const ofUser = await user.converse();

  expect(ofDevice).toEqual([]);
  expect(ofUser.map(({ command }) => command.uuid)).toEqual([uuid]);
  expect(await stateOf(mac, uuid, user.id)).toBe("acknowledged");
});

test("an erased device leaves the rest of its queue waiting", async () => {
  const iphone = await enrolledDevice("iphone");
  const erase = await give(iphone, "EraseDevice");
  const list = await give(iphone, "ProfileList");

  await iphone.converse();

  expect(iphone.isEnrolled).toBe(false);
  expect(await stateOf(iphone, erase)).toBe("acknowledged");
  expect(["queued", "sent"]).toContain(await stateOf(iphone, list));
});
