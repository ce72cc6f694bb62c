import { expect, test } from "vitest";
import { type AdeDevice, type DevicePage, readDevice, readDevicePage } from "../../src/ade/device.ts";
import type { AdeRefusal } from "../../src/ade/refusals.ts";
import {
  afterPage,
  afterRefusal,
  decideSave,
  newestOfEach,
  nextCall,
  type SyncRun,
  startRun,
} from "../../src/ade/sync.ts";

const now = Date.parse("2026-08-01T08:00:00Z");
const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
const device = (serial_number: string, more: Partial<AdeDevice> = {}): AdeDevice => ({
  serial_number,
  ...more,
});
const page = (more: Partial<DevicePage>): DevicePage => ({
  devices: [],
  cursor: "c1",
  more_to_follow: false,
  fetched_until: undefined,
  unreadable: 0,
  ...more,
});
const refusal = (reason: AdeRefusal["reason"]) => ({ reason }) as AdeRefusal;
const syncing: SyncRun = startRun({ mode: "sync", cursor: "c0", fetchStartedAt: 1 }, now);

test("the first run asks for all devices, and a later one for what changed", () => {
  expect(nextCall(startRun(undefined, now))).toMatchObject({
    path: "/server/devices",
    body: { limit: 1000 },
  });
  expect(nextCall(syncing, 50)).toMatchObject({ path: "/devices/sync", body: { limit: 50, cursor: "c0" } });
  expect(startRun({ mode: "sync", cursor: "c0", fetchStartedAt: 1 }, now, true)).toMatchObject({
    mode: "fetch",
    cursor: undefined,
    fetchStartedAt: now,
  });
});

test("a fetch that was cut off goes on at its cursor, and still knows when it began", () => {
  const kept = afterPage(startRun(undefined, now), page({ more_to_follow: true }), now).run;
  const { mode, cursor, fetchStartedAt } = kept;

  const run = startRun({ mode, cursor, fetchStartedAt }, now + 60_000);
  expect(nextCall(run)).toMatchObject({ path: "/server/devices", body: { cursor: "c1" } });
  const last = afterPage(run, page({ cursor: "c2" }), now + 61_000);
  expect(last).toMatchObject({ unseenSince: now, next: "more", run: { mode: "sync", cursor: "c2" } });
});

test("a delta goes on while more follows, and says nothing of unseen devices", () => {
  expect(afterPage(syncing, page({ more_to_follow: true }), now)).toMatchObject({
    next: "more",
    unseenSince: undefined,
  });
  expect(afterPage(syncing, page({ cursor: "c9" }), now)).toMatchObject({
    next: "done",
    unseenSince: undefined,
    run: { mode: "sync", cursor: "c9" },
  });
});

test.each<[string, SyncRun, string, object]>([
  ["nothing new", syncing, "cursor-exhausted", { next: "done", run: { mode: "sync", cursor: "c0" } }],
  [
    "all delivered",
    { ...syncing, mode: "fetch" },
    "cursor-exhausted",
    { next: "more", run: { mode: "sync", cursor: "c0" }, unseenSince: undefined },
  ],
  [
    "an old cursor",
    syncing,
    "cursor-expired",
    { next: "more", run: { mode: "fetch", cursor: undefined, isRestarted: true } },
  ],
  [
    "a wrong cursor",
    syncing,
    "cursor-invalid",
    { next: "more", run: { mode: "fetch", cursor: undefined, fetchStartedAt: now } },
  ],
  [
    "a wrong cursor again",
    { ...syncing, isRestarted: true },
    "cursor-invalid",
    { next: "stop", run: { cursor: undefined } },
  ],
  ["terms", syncing, "terms-not-accepted", { next: "stop", run: { mode: "sync", cursor: "c0" } }],
  ["a broken Apple", syncing, "apple-unavailable", { next: "stop", run: { mode: "sync", cursor: "c0" } }],
])("%s is answered by what the protocol wants", (_, run, reason, step) => {
  expect(afterRefusal(run, refusal(reason as AdeRefusal["reason"]), now)).toMatchObject({
    devices: [],
    ...step,
  });
});

