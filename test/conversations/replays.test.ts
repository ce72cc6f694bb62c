import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice, AppleDeviceOptions, FlavourName } from "../support/apple-device.ts";
import {
  enrolledDevice,
  give,
  invite,
  newDevice,
  objectOf,
  outboxOf,
  stateOf,
  toldBy,
} from "../support/fleet.ts";
import { Wiretap } from "../support/wiretap.ts";

async function overheard(flavour: FlavourName, options: Partial<AppleDeviceOptions> = {}) {
  const wire = new Wiretap();
  const device = await enrolledDevice(flavour, { transport: wire.transport, ...options });
  return { device, wire };
}

const described = (device: AppleDevice) => objectOf(device).describe();

const replays = async (device: AppleDevice) =>
  (await outboxOf(device)).filter(({ name }) => name === "checkin.replayed").map(({ detail }) => detail);

/** The same enrollment again, as after a restore: with the identity that it had. */
function comeBack(device: AppleDevice, before: Pick<AppleDevice["line"], "identity" | "management">) {
  Object.assign(device.line, before);
}

const tokensOf = (device: AppleDevice) =>
  runInDurableObject(objectOf(device), (_, state) =>
    state.storage.sql
      .exec<{ push_token: ArrayBuffer }>("SELECT push_token FROM channels ORDER BY user_id")
      .toArray()
      .map(({ push_token }) => new Uint8Array(push_token)),
  );

describe("a message of long ago, sent again", () => {
  test("puts no old bootstrap token in the place of a newer one", async () => {
    const { device, wire } = await overheard("mac");
    await device.setBootstrapToken();
    const replay = wire.catch("SetBootstrapToken");
    const newer = device.random.bytes(64);
    await device.setBootstrapToken(newer);
    await evictDurableObject(objectOf(device));

    const answer = await replay();

    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 0]);
    expect((await device.getBootstrapToken()).token).toEqual(newer);
    expect(await replays(device)).toMatchObject([{ message_type: "SetBootstrapToken" }]);
  });

  test("does not delete a bootstrap token by an old wish to", async () => {
    const { device, wire } = await overheard("mac");
    await device.setBootstrapToken(null);
    const replay = wire.catch("SetBootstrapToken");
    await device.setBootstrapToken();

    expect((await replay()).status).toBe(200);

    expect((await device.getBootstrapToken()).token).toEqual(device.bootstrapToken);
  });

  test("does not end the enrollment of a device that left and came back", async () => {
    const { device, wire } = await overheard("iphone");
    const { identity, management } = device.line;
    await device.checkOut();
    const replay = wire.catch("CheckOut");
    comeBack(device, { identity, management });
    await device.authenticate();
    await device.tokenUpdate();
    const waiting = await give(device, "DeviceInformation");

    expect((await replay()).status).toBe(200);
    expect((await replay()).status).toBe(200);

    expect(await described(device)).toMatchObject({ state: "enrolled", channels: [{ enabled: true }] });
    expect((await device.idle()).command?.uuid).toBe(waiting);
    expect(await replays(device)).toMatchObject([{ message_type: "CheckOut" }]);
  });

  test("opens no generation as if the device had been erased", async () => {
    const { device, wire } = await overheard("iphone", { ade: true });
    const replayed = [wire.catch("Authenticate"), wire.catch("TokenUpdate")];
    device.awaitingConfiguration = false;
    await device.tokenUpdate();
    const waiting = await give(device, "DeviceInformation");

    for (const replay of replayed) expect((await replay()).status).toBe(200);

    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 1 });
    expect((await device.idle()).command?.uuid).toBe(waiting);
  });

  test("opens none either while it is the last of its kind", async () => {
    const { device, wire } = await overheard("iphone");
    device.awaitingConfiguration = true;
    await device.tokenUpdate();
    const replayed = [wire.catch("Authenticate"), wire.catch("TokenUpdate")];

    for (const replay of replayed) expect((await replay()).status).toBe(200);

    expect(await described(device)).toMatchObject({ generation: 1 });
  });

  test("leads no pushes to a token of before", async () => {
    const { device, wire } = await overheard("iphone");
    const replay = wire.catch("TokenUpdate");
    await device.tokenUpdate({ newToken: true });

    await replay();
    await replay();

    expect(await tokensOf(device)).toEqual([device.pushToken]);
    expect(await replays(device)).toHaveLength(1);
  });

  test("tells nothing old of the device by its last Authenticate", async () => {
    const { device, wire } = await overheard("iphone");
    const replay = wire.catch("Authenticate");
    const { SerialNumber } = (await described(device))?.facts ?? {};
    await runInDurableObject(
      objectOf(device),
      (_, state) =>
        void state.storage.sql.exec("UPDATE device SET facts = json_set(facts, '$.OSVersion', '99')"),
    );
    await evictDurableObject(objectOf(device));

    await replay();

    expect((await described(device))?.facts).toMatchObject({ SerialNumber, OSVersion: "99" });
  });

  test("of an earlier generation is refused in the next: its identity is over", async () => {
    const { device, wire } = await overheard("mac");
    await device.setBootstrapToken();
    const replay = wire.catch("SetBootstrapToken");
    await device.enroll(await invite({ udid: device.id }));
    expect(await described(device)).toMatchObject({ generation: 2 });

    expect((await replay()).status).toBe(403);

    expect((await device.getBootstrapToken()).token).toBeUndefined();
  });

  test("is known after a backup was restored", async () => {
    const { device, wire } = await overheard("mac");
    await device.setBootstrapToken();
    const replay = wire.catch("SetBootstrapToken");
    const newer = device.random.bytes(64);
    await device.setBootstrapToken(newer);
    const exported = await objectOf(device).export();
    if (exported === undefined) throw new Error("nothing was exported");
    await runInDurableObject(objectOf(device), (_, state) => state.storage.deleteAll());
    await evictDurableObject(objectOf(device));
    expect(await objectOf(device).import(exported)).toMatchObject({ ok: true });

    await replay();

    expect((await device.getBootstrapToken()).token).toEqual(newer);
  });

  test("is remembered of the last two hundred of a channel", async () => {
    const { device } = await overheard("mac");

    for (let count = 0; count < 210; count++) await device.setBootstrapToken(device.random.bytes(32));

    const rows = await runInDurableObject(objectOf(device), (_, state) =>
      state.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM heard WHERE user_id = ''").one(),
    );
    expect(rows.n).toBe(200);
  });
});

