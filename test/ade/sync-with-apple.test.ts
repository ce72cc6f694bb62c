import { expect, test } from "vitest";
import type { AdeDevice } from "../../src/ade/device.ts";
import { timeOf } from "../../src/ade/device.ts";
import { assignProfile } from "../../src/ade/device-calls.ts";
import {
  afterPage,
  afterRefusal,
  decideSave,
  nextCall,
  type SyncPosition,
  type SyncStep,
  startRun,
} from "../../src/ade/sync.ts";
import { clock, day, minute, type Talk, talkToApple } from "./apple.ts";

type Kept = { device: AdeDevice; opDate: number | undefined; seenAt: number };

/** As much of an account's store as a run needs: devices and position are kept in one step. */
class Store {
  readonly devices = new Map<string, Kept>();
  position: SyncPosition | undefined;

  keep({ run, devices, unseenSince }: SyncStep): void {
    for (const device of devices) {
      const before = this.devices.get(device.serial_number);
      const decision = decideSave(device, before?.opDate);
      if (decision === "ignore") continue;
      const opDate = timeOf(device.op_date) ?? before?.opDate;
      if (decision === "remove") this.devices.delete(device.serial_number);
      else this.devices.set(device.serial_number, { device, opDate, seenAt: Date.now() });
    }
    for (const [serial, { seenAt }] of this.devices)
      if (unseenSince !== undefined && seenAt < unseenSince) this.devices.delete(serial);
    this.position = { mode: run.mode, cursor: run.cursor, fetchStartedAt: run.fetchStartedAt };
  }

  get serials(): string[] {
    return [...this.devices.keys()].sort();
  }
}

async function sync({ client }: Talk, store: Store, { limit = 1000, full = false } = {}): Promise<SyncStep> {
  let run = startRun(store.position, Date.now(), full);
  for (;;) {
    const page = await client.call(nextCall(run, limit));
    const step = page.ok
      ? afterPage(run, page.value, Date.now())
      : afterRefusal(run, page.refusal, Date.now());
    store.keep(step);
    run = step.run;
    if (step.next !== "more") return step;
  }
}

const inPortal = ({ server }: Talk): string[] => [...server.devices.keys()].sort();

test("2,500 devices come in pages, and then only what changed", async () => {
  const talk = talkToApple();
  const store = new Store();
  talk.server.addDevices(2500);

  expect((await sync(talk, store)).next).toBe("done");
  expect(store.serials).toEqual(inPortal(talk));
  expect(talk.apple.count("/server/devices")).toBe(3);

  const [one = "", two = ""] = inPortal(talk);
  talk.server.drop(one);
  talk.server.change(two, { asset_tag: "renamed" });
  talk.server.addDevices(1);
  await sync(talk, store);
  expect(store.serials).toEqual(inPortal(talk));
  expect(store.devices.get(two)?.device.asset_tag).toBe("renamed");
  expect(talk.apple.count("/server/devices")).toBe(3);
});

test("what changes while all are fetched is not lost", async () => {
  const talk = talkToApple();
  const store = new Store();
  talk.server.addDevices(3);
  const [first = "", , last = ""] = inPortal(talk);
  talk.apple.answerNext("/server/devices", (request) => {
    const answer = talk.apple.fetch(request);
    return answer.then((response) => {
      talk.server.drop(first);
      talk.server.change(last, { asset_tag: "late" });
      talk.server.addDevices(1);
      return response;
    });
  });

  await sync(talk, store, { limit: 2 });

  expect(store.serials).toEqual(inPortal(talk));
  expect(store.devices.get(last)?.device.asset_tag).toBe("late");
});

test("a device that was deleted and added again is there", async () => {
  const { pass } = clock();
  const talk = talkToApple();
  const store = new Store();
  const [device] = talk.server.addDevices(1);
  if (!device) throw new Error("no device");
  await sync(talk, store);

  pass(minute);
  talk.server.drop(device.serial_number);
  pass(minute);
  talk.server.add(device);
  await sync(talk, store);

  expect(store.serials).toEqual([device.serial_number]);
});

test("a run that Apple breaks at any page goes on there, and loses nothing", async () => {
  for (let broken = 1; broken <= 4; broken++) {
    const talk = talkToApple();
    const store = new Store();
    talk.server.addDevices(7);
    talk.apple.answerNext("/server/devices", () => new Response('{"devices":[{"serial_'), broken - 1);

    const first = await sync(talk, store, { limit: 2 });
    expect(first).toMatchObject({ next: "stop", refusal: { reason: "unreadable-answer" } });
    expect(store.devices.size).toBe((broken - 1) * 2);
    expect((await sync(talk, store, { limit: 2 })).next).toBe("done");
    expect(store.serials, `broken at page ${broken}`).toEqual(inPortal(talk));
  }
});

test("a cursor that was not used for eight days is replaced by all devices again", async () => {
  const { pass } = clock();
  const talk = talkToApple();
  const store = new Store();
  talk.server.addDevices(3);
  await sync(talk, store);
  const [gone = ""] = store.serials;
  pass(8 * day);
  talk.server.drop(gone);

  expect((await sync(talk, store)).next).toBe("done");
  expect(store.serials).toEqual(inPortal(talk));
});

test("a service that calls every delta without news exhausted is understood", async () => {
  const talk = talkToApple();
  const store = new Store();
  talk.apple.knobs.exhaustedWhenNothingNew = true;
  talk.server.addDevices(1);

  expect((await sync(talk, store)).next).toBe("done");
  talk.server.addDevices(1);
  expect((await sync(talk, store)).next).toBe("done");
  expect(store.devices.size).toBe(2);
});

test("a cursor that does not get on stops the run, and the next one is well", async () => {
  const talk = talkToApple();
  const store = new Store();
  talk.server.addDevices(5);
  talk.apple.knobs.repeatCursor = true;

  expect(await sync(talk, store, { limit: 2 })).toMatchObject({
    next: "stop",
    refusal: { reason: "endless-cursor" },
  });
  talk.apple.knobs.repeatCursor = false;
  expect((await sync(talk, store, { limit: 2 })).next).toBe("done");
  expect(store.serials).toEqual(inPortal(talk));
});

test("our own assignment comes back as a change, with the profile", async () => {
  const talk = talkToApple();
  const store = new Store();
  const [device] = talk.server.addDevices(1);
  const serial = device?.serial_number ?? "";
  talk.server.profiles.set("P1", {});
  await sync(talk, store);

  await assignProfile(talk.client, "P1", [serial]);
  await sync(talk, store);

  expect(store.devices.get(serial)?.device).toMatchObject({ profile_uuid: "P1", profile_status: "assigned" });
});

test("what a protocol version does not know is not told to it", async () => {
  const old = talkToApple({ protocolVersion: 3 });
  const [, ipad = ""] = old.server.addDevices(2).map(({ serial_number }) => serial_number);
  const store = new Store();
  await sync(old, store);

  expect(store.devices.get(ipad)?.device).toMatchObject({ os: "iOS", device_family: "iPad" });
  expect(store.devices.get(ipad)?.device.wifi_mac_address).toBeUndefined();
});