test("a cursor that does not get on ends the run with what came, and the next starts over", () => {
  const step = afterPage(syncing, page({ cursor: "c0", more_to_follow: true, devices: [device("A")] }), now);

  expect(step).toMatchObject({
    next: "stop",
    devices: [{ serial_number: "A" }],
    refusal: { reason: "endless-cursor" },
    unseenSince: undefined,
    run: { mode: "fetch", cursor: undefined },
  });
});

test("a service without end is left at the thousandth page, and the next run goes on there", () => {
  let run = syncing;
  let pages = 0;
  for (let next = "more"; next === "more"; pages++) {
    const step = afterPage(run, page({ cursor: `c${pages % 2}x`, more_to_follow: true }), now);
    ({ run, next } = step);
  }

  expect(pages).toBe(1000);
  expect(run).toMatchObject({ mode: "sync", cursor: "c1x" });
});

test("of several records of a device the one that happened last is kept", () => {
  const records = [
    device("A", { op_type: "added", op_date: at(1) }),
    device("A", { op_type: "deleted", op_date: at(3) }),
    device("A", { op_type: "modified", op_date: at(2) }),
    device("B", { op_type: "deleted", op_date: at(1) }),
    device("B", { op_type: "added", op_date: at(2) }),
    device("C", { op_type: "modified", op_date: at(1), asset_tag: "first" }),
    device("C", { op_type: "modified", op_date: at(1), asset_tag: "second" }),
  ];

  expect(newestOfEach(records)).toMatchObject([
    { serial_number: "A", op_type: "deleted" },
    { serial_number: "B", op_type: "added" },
    { serial_number: "C", asset_tag: "second" },
  ]);
});

test.each<[string, Partial<AdeDevice>, number | undefined, string]>([
  ["a new device", { op_type: "added", op_date: at(0) }, undefined, "save"],
  ["a changed one", { op_type: "modified", op_date: at(5) }, now, "save"],
  ["the same change again", { op_type: "modified", op_date: at(0) }, now, "save"],
  ["an old change", { op_type: "modified", op_date: at(-1) }, now, "ignore"],
  ["an old deletion", { op_type: "deleted", op_date: at(-1) }, now, "ignore"],
  ["a deletion", { op_type: "deleted", op_date: at(1) }, now, "remove"],
  ["one of a full fetch", {}, now, "save"],
  ["one without a readable time", { op_type: "modified", op_date: "yesterday" }, now, "save"],
])("%s: %j", (_, record, stored, decision) => {
  expect(decideSave(device("A", record), stored)).toBe(decision);
});

test("a device is read with what is known of it; the rest is left out", () => {
  expect(
    readDevice({
      serial_number: "C02X",
      model: null,
      op_type: "DELETED",
      profile_status: "PUSHED",
      device_family: "Toaster",
      imei: ["1", 2],
      is_replacement_device: "yes",
      color: "",
      response_status: "SUCCESS",
      future_key: {},
    }),
  ).toEqual({
    serial_number: "C02X",
    op_type: "deleted",
    profile_status: "pushed",
    device_family: "Toaster",
    imei: ["1"],
    response_status: "SUCCESS",
  });
  expect(readDevice({ serial_number: "A", op_type: "Transferred" })?.op_type).toBe("modified");
  for (const none of [
    null,
    5,
    [],
    {},
    { serial_number: "" },
    { serial_number: "A B" },
    { serial_number: "x".repeat(65) },
  ])
    expect(readDevice(none)).toBeUndefined();
});

test("a page without list, cursor or end is no page; an entry without a serial number is counted", () => {
  const whole = { devices: [{ serial_number: "A" }, {}, 7], cursor: "c", more_to_follow: false };

  expect(readDevicePage(whole)).toMatchObject({ devices: [{ serial_number: "A" }], unreadable: 2 });
  for (const key of ["devices", "cursor", "more_to_follow"])
    expect(readDevicePage({ ...whole, [key]: undefined }), key).toBeUndefined();
});