describe("what a device repeats", () => {
  test("every Idle is the same, and is served each time", async () => {
    const device = await enrolledDevice("mac");
    await device.idle();
    const uuid = await give(device, "DeviceInformation");

    expect((await device.idle()).command?.uuid).toBe(uuid);
    expect((await device.idle()).command?.uuid).toBe(uuid);
  });

  test("its last TokenUpdate, any number of times, enables its channel again", async () => {
    const { device, wire } = await overheard("iphone");
    await device.tokenUpdate();
    const repeat = wire.catch("TokenUpdate");
    for (let count = 0; count < 3; count++) expect((await repeat()).status).toBe(200);
    const { identity, management } = device.line;
    await device.checkOut();
    comeBack(device, { identity, management });

    await device.tokenUpdate();

    expect(await described(device)).toMatchObject({ state: "enrolled", channels: [{ enabled: true }] });
    expect(await replays(device)).toEqual([]);
  });

  test("the Authenticate of an enrollment that is still pending", async () => {
    const device = newDevice("iphone");
    const { scepUrl, challenge } = await invite();
    device.line.identity = await device.requestIdentity(scepUrl, challenge, true);
    device.line.management = { ...(await enrolledDevice()).line.managed };

    for (let count = 0; count < 3; count++) expect((await device.authenticate()).status).toBe(200);
    expect((await device.tokenUpdate()).status).toBe(200);

    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 1 });
    expect(await replays(device)).toEqual([]);
  });

  test("the same words with a renewed identity", async () => {
    const device = await enrolledDevice("iphone");
    await device.tokenUpdate();
    const { challenge } = await invite({ device_id: device.id });

    await device.renewIdentity({ challenge, authenticate: true, freshKey: true });
    await device.authenticate();
    await device.tokenUpdate();

    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 1 });
    expect(await replays(device)).toEqual([]);
  });

  test("its goodbye, in each of its enrollments", async () => {
    const device = await enrolledDevice("iphone");
    await device.checkOut();
    await device.enroll({ ...(await invite()), freshKey: true });
    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 2 });

    await device.checkOut();

    expect(await described(device)).toMatchObject({ state: "unenrolled" });
  });

  test("its goodbye once more under the same identity, where it tells when it signs", async () => {
    let ahead = 0;
    const device = await enrolledDevice("iphone", { now: () => Date.now() + ahead });
    const { identity, management } = device.line;
    await device.checkOut();
    comeBack(device, { identity, management });
    await device.authenticate();
    await device.tokenUpdate();
    expect(await described(device)).toMatchObject({ state: "enrolled" });

    ahead = 60_000;
    await device.checkOut();

    expect(await described(device)).toMatchObject({ state: "unenrolled" });
  });

  test("a user of a Mac who leaves the screen and comes back to it", async () => {
    const device = await enrolledDevice("mac");
    const user = device.user({ shortName: "jo" });

    for (const notOnConsole of [true, false, true, false]) await user.tokenUpdate({ notOnConsole });

    expect(await replays(device)).toEqual([]);
  });

  test("a user of a shared iPad who waits to be let in at each login", async () => {
    const device = await enrolledDevice("sharedIpad");
    const user = device.user({ shortName: "anna@school.example" });
    const awaiting = async () =>
      (await described(device))?.channels.find(({ userId }) => userId === user.shortName)
        ?.awaitingConfiguration;

    for (const waits of [true, false, true]) {
      user.awaitingConfiguration = waits;
      await user.login();
      expect(await awaiting()).toBe(waits);
    }
  });
});

