import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { day } from "../../src/base/time.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { enrolledDevice, invite, newDevice } from "../support/fleet.ts";
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
  await phone.enroll(await invite({ serial: phone.hardware.serial }));
  await settle(phone);
  return phone;
}

const give = (name: string, serials: string[]) =>
  ask("POST", `${locations}/${name}/licences`, {
    json: { assets: [{ adam_id: slack }], serial_numbers: serials },
  });

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
  const serials = [gone, back, recent].map(({ hardware }) => hardware.serial);
  await give(name, serials);
  await locationSettled(name);
  await ordersLater(name);
  await wantedLongAgo(name);
  expect(await statesOf(name)).toEqual(Object.fromEntries(serials.map((serial) => [serial, "held"])));

  for (const phone of [gone, back, recent]) {
    await phone.checkOut();
    await settle(phone);
  }
  await left(gone, 8);
  await left(back, 8);
  await back.enroll({ ...(await invite({ serial: back.hardware.serial })), freshKey: true });
  await settle(back);
  await run("left-licences");
  await locationSettled(name);
  await ordersLater(name);

  expect(await statesOf(name)).toEqual({
    [back.hardware.serial]: "held",
    [recent.hardware.serial]: "held",
  });
});

test("licences stay of a number that was never proven, that was given again since, or where the settings say never", async () => {
  const library = contentAtFetch().addLibrary("Rome");
  library.buy(slack, 10);
  const name = await withLocation(library);
  const [claimed, again] = [await enrolledDevice("iphone"), await provenDevice()];
  const serials = [claimed, again].map(({ hardware }) => hardware.serial);
  await give(name, serials);
  await locationSettled(name);
  await ordersLater(name);
  const all = Object.fromEntries(serials.map((serial) => [serial, "held"]));
  for (const phone of [claimed, again]) {
    await phone.checkOut();
    await settle(phone);
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
  expect(await statesOf(name)).toEqual({ [claimed.hardware.serial]: "held" });
});
