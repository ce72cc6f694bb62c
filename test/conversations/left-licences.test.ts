import { env } from "cloudflare:workers";
// An import that one object began cannot be awaited by another in this runtime.
import "../../src/jobs/kinds/left-licences.ts";
import "../../src/licences/service.ts";
import { expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { day } from "../../src/base/time.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { alarmOf, enrolledDevice, invite, newDevice } from "../support/fleet.ts";
import { run } from "../support/jobs.ts";
import {
  contentAtFetch,
  licencesOf,
  locationSettled,
  locations,
  ordersLater,
  withLocation,
} from "../support/licences.ts";

const slack = "618783545";

/** A device whose invitation names its serial number. */
async function provenDevice(): Promise<AppleDevice> {
  const phone = newDevice("iphone");
  await phone.enroll(await invite({ serial: phone.hardware.serialNumber }));
  await settle(phone);
  return phone;
}

const give = (name: string, serials: string[]) =>
  ask("POST", `${locations}/${name}/licences`, {
    json: { assets: [{ adam_id: slack }], serial_numbers: serials },
  });

/** It unenrolls, and the directory hears of that. */
async function leave(phone: AppleDevice): Promise<void> {
  await phone.checkOut();
  for (let alarms = 0; alarms < 3; alarms += 1) await alarmOf(phone);
}

/** As if it had left so many days ago. */
const left = (device: AppleDevice, days: number) =>
  env.DB.prepare("UPDATE devices SET unenrolled_at = ? WHERE id = ?")
    .bind(Date.now() - days * day, device.id)
    .run();

/** As if what is wanted had been wanted long before. */
const wantedLongAgo = (name: string) =>
  env.DB.prepare("UPDATE licences SET intent_at = 1 WHERE location = ?").bind(name).run();

const statesOf = async (name: string) =>
  Object.fromEntries(
    (await licencesOf(name)).map(({ serial_number, state }: { serial_number: string; state: string }) => [
      serial_number,
      state,
    ]),
  );

test("a device that left gives its licences back after some days, and one that is there again keeps them", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 10);
  const name = await withLocation(library);
  const [gone, back, recent] = [await provenDevice(), await provenDevice(), await provenDevice()];
  const serials = [gone, back, recent].map(({ hardware }) => hardware.serialNumber);
  await give(name, serials);
  await locationSettled(name);
  await ordersLater(name);
  await wantedLongAgo(name);
  expect(await statesOf(name)).toEqual(Object.fromEntries(serials.map((serial) => [serial, "held"])));

  for (const phone of [gone, back, recent]) {
    await leave(phone);
  }
  await left(gone, 8);
  await left(back, 8);
  await back.enroll({ ...(await invite({ serial: back.hardware.serialNumber })), freshKey: true });
  await settle(back);
  await run("left-licences");
  await locationSettled(name);
  await ordersLater(name);

  expect(await statesOf(name)).toEqual({
    [back.hardware.serialNumber]: "held",
    [recent.hardware.serialNumber]: "held",
  });
});

test("licences stay of a number that was never proven, that was given again since, or where the settings say never", async () => {
  const library = contentAtFetch().addLibrary("Rome");
  library.buy(slack, 10);
  const name = await withLocation(library);
  const [claimed, again] = [await enrolledDevice("iphone"), await provenDevice()];
  const serials = [claimed, again].map(({ hardware }) => hardware.serialNumber);
  await give(name, serials);
  await locationSettled(name);
  await ordersLater(name);
  const all = Object.fromEntries(serials.map((serial) => [serial, "held"]));
  for (const phone of [claimed, again]) {
    await leave(phone);
    await left(phone, 8);
  }

  await run("left-licences");
  await locationSettled(name);
  expect(await statesOf(name)).toEqual(all);

  await wantedLongAgo(name);
  await patchSettings(env, { free_licences_after_days: null }, Date.now());
  await run("left-licences");
  await patchSettings(env, { free_licences_after_days: 7 }, Date.now());
  expect(await statesOf(name)).toEqual(all);

  await run("left-licences");
  await locationSettled(name);
  await ordersLater(name);
  expect(await statesOf(name)).toEqual({ [claimed.hardware.serialNumber]: "held" });
});

test("a person without a device gives back what an app wanted, and keeps what was given by hand", async () => {
  const library = contentAtFetch().addLibrary("Paris");
  library.buy(slack, 10);
  const name = await withLocation(library);
  const phone = await provenDevice();
  for (const user of ["person-of-app", "person-by-hand"]) {
    const saved = await ask("PUT", `${locations}/${name}/users/${user}`, {
      json: { email: `${user}@example.com` },
    });
    expect(saved.status, saved.text).toBe(202);
  }
  await locationSettled(name);
  await ordersLater(name);
  const users = ["person-of-app", "person-by-hand"];
  await ask("POST", `${locations}/${name}/licences`, {
    json: { assets: [{ adam_id: slack }], client_user_ids: users },
  });
  await locationSettled(name);
  await ordersLater(name);
  await wantedLongAgo(name);
  await env.DB.prepare(
    "UPDATE licences SET intent_by = 'app:slack' WHERE location = ? AND holder = 'person-of-app'",
  )
    .bind(name)
    .run();
  await leave(phone);
  await left(phone, 8);

  for (const user of users) {
    await env.DB.prepare("UPDATE devices SET person_id = ? WHERE id = ?").bind(user, phone.id).run();
    await run("left-licences");
    await locationSettled(name);
    await ordersLater(name);
  }

  expect(await licencesOf(name)).toMatchObject([{ client_user_id: "person-by-hand", state: "held" }]);
});
