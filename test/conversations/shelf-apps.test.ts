import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { deviceAt, follow, saveApp, storeApp } from "../support/apps.ts";
import { giveSets, putSet, settle } from "../support/assignment.ts";
import { transport } from "../support/fleet.ts";
import { contentAtFetch, withLocation } from "../support/licences.ts";

const slack = "618783545";
const origin = "https://mdm.example.com";

test("an app of the store is chosen on the page, with a licence first, and given back with it", async () => {
  const library = contentAtFetch().addLibrary("Berlin");
  library.buy(slack, 1);
  const location = await withLocation(library);
  const [phone, late] = [
    await deviceAt(library, "iphone", { osVersion: "26.1" }),
    await deviceAt(library, "iphone", { osVersion: "26.1" }),
  ];
  await saveApp("slack", { source: storeApp(slack, location) });
  await putSet("shelf-apps", { optional: { apps: ["slack"] } });
  for (const device of [phone, late]) await giveSets(device, ["shelf-apps"]);
  await settle(phone, late);
  const pathOf = async (device: { id: string }) =>
    new URL((await ask("GET", `/api/v1/devices/${device.id}/shelf-link`)).json.url).pathname;
  const see = async (device: { id: string }) =>
    (await transport(new Request(`${origin}${await pathOf(device)}`))).text();
  const press = async (device: { id: string }, act: "install" | "remove") => {
    const form = { method: "POST", headers: { Origin: origin }, redirect: "manual" } as const;
    const answer = await transport(new Request(`${origin}${await pathOf(device)}/app/slack/${act}`, form));
    await settle(device);
    return answer;
  };

  const page = await see(phone);
  expect(page).toContain(`App ${slack}</h2>`);
  expect(page).toContain("Not installed");
  expect(page).toContain("https://is1-ssl.mzstatic.com/");
  expect(library.holders(slack)).toEqual([]);

  expect((await press(phone, "install")).status).toBe(303);
  await follow(location, phone);
  expect(library.holders(slack)).toEqual([phone.hardware.serialNumber]);
  expect(await see(phone)).toContain("</span>Installed");

  expect((await press(late, "install")).status).toBe(303);
  await follow(location, late);
  expect(await see(late)).toContain("Waiting for a licence");

  expect((await press(phone, "remove")).status).toBe(303);
  await follow(location, phone);
  expect(phone.state.apps.has(`com.example.app${slack}`)).toBe(false);
  expect(await see(phone)).toContain("Not installed");
  await follow(location, late);
  expect(library.holders(slack)).toEqual([late.hardware.serialNumber]);
  expect(await see(late)).toContain("</span>Installed");
});
