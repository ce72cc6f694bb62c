import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { hour } from "../../src/base/time.ts";
import { ask } from "../support/admin.ts";
import { type AppleDevice, failed, plausibleAnswer } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice } from "../support/fleet.ts";
import { finish, run } from "../support/jobs.ts";

/** Each conversation has a profile of its own. */
let wifi = "";

/** The clock of the server and of the devices. */
const passHours = (hours: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * hour });

afterEach(() => {
  vi.useRealTimers();
  refuses = false;
});

async function follow(devices: readonly AppleDevice[]): Promise<void> {
  await settle(...devices);
  for (const device of devices) await device.converse();
  await settle(...devices);
}

async function count(): Promise<void> {
  await finish("rollouts");
  await run("rollouts");
}

/** Some minutes later: the server counts, and the devices do what is new. */
async function later(devices: readonly AppleDevice[]): Promise<void> {
  await count();
  await follow(devices);
  await count();
}

const ssidOf = (device: AppleDevice, identifier = wifi) =>
  device.profiles.get(identifier)?.payloads[0]?.get("SSID_STR");
const having = (devices: readonly AppleDevice[], ssid: string) =>
  devices.filter((device) => ssidOf(device) === ssid);

async function office(
  size: number,
  set: string,
  options: Parameters<typeof enrolledDevice>[1] = {},
): Promise<AppleDevice[]> {
  wifi = `com.example.${set}`;
  await libraryProfile(wifi, { ssid: "Old" });
  await putSet(set, { profiles: [wifi] });
  const devices: AppleDevice[] = [];
  for (let at = 0; at < size; at += 1) {
    const device = await enrolledDevice("iphone", options);
    await settle(device);
    await giveSets(device, [set]);
    devices.push(device);
  }
  await follow(devices);
  expect(having(devices, "Old")).toHaveLength(size);
  return devices;
}

/** Whether the devices refuse it that have it refused to them. */
let refuses = false;
const isRefused = () => refuses;

const serverEvents = async (name: string) => {
  const query = "SELECT detail FROM events WHERE device_id = '' AND name = ? ORDER BY seq";
  const { results } = await env.DB.prepare(query).bind(name).all<{ detail: string }>();
  return results.map(({ detail }) => JSON.parse(detail));
};

const problems = async (code: string): Promise<{ code: string; subject: string }[]> => {
  await finish("problems");
  const { items } = (await ask("GET", "/api/v1/problems")).json;
  return items.filter((item: { code: string }) => item.code === code);
};

const profilesOf = async (device: AppleDevice): Promise<{ identifier: string; state: string }[]> =>
  (await ask("GET", `/api/v1/devices/${device.id}/profiles`)).json.items;

async function deviceWith(devices: readonly AppleDevice[], wanted: string): Promise<AppleDevice> {
  for (const device of devices)
    if ((await profilesOf(device)).some(({ state }) => state === wanted)) return device;
  throw new Error(`no device has a profile that is ${wanted}`);
}

const newest = async () => (await ask("GET", "/api/v1/rollouts?limit=1")).json.items[0];
const act = (id: string, what: "resume" | "cancel" | "finish") =>
  ask("POST", `/api/v1/rollouts/${id}/${what}`);

