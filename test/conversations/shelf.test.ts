import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice, invite, transport } from "../support/fleet.ts";

const origin = "https://mdm.example.com";

async function follow(device: AppleDevice): Promise<string[]> {
  await settle(device);
  const turns = await device.converse();
  await settle(device);
  return turns.flatMap(({ command }) => (command ? [command.requestType] : []));
}

async function phoneWith(sets: string[]): Promise<AppleDevice> {
  const phone = await enrolledDevice("iphone");
  await settle(phone);
  await giveSets(phone, sets);
  await follow(phone);
  return phone;
}

const linkOf = async (device: { id: string }): Promise<string> => {
  const { status, json, text } = await ask("GET", `/api/v1/devices/${device.id}/shelf-link`);
  expect(status, text).toBe(200);
  return new URL(json.url).pathname;
};

const see = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await transport(new Request(`${origin}${path}`, { headers }));
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

const press = (path: string, headers: Record<string, string> = { Origin: origin }) =>
  transport(new Request(`${origin}${path}`, { method: "POST", headers, redirect: "manual" }));

describe("the page of a device", () => {
  test("is opened by its web clip, and installs and removes what a set offers", async () => {
    const clip = { PayloadType: "com.apple.webClip.managed", Label: "Apps", URL: "{{device.shelf_url}}" };
    const saved = await ask("PUT", "/api/v1/profiles/com.example.shelf", {
      json: { PayloadDisplayName: "Self-service", PayloadContent: [clip] },
    });
    expect(saved.status, saved.text).toBe(201);
    await libraryProfile("com.example.fonts", { payloadType: "com.apple.font" });
    await putSet("shelf", { profiles: ["com.example.shelf"], optional: { profiles: ["com.example.fonts"] } });
    const phone = await phoneWith(["shelf"]);
    const url = String(phone.profiles.get("com.example.shelf")?.payloads[0]?.get("URL"));
    const path = await linkOf(phone);
    expect(url).toBe(`${origin}${path}`);

    const page = await see(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("com.example.fonts");
    expect(page.text).not.toContain("com.example.shelf</h2>");
    expect(page.text).toContain("Not installed");
    expect(page.headers.get("Content-Security-Policy")).toContain("form-action 'self'");
    expect(page.headers.get("Refresh")).toBeNull();

    const pressed = await press(`${path}/profile/com.example.fonts/install`);
    expect(pressed.status).toBe(303);
    expect(pressed.headers.get("Location")).toBe(`${path}#profile-com.example.fonts`);
    const busy = await see(path);
    expect(busy.text).toContain("Being installed");
    expect(busy.headers.get("Refresh")).toBe("10");
    expect(await follow(phone)).toEqual(["InstallProfile"]);
    expect((await see(path)).text).toContain("Installed");
    const offers = await ask("GET", `/api/v1/devices/${phone.id}/offers`);
    expect(offers.json.items).toMatchObject([{ chosen: { by: null }, state: "installed" }]);

    expect((await press(`${path}/profile/com.example.fonts/remove`)).status).toBe(303);
    expect(await follow(phone)).toEqual(["RemoveProfile"]);
  });

  test("speaks the language of the browser", async () => {
    const path = await linkOf(await phoneWith([]));
    for (const [language, says] of [
      ["de", "Wählen Sie"],
      ["fr", "Choisissez"],
      ["es", "Elija"],
      ["ja", "選んで"],
      ["tlh", "Choose"],
    ] as const) {
      const { text } = await see(path, { "Accept-Language": language });
      expect(text).toContain(says);
      expect(text).toContain(`<html lang="${language === "tlh" ? "en" : language}">`);
    }
  });

  test("says names as they are, whatever is in them", async () => {
    await libraryProfile("com.example.hostile", {
      payloadType: "com.apple.font",
      top: { PayloadDisplayName: `<script>alert("1")</script>` },
    });
    await putSet("hostile", { optional: { profiles: ["com.example.hostile"] } });
    const { text } = await see(await linkOf(await phoneWith(["hostile"])));
    expect(text).not.toContain("<script");
    expect(text).toContain("&lt;script&gt;");
  });
});

describe("a link", () => {
  test("that is wrong, old, renewed or of another device leads to one and the same page", async () => {
    await libraryProfile("com.example.secret", { payloadType: "com.apple.font" });
    await putSet("secret", { optional: { profiles: ["com.example.secret"] } });
    const [phone, other] = [await phoneWith(["secret"]), await phoneWith([])];
    const [path, foreign] = [await linkOf(phone), await linkOf(other)];
    const swapped = `${path.split(".")[0]}.${foreign.split(".")[1]}`;
    const renewed = await ask("POST", `/api/v1/devices/${phone.id}/shelf-link/renew`);
    const present = new URL(renewed.json.url).pathname;
    expect(present).not.toBe(path);

    const wrong = [
      path,
      swapped,
      `${present}A`,
      "/shelf/x",
      "/shelf/%00",
      "/shelf/",
      `/shelf/${"A".repeat(3_000)}`,
    ];
    const answers = await Promise.all(wrong.map((one) => see(one)));
    for (const { status, text } of answers) {
      expect(status).toBe(404);
      expect(text).toContain("This link does not work");
      expect(text).not.toContain("com.example.secret");
      expect(text.replace(/nonce(-|=")[\w-]+/g, "")).toBe(answers[0]?.text.replace(/nonce(-|=")[\w-]+/g, ""));
    }
    for (const one of wrong)
      expect((await press(`${one}/profile/com.example.secret/install`)).status).toBe(404);
    expect((await see(present)).status).toBe(200);
    expect((await see(foreign)).text).not.toContain("com.example.secret");
    expect((await press(`${foreign}/profile/com.example.secret/install`)).status).toBe(404);
    expect((await ask("GET", `/api/v1/devices/${other.id}/offers`)).json.items).toEqual([]);
  });

  test("ends with the enrollment", async () => {
    const phone = await phoneWith([]);
    const path = await linkOf(phone);
    await phone.enroll({ ...(await invite({ udid: phone.hardware.udid })), freshKey: true });
    await settle(phone);
    expect((await see(path)).status).toBe(404);
    const next = await linkOf(phone);
    expect((await see(next)).status).toBe(200);

    await phone.checkOut();
    await settle(phone);
    expect((await see(next)).status).toBe(404);
    expect((await ask("GET", `/api/v1/devices/${phone.id}/shelf-link`)).status).toBe(409);
  });

  test("changes nothing when it is only opened, or when another site presses the button", async () => {
    await libraryProfile("com.example.quietly", { payloadType: "com.apple.font" });
    await putSet("quietly", { optional: { profiles: ["com.example.quietly"] } });
    const phone = await phoneWith(["quietly"]);
    const path = await linkOf(phone);
    const button = `${path}/profile/com.example.quietly/install`;

    for (const method of ["GET", "HEAD"])
      expect((await transport(new Request(`${origin}${button}`, { method }))).status).toBe(404);
    for (const headers of [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: origin, "Sec-Fetch-Site": "cross-site" },
      {},
    ] as Record<string, string>[])
      expect((await press(button, headers)).status).toBe(403);
    expect((await press(`${path}/command/EraseDevice/install`)).status).toBe(404);
    expect((await press(`${path}/profile/com.example.other/install`)).status).toBe(404);
    expect(await follow(phone)).toEqual([]);
    expect((await ask("GET", `/api/v1/devices/${phone.id}/offers`)).json.items).toMatchObject([
      { chosen: null },
    ]);

    expect((await press(button, { "Sec-Fetch-Site": "same-origin" })).status).toBe(303);
  });
});
