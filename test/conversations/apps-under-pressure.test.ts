import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { assignApps, deviceAt, devicesOf, follow, saveApp, storeApp } from "../support/apps.ts";
import { settle } from "../support/assignment.ts";
import { alarmOf } from "../support/fleet.ts";
import {
  awakened,
  contentAtFetch,
  licencesOf,
  locationSettled,
  locations,
  ordersLater,
  withLocation,
} from "../support/licences.ts";

// Apps and their licences when others write, when notifications are not to be relied on, and when there are many.

const adam = (number: number): string => String(700_000_000 + number);

test("another server takes the location while apps are wanted: nothing is written, nothing lost, and it goes on", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Taken");
  for (const number of [1, 2]) library.buy(adam(number), 10);
  const location = await withLocation(library);
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  await saveApp("before", { source: storeApp(adam(1), location) });
  await saveApp("meanwhile", { source: storeApp(adam(2), location) });
  await assignApps("taken", ["before"], [iphone]);
  await follow(location, iphone);
  expect(await devicesOf("before")).toMatchObject([{ state: "installed" }]);

  library.mdmInfo = { id: "another", name: "Other MDM", metadata: "mdm.other.example" };
  await assignApps("taken", ["before", "meanwhile"], [iphone]);
  await follow(location, iphone);
  const writes = () => apple.count("assets/associate") + apple.count("assets/disassociate");
  const written = writes();

  expect((await ask("GET", `${locations}/${location}`)).json).toMatchObject({
    managed_by: { name: "Other MDM" },
  });
  await settle(iphone);
  await follow(location, iphone);
  expect(await devicesOf("meanwhile")).toMatchObject([{ state: "waiting_for_licence" }]);
  expect(await devicesOf("before")).toMatchObject([{ state: "installed" }]);
  // An app that is not wanted any more goes; its licence waits for the location.
  await assignApps("taken", ["meanwhile"], [iphone]);
  await follow(location, iphone);
  expect(library.holders(adam(1))).toEqual([iphone.hardware.serialNumber]);
  expect(library.holders(adam(2))).toEqual([]);
  expect(writes()).toBe(written);

  const taken = await ask("POST", `${locations}/${location}/take-over?confirm=${location}`);
  expect(taken.json).toMatchObject({ state: "ok", managed_by: null });
  await settle(iphone);
  await follow(location, iphone);
  await follow(location, iphone);

  expect(await devicesOf("meanwhile")).toMatchObject([{ state: "installed", reason: null }]);
  expect(await devicesOf("before")).toEqual([]);
  expect(library.holders(adam(1))).toEqual([]);
  expect(library.holders(adam(2))).toEqual([iphone.hardware.serialNumber]);
});

test("notifications that come late, twice and backwards leave each device with its app and one licence", async () => {
  const apple = contentAtFetch();
  apple.knobs.notifications = "held";
  const library = apple.addLibrary("Late");
  library.buy(adam(3), 10);
  const location = await withLocation(library);
  const iphones = [
    await deviceAt(library, "iphone", { osVersion: "26.1" }),
    await deviceAt(library, "iphone", { osVersion: "26.1" }),
  ];
  await saveApp("late", { source: storeApp(adam(3), location) });
  await assignApps("late", ["late"], iphones);
  await follow(location, ...iphones);
  const [first, second] = iphones as [AppleDevice, AppleDevice];
  await assignApps("late", []);
  await settle(...iphones);
  await follow(location, ...iphones);
  await assignApps("late", ["late"]);
  await settle(...iphones);
  await follow(location, ...iphones);

  // What was told of the first licences comes after the last: backwards, and once more.
  const told = [...apple.held];
  expect(told.length).toBeGreaterThan(2);
  await apple.release((held) => held.toReversed());
  apple.held.push(...told);
  await apple.release();
  await awakened(location);
  await follow(location, ...iphones);

  expect(await devicesOf("late")).toMatchObject([{ state: "installed" }, { state: "installed" }]);
  expect(library.holders(adam(3)).toSorted()).toEqual(
    [first.hardware.serialNumber, second.hardware.serialNumber].toSorted(),
  );
  expect(await licencesOf(location)).toMatchObject([{ state: "held" }, { state: "held" }]);
});

test("many devices and many apps: one licence each, in as few calls as Apple's limits allow", async () => {
  const deviceCount = 12;
  const appCount = 15;
  const apple = contentAtFetch();
  const library = apple.addLibrary("Many");
  const numbers = Array.from({ length: appCount }, (_, number) => 100 + number);
  for (const number of numbers) library.buy(adam(number), deviceCount);
  const location = await withLocation(library);
  const fleet: AppleDevice[] = [];
  for (let made = 0; made < deviceCount; made += 1)
    fleet.push(await deviceAt(library, "iphone", { osVersion: "26.1" }));
  for (const number of numbers) await saveApp(`many-${number}`, { source: storeApp(adam(number), location) });
  const called = apple.requests.length;
  await assignApps(
    "many",
    numbers.map((number) => `many-${number}`),
    fleet,
  );
  for (let rounds = 0; rounds < 3; rounds += 1) {
    await ordersLater(location, 2);
    await locationSettled(location);
    for (const device of fleet) {
      await alarmOf(device);
      await device.converse();
    }
    await settle(...fleet);
  }

  for (const number of numbers) {
    expect(library.holders(adam(number)).toSorted()).toEqual(
      fleet.map(({ hardware }) => hardware.serialNumber).toSorted(),
    );
    expect((await ask("GET", `/api/v1/apps/many-${number}`)).json.counts).toMatchObject({
      installed: deviceCount,
      failed: 0,
      waiting_for_licence: 0,
    });
  }
  const orders = apple.requests.slice(called).filter(({ path }) => path.endsWith("/assets/associate"));
  // 25 assets and 1,000 serial numbers fit in one order; devices that ask later are in a later one.
  expect(orders.length).toBeLessThanOrEqual(deviceCount);
}, 120_000);