describe("a new version of a Wi-Fi profile", () => {
  test("reaches 20 devices ring by ring", { timeout: 120_000 }, async () => {
    const devices = await office(20, "ring-by-ring");

    await libraryProfile(wifi, { ssid: "New" });
    await follow(devices);
    await later(devices);

    expect(having(devices, "New")).toHaveLength(2);
    expect(having(devices, "Old")).toHaveLength(18);
    expect(await newest()).toMatchObject({
      kind: "profile",
      subject: wifi,
      state: "running",
      ring: 1,
      rings: [
        { percent: 10, devices: 2, reached: 2, succeeded: 2, failed: 0, silent: 0, waiting: 0 },
        { percent: 30, devices: 4, reached: 0 },
        { percent: null, devices: 14, reached: 0 },
      ],
    });

    const first = having(devices, "New");
    passHours(23);
    await later(devices);
    expect(having(devices, "New")).toHaveLength(2);

    passHours(1.1);
    await later(devices);
    expect(having(devices, "New")).toHaveLength(6);
    expect(having(devices, "New")).toEqual(expect.arrayContaining(first));

    passHours(24.1);
    await later(devices);
    expect(having(devices, "New")).toHaveLength(20);
    expect(await newest()).toMatchObject({ state: "finished", ended_by: "rollouts" });
  });

  test("halts when devices of the first ring refuse it; a person resumes it", {
    timeout: 120_000,
  }, async () => {
    let isUnwilling = true;
    const devices = await office(20, "halts", {
      policy: (command, channel) =>
        isUnwilling && command.requestType === "InstallProfile" && isRefused()
          ? failed(4001, "No such network.", "MCInstallationErrorDomain")
          : plausibleAnswer(command, channel),
    });
    refuses = true;

    await libraryProfile(wifi, { ssid: "Bad" });
    await follow(devices);
    await later(devices);

    const halted = await newest();
    expect(halted).toMatchObject({
      state: "halted",
      reason: "ring 1: 2 of 2 devices failed",
      rings: [{ reached: 2, failed: 2, succeeded: 0 }, { reached: 0 }, { reached: 0 }],
    });
    expect(having(devices, "Old")).toHaveLength(20);
    expect(await serverEvents("rollout.halted")).toMatchObject([
      { rollout: halted.id, subject: wifi, ring: 1 },
    ]);
    expect((await problems("rollout-halted")).map(({ subject }) => subject)).toEqual([halted.id]);

    passHours(100);
    await later(devices);
    expect(having(devices, "Bad")).toHaveLength(0);

    isUnwilling = false;
    expect((await act(halted.id, "resume")).json).toMatchObject({ state: "running", reason: null });
    expect(await problems("rollout-halted")).toEqual([]);
    passHours(25);
    await later(devices);
    expect(await newest()).toMatchObject({ state: "running", ring: 2 });
    expect(having(devices, "Bad").length).toBeGreaterThan(3);

    expect((await act(halted.id, "finish")).json).toMatchObject({ state: "finished" });
    await follow(devices);
    expect(having(devices, "Bad")).toHaveLength(20);
    expect((await act(halted.id, "resume")).status).toBe(409);
  });

  test("halts when devices of a ring are silent, and is taken back when it is cancelled", {
    timeout: 120_000,
  }, async () => {
    const devices = await office(10, "silent");
    await libraryProfile(wifi, { ssid: "Silent" });
    await settle(...devices);
    passHours(25);
    await count();
    const { id, state, reason } = await newest();
    expect([state, reason]).toEqual(["halted", "ring 1: 1 of 1 devices did not answer"]);

    await follow(devices);
    expect(having(devices, "Silent")).toHaveLength(1);
    const others = devices.filter((device) => ssidOf(device) === "Old");

    expect((await act(id, "cancel")).json).toMatchObject({ state: "cancelled" });
    await settle(...devices);
    const commands = [];
    for (const device of others) commands.push(...(await device.converse()).filter(({ command }) => command));
    expect(commands).toEqual([]);
    await follow(devices);
    expect(having(devices, "Old")).toHaveLength(10);
    expect((await ask("GET", `/api/v1/profiles/${wifi}`)).json).toMatchObject({
      version: expect.any(Number),
    });
    expect((await act(id, "cancel")).status).toBe(200);
    expect((await act(id, "finish")).status).toBe(409);
  });

  test("that is corrected during a rollout reaches the same devices first", {
    timeout: 120_000,
  }, async () => {
    const devices = await office(20, "corrected");
    await libraryProfile(wifi, { ssid: "Wrong" });
    await follow(devices);
    await later(devices);
    const first = having(devices, "Wrong");
    expect(first).toHaveLength(2);

    await libraryProfile(wifi, { ssid: "Right" });
    await follow(devices);
    await later(devices);

    expect(having(devices, "Right")).toEqual(first);
    expect(having(devices, "Old")).toHaveLength(18);
    const { items } = (await ask("GET", "/api/v1/rollouts?limit=2")).json;
    expect(items.map(({ state }: { state: string }) => state)).toEqual(["running", "replaced"]);
  });
});

describe("a fleet of three", () => {
  test("has one device in its first ring", { timeout: 120_000 }, async () => {
    const devices = await office(3, "three");
    await libraryProfile(wifi, { ssid: "Small" });
    await follow(devices);
    await later(devices);

    expect(having(devices, "Small")).toHaveLength(1);
    expect((await newest()).rings.map(({ devices: count }: { devices: number }) => count)).toEqual([1, 0, 2]);

    // The ring of no device is open for no time.
    passHours(25);
    await later(devices);
    expect(having(devices, "Small")).toHaveLength(3);
    expect(await newest()).toMatchObject({ state: "finished" });
  });
});

describe("a set that gets another Wi-Fi profile", () => {
  const second = "com.example.second";

  test("changes ring by ring, and keeps the old one until the new one is installed", {
    timeout: 120_000,
  }, async () => {
    let isUnwilling = true;
    const devices = await office(10, "successor", {
      policy: (command, channel) =>
        isUnwilling && isRefused() && command.requestType === "InstallProfile"
          ? failed(4001, "Not now.", "MCInstallationErrorDomain")
          : plausibleAnswer(command, channel),
    });
    refuses = true;
    await libraryProfile(second, { ssid: "Second" });
    const { rollout } = await putSet("successor", { profiles: [second] });
    await follow(devices);
    await later(devices);

    // The first ring has refused the new one: nobody has lost the old one.
    expect(having(devices, "Old")).toHaveLength(10);
    const { json: halted } = await ask("GET", `/api/v1/rollouts/${rollout}`);
    expect(halted).toMatchObject({ kind: "set", subject: "successor", state: "halted" });
    expect(halted.changes).toMatchObject([
      { identifier: second, change: "added", set: "successor" },
      { identifier: wifi, change: "removed", set: "successor" },
    ]);
    const canary = await deviceWith(devices, "removing");
    expect((await profilesOf(canary)).find(({ identifier }) => identifier === wifi)).toMatchObject({
      state: "removing",
      reason: `it stays until ${second} is installed`,
    });

    isUnwilling = false;
    passHours(2);
    for (let round = 0; round < 3; round += 1) await follow(devices);
    expect(devices.filter((device) => device.profiles.has(second))).toEqual([canary]);
    expect(canary.profiles.has(wifi)).toBe(false);
    expect(having(devices, "Old")).toHaveLength(9);

    expect((await act(rollout, "cancel")).json).toMatchObject({ state: "cancelled" });
    await follow(devices);
    await follow(devices);
    expect(having(devices, "Old")).toHaveLength(10);
    expect(canary.profiles.has(second)).toBe(false);
    expect((await ask("GET", "/api/v1/sets/successor")).json.profiles).toEqual([wifi]);
  });
});
