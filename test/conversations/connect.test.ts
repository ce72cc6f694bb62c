import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf, stateOf, toldBy } from "../support/fleet.ts";
import { heldTimers } from "../support/held-timers.ts";

const commandsOf = async (device: AppleDevice) => {
  const listed = await objectOf(device).listCommands("", 50);
  if (!listed.ok) throw new Error(listed.refusal.detail);
  return listed.value.map(({ requestType, state }) => [requestType, state]);
};

/** How many bytes the results of a device take up where they lie in parts. */
const storedSize = (device: AppleDevice): Promise<number> =>
  runInDurableObject(
    objectOf(device),
    (_, { storage }) =>
      storage.sql.exec<{ size: number }>("SELECT total(length(data)) AS size FROM result_parts").one().size,
  );

describe("a device that connects", () => {
  test("with nothing to fetch gets an empty answer, and an idle connect writes nothing", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);

    const answer = await device.idle();

    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(await outboxOf(device)).toEqual([]);
  });

  test("gets its commands one by one, in the order they were given", async () => {
    const device = await enrolledDevice();
    await give(device, "DeviceInformation");
    await give(device, "SecurityInfo");
    await give(device, "RestartDevice", {}, { high: true });

    const turns = await device.converse(() => ({ status: "Acknowledged" }));

    expect(turns.map(({ command }) => command.requestType)).toEqual([
      "RestartDevice",
      "DeviceInformation",
      "SecurityInfo",
    ]);
    expect(await commandsOf(device)).toEqual([
      ["RestartDevice", "acknowledged"],
      ["SecurityInfo", "acknowledged"],
      ["DeviceInformation", "acknowledged"],
    ]);
  });

  test("gets the command as it was given, byte for byte what Apple's schema describes", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceInformation", { Queries: ["OSVersion", "SerialNumber"] });

    const { body, headers } = await device.idle();

    expect(headers.get("content-type")).toMatch(/^application\/xml/);
    const read = readPlist(body);
    expect(read.ok && read.value).toEqual(
      new Map<string, unknown>([
        [
          "Command",
          new Map<string, unknown>([
            ["RequestType", "DeviceInformation"],
            ["Queries", ["OSVersion", "SerialNumber"]],
          ]),
        ],
        ["CommandUUID", uuid],
      ]),
    );
  });

  test("keeps its place over an eviction in the middle of an exchange", async () => {
    // Those in which it would answer.
    heldTimers(5_000);
    const device = await enrolledDevice();
    const [first, second] = [await give(device, "DeviceInformation"), await give(device, "SecurityInfo")];

    expect((await device.idle()).command?.uuid).toBe(first);
    await evictDurableObject(objectOf(device));
    expect((await device.acknowledge(first)).command?.uuid).toBe(second);
    await evictDurableObject(objectOf(device));
    expect((await device.acknowledge(second)).command).toBeUndefined();

    expect([await stateOf(device, first), await stateOf(device, second)]).toEqual([
      "acknowledged",
      "acknowledged",
    ]);
  });

  test.each([
    ["Error", "error"],
    ["CommandFormatError", "format_error"],
  ] as const)("that answers %s has finished the command, and gets the next one", async (status, state) => {
    const device = await enrolledDevice();
    const [first, second] = [await give(device, "DeviceInformation"), await give(device, "SecurityInfo")];
    await device.idle();

    const answer = status === "Error" ? await device.error(first) : await device.formatError(first);

    expect(answer.command?.uuid).toBe(second);
    expect(await stateOf(device, first)).toBe(state);
  });

  test("that was cut off gets the same command again, under the same UUID", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceInformation");

    await device.idle();
    await device.idle();

    expect((await device.idle()).command?.uuid).toBe(uuid);
  });

  test("is not restarted a third time by a command that it never answers", async () => {
    const device = await enrolledDevice();
    const restart = await give(device, "RestartDevice");
    const other = await give(device, "DeviceInformation");

    expect((await device.idle()).command?.uuid).toBe(restart);
    expect((await device.idle()).command?.uuid).toBe(restart);
    expect((await device.idle()).command?.uuid).toBe(other);

    await device.acknowledge(restart);
    expect(await stateOf(device, restart)).toBe("acknowledged");
  });
});

describe("NotNow", () => {
  test("brings another command, and the refused one at the next Idle", async () => {
    const device = await enrolledDevice();
    const [first, second] = [await give(device, "InstallProfile"), await give(device, "SecurityInfo")];
    await device.idle();

    expect((await device.notNow(first)).command?.uuid).toBe(second);
    const last = await device.acknowledge(second);

    // It polls by itself only if NotNow was its last word: so it is asked once more.
    expect(last.command?.uuid).toBe(first);
    expect((await device.notNow(first)).command).toBeUndefined();
    expect(await stateOf(device, first)).toBe("not_now");
    expect((await device.idle()).command?.uuid).toBe(first);
  });

  test("to everything ends the exchange", async () => {
    const device = await enrolledDevice();
    for (const type of ["InstallProfile", "InstallApplication", "CertificateList"]) await give(device, type);

    const turns = await device.converse(() => ({ status: "NotNow" }));

    expect(turns).toHaveLength(3);
    expect(device.pollsByItself).toBe(true);
  });

  test("is over once the device can: every command is fetched and answered", async () => {
    const device = await enrolledDevice("iphone");
    device.lock();
    await give(device, "InstallApplication", { iTunesStoreID: 1 });
    await give(device, "DeviceInformation", { Queries: ["OSVersion"] });
    await device.converse();

    device.unlock();
    await device.converse();

    expect((await commandsOf(device)).toSorted()).toEqual([
      ["DeviceInformation", "acknowledged"],
      ["InstallApplication", "acknowledged"],
    ]);
  });
});