describe("the time that a device says it signed at", () => {
  const day = 24 * 60 * 60 * 1000;

  async function withClock() {
    let ahead = 0;
    const wire = new Wiretap();
    const device = newDevice("iphone", { transport: wire.transport, now: () => Date.now() + ahead });
    const at = (offset: number): void => {
      ahead = offset;
    };
    return { device, wire, at };
  }

  test("may not run back by days: an old Idle fetches nothing", async () => {
    const { device, wire, at } = await withClock();
    at(-3 * day);
    await device.enroll(await invite());
    await device.idle();
    const replay = wire.catch("Idle");
    at(0);
    await device.tokenUpdate();
    const waiting = await give(device, "DeviceInformation");
    await evictDurableObject(objectOf(device));

    const answer = await replay();

    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([403, 0]);
    expect(await stateOf(device, waiting)).toBe("queued");
    expect(await toldBy(device)).toContainEqual(
      expect.objectContaining({
        name: "device.refused",
        detail: expect.objectContaining({ reason: "signing-time-ran-back" }),
      }),
    );
    expect((await device.idle()).command?.uuid).toBe(waiting);
  });

  test("may not run back in an Authenticate either", async () => {
    const { device, wire, at } = await withClock();
    at(-3 * day);
    await device.enroll(await invite());
    const replay = wire.catch("Authenticate");
    at(0);
    await device.tokenUpdate();

    expect((await replay()).status).toBe(403);
  });

  test("is kept by the visits alone, hour by hour", async () => {
    const { device, wire, at } = await withClock();
    at(-3 * day);
    await device.enroll(await invite());
    await device.idle();
    const replay = wire.catch("Idle");
    at(0);
    await runInDurableObject(
      objectOf(device),
      (_, state) => void state.storage.sql.exec("UPDATE device SET last_seen_at = 0"),
    );
    await evictDurableObject(objectOf(device));
    await device.idle();

    expect((await replay()).status).toBe(403);
  });

  test("may be wrong: some hours back, days behind from the start, or ahead and then set right", async () => {
    const { device, at } = await withClock();
    at(-10 * day);
    await device.enroll(await invite());
    for (const offset of [-10.9 * day, -5 * day, 20 * day, 0, -0.9 * day]) {
      at(offset);
      expect((await device.tokenUpdate()).status).toBe(200);
      expect((await device.idle()).status).toBe(200);
    }
  });

  test("starts again with each enrollment", async () => {
    const { device, at } = await withClock();
    await device.enroll(await invite());
    at(-5 * day);
    expect((await device.idle()).status).toBe(403);

    await device.enroll({ ...(await invite({ udid: device.hardware.udid })), freshKey: true });

    expect((await device.idle()).status).toBe(200);
  });
});

test("an administrator finds the event of a replay", async () => {
  const { device, wire } = await overheard("mac");
  await device.setBootstrapToken();
  const replay = wire.catch("SetBootstrapToken");
  await device.setBootstrapToken(device.random.bytes(64));

  await replay();
  await objectOf(device).deliver();

  const { json } = await ask("GET", `/api/v1/devices/${device.id}/events`);
  expect(json.items.map(({ name }: { name: string }) => name)).toContain("checkin.replayed");
});