describe("a result", () => {
  test("repeated is harmless, and tells nobody twice", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceInformation");
    await device.idle();
    await device.acknowledge(uuid);
    await alarmOf(device);

    const again = await device.acknowledge(uuid);

    expect([again.status, again.body.length]).toEqual([200, 0]);
    expect(await outboxOf(device)).toEqual([]);
  });

  test("of a command that nobody gave is an event, and blocks nothing", async () => {
    const device = await enrolledDevice();
    const waiting = await give(device, "DeviceInformation");

    const answer = await device.acknowledge("NEVER-GIVEN");

    expect(answer.command?.uuid).toBe(waiting);
    expect((await toldBy(device)).map(({ name }) => name)).toContain("command.result_ignored");
  });

  test("that cannot be read is an event, fetches nothing, and blocks nothing", async () => {
    const device = await enrolledDevice();
    const waiting = await give(device, "DeviceInformation");

    const answer = await device.line.connect(new Uint8Array([1, 2, 3]));

    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect((await toldBy(device)).map(({ name }) => name)).toContain("command.result_undecodable");
    expect((await device.idle()).command?.uuid).toBe(waiting);
  });

  test("that comes after the command was cancelled changes nothing", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceInformation");
    await objectOf(device).cancelCommand("", uuid);

    await device.acknowledge(uuid);

    expect(await stateOf(device, uuid)).toBe("cancelled");
  });

  test("is kept whole", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceInformation");
    await device.idle();
    await device.acknowledge(uuid, { QueryResponses: { OSVersion: "26.1" } });

    const whole = await objectOf(device).readCommand("", uuid);

    expect(fromUtf8(whole?.result ?? utf8(""))).toContain("<string>26.1</string>");
  });

  test("of hundreds of kilobytes is answered at once, and compressed afterwards", async () => {
    const device = await enrolledDevice("mac");
    const uuid = await give(device, "InstalledApplicationList");
    await device.idle();
    const InstalledApplicationList = Array.from({ length: 8000 }, (_, at) => ({
      Identifier: `com.example.app${at}`,
    }));

    await device.acknowledge(uuid, { InstalledApplicationList });
    const before = await objectOf(device).readCommand("", uuid);
    expect(await storedSize(device)).toBeGreaterThan(400_000);
    await alarmOf(device);
    const after = await objectOf(device).readCommand("", uuid);
    expect(await storedSize(device)).toBeLessThan(100_000);

    expect(before?.header).toMatchObject({ state: "acknowledged", truncated: false });
    expect(before?.result?.length).toBeGreaterThan(400_000);
    expect(fromUtf8(after?.result ?? utf8(""))).toBe(fromUtf8(before?.result ?? utf8("none")));
  });

  test("beyond ten megabytes is acknowledged and cut: the device must not repeat it without end", async () => {
    const device = await enrolledDevice("mac");
    const uuid = await give(device, "InstalledApplicationList");
    await device.idle();

    const answer = await device.acknowledge(uuid, { Padding: "x".repeat(11_000_000) });

    expect(answer.status).toBe(200);
    expect((await objectOf(device).readCommand("", uuid))?.header).toMatchObject({
      state: "acknowledged",
      truncated: true,
    });
  });

  test("beyond twenty-five megabytes is not read", async () => {
    const device = await enrolledDevice("mac");
    const uuid = await give(device, "InstalledApplicationList");
    await device.idle();

    const answer = await device.acknowledge(uuid, { Padding: "x".repeat(27_000_000) });

    expect(answer.status).toBe(413);
    expect(await stateOf(device, uuid)).toBe("sent");
  });
});

describe("a command", () => {
  test("given twice under one UUID waits once", async () => {
    const device = await enrolledDevice();
    const input = {
      uuid: "SAME",
      userId: "",
      requestType: "SecurityInfo",
      high: false,
      renewal: false,
      expiresAt: null,
      origin: "test",
      push: false,
    };

    await objectOf(device).enqueue(input, utf8("<plist/>"));
    await objectOf(device).enqueue(input, utf8("<plist/>"));

    expect(await commandsOf(device)).toEqual([["SecurityInfo", "queued"]]);
  });

  test("is cancelled while it waits or was put off, and not once the device has it", async () => {
    const device = await enrolledDevice();
    const [first, second] = [await give(device, "InstallProfile"), await give(device, "SecurityInfo")];
    await device.idle();
    await device.notNow(first);

    expect(await objectOf(device).cancelCommand("", first)).toMatchObject({
      ok: true,
      value: { state: "cancelled" },
    });
    expect(await objectOf(device).cancelCommand("", second)).toMatchObject({
      refusal: { reason: "not-cancellable", state: "sent" },
    });
    expect(await objectOf(device).cancelCommand("", "UNKNOWN")).toMatchObject({
      refusal: { reason: "no-such-command" },
    });
  });

  test("that ran out of time is not sent", async () => {
    const device = await enrolledDevice();
    const late = await give(device, "DeviceInformation", {}, { expiresAt: Date.now() - 1 });

    expect((await device.idle()).command).toBeUndefined();
    expect(await stateOf(device, late)).toBe("expired");
  });

  test("that ran out of time is ended by the alarm, though the device never comes", async () => {
    const device = await enrolledDevice();
    const late = await give(device, "DeviceInformation", {}, { expiresAt: Date.now() - 1 });

    await alarmOf(device);

    expect(await stateOf(device, late)).toBe("expired");
  });
});
