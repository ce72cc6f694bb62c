import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  chromiumPath,
  type Look,
  openBrowser,
  settled,
  type Visitor,
  visit,
} from "../support/node/browser.ts";
import { type ConsoleFleet, enrolled, fillConsole, mend } from "../support/node/console-fleet.ts";
import {
  escrowFileVault,
  LivingFleet,
  newPhone,
  openInvitation,
  pushCertificateFor,
  tabTo,
} from "../support/node/everyday.ts";
import { type StartedServer, startedServer } from "../support/node/started-server.ts";

// The everyday tasks of a part-time administrator (console/README.md), from the first click until the devices have done it:
// Chromium, a server that `npm start` started, and a fleet that answers.

let server: StartedServer;
let browser: Browser;
let fleet: ConsoleFleet;
let life: LivingFleet;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server, browser] = await Promise.all([startedServer(), openBrowser()]);
  fleet = await fillConsole(server);
  life = new LivingFleet(fleet.devices);
}, 400_000);
afterAll(async () => {
  await life?.stop();
  await browser?.close();
  await server?.close();
}, 60_000);

async function as(
  role: string,
  path: string,
  see: (visitor: Visitor) => Promise<void>,
  look: Look = {},
): Promise<void> {
  const { token } = await server.json("POST", "/tokens", { name: `${role} Kim`, role });
  const visitor = await visit(browser, server.origin, token, look);
  visitor.page.setDefaultTimeout(45_000);
  try {
    await visitor.open(path);
    await see(visitor);
    // What the server refuses at first is an answer as well, which browsers write down as an error.
    expect(visitor.complaints.filter((text) => !/ 4\d\d .*\/api\/v1\//.test(text))).toEqual([]);
  } finally {
    await visitor.close();
  }
}

const patient = { timeout: 60_000, interval: 500 };
const deviceOf = (id: string) => server.json("GET", `/devices/${encodeURIComponent(id)}`);
/** What the server knows of one of the things that a device should have. */
async function stateOf(index: number, what: "profiles", identifier: string): Promise<string | undefined> {
  const { items } = await server.json("GET", `${pathOf(index)}/${what}`);
  return items.find((one: { identifier: string }) => one.identifier === identifier)?.state;
}

const pathOf = (index: number): string => `/devices/${encodeURIComponent(fleet.deviceAt(index).id)}`;

/** Cmd-K, or Ctrl-K here: what is typed, and Enter on the first thing that was found. */
async function goTo(page: Page, typed: string, found: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.keyboard.type(typed);
  await page.getByRole("option", { selected: true }).filter({ hasText: found }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: found }).waitFor();
  await settled(page);
}

/** As a field for day and time has it. */
function nextFriday(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + ((12 - day.getUTCDay()) % 7 || 7));
  return `${day.toISOString().slice(0, 10)}T18:00`;
}

const profile = (identifier: string, name: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadIdentifier</key><string>${identifier}.1</string>
<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>PayloadUUID</key><string>5A0F0B7C-3C5B-4E9E-9B7E-5E0E3C1B2A20</string>
<key>PayloadVersion</key><integer>1</integer>
<key>SSID_STR</key><string>guests</string><key>EncryptionType</key><string>None</string>
</dict></array>
<key>PayloadDisplayName</key><string>${name}</string>
<key>PayloadIdentifier</key><string>${identifier}</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>5A0F0B7C-3C5B-4E9E-9B7E-5E0E3C1B2A21</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>`;

describe.skipIf(!chromiumPath)("an administrator", { timeout: 240_000 }, () => {
  test("invites a phone by a QR code, and sees it in the list once its owner has opened the link", async () => {
    await as("operator", "/devices", async ({ page }) => {
      await page.getByRole("link", { name: "Invite a device" }).click();
      await page.getByRole("button", { name: "Invite a device" }).first().click();
      await page.getByLabel("Note").fill("Elif’s new phone");
      await page.getByRole("button", { name: "Make the invitation" }).click();
      await page.getByRole("img", { name: "QR code of the link" }).waitFor();
      const link = await page.locator(".link-to-copy code").innerText();

      const phone = newPhone(server, "Elif’s iPhone");
      await openInvitation(server, link, phone);
      life.add(phone);
      await expect.poll(async () => (await deviceOf(phone.id)).name, patient).toBe("Elif’s iPhone");

      await page.getByRole("button", { name: "Done" }).click();
      await page.getByText("1 of 1").waitFor();
      await goTo(page, "Elif", "Elif’s iPhone");
      await page.getByText("Enrolled", { exact: true }).first().waitFor();
    });
  });

  test("finds a person's Mac and reads its FileVault key by the keyboard alone; the audit log says so", async () => {
    const mac = fleet.deviceAt(0);
    await escrowFileVault(server, mac);
    const escrow = `/devices/${encodeURIComponent(mac.id)}/escrow`;
    const kept = async () =>
      (await server.json("GET", escrow)).items.map((one: { name: string }) => one.name);
    await expect.poll(kept, patient).toContain("filevault-key");

    await as("admin", "/", async ({ page }) => {
      await goTo(page, "Ada", "Ada’s MacBook Pro");
      await tabTo(page, "Recovery");
      await page.keyboard.press("Enter");
      await page.getByText("FileVault recovery key").waitFor();
      await tabTo(page, "Show");
      await page.keyboard.press("Enter");
      await page.getByLabel("Reason").waitFor();
      await page.keyboard.type("Ada forgot her password");
      await tabTo(page, "Show");
      await page.keyboard.press("Enter");

      await page.getByText(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){5}$/).waitFor();
    });
    const { items } = await server.json("GET", "/audit?limit=20");
    expect(items).toContainEqual(
      expect.objectContaining({
        token_name: "admin Kim",
        target: expect.stringContaining("filevault-key"),
        reason: "Ada forgot her password",
      }),
    );
  });

  test("with a phone in the hand: turns lost mode on, sees where the iPhone is, and turns it off", async () => {
    const phone = await enrolled(server, { flavour: "iphone", name: "Noor’s iPhone", ade: true });
    life.add(phone);
    const supervised = async () => (await deviceOf(phone.id)).supervised;
    await expect.poll(supervised, patient).toBe(true);

    const look = { width: 390 } as const;
    await as(
      "helpdesk",
      `/devices/${encodeURIComponent(phone.id)}`,
      async ({ page }) => {
        await page.getByRole("button", { name: "Turn lost mode on" }).click();
        await page.getByLabel("Message on the screen").fill("Please call the office");
        await page.getByLabel("Phone number on the screen").fill("+49 30 1234567");
        await page.locator("dialog").getByRole("button", { name: "Turn lost mode on" }).click();
        await page.getByText("The device is lost").waitFor();

        await page.getByRole("button", { name: "Ask where it is" }).click();
        const place = page.getByRole("link", { name: "47.37690, 8.54170" });
        await place.waitFor();
        expect(await place.getAttribute("href")).toContain("47.3769");

        await page.getByRole("button", { name: "Turn lost mode off" }).click();
        await page.locator("dialog").getByRole("button", { name: "Turn lost mode off" }).click();
        await page.getByText("The device is lost").waitFor({ state: "detached" });
      },
      look,
    );
    expect(phone.state.lostMode).toBeUndefined();
  });

  test("gives a profile to all iPads, to one of them first", async () => {
    await as("operator", "/profiles?new=yes", async ({ page }) => {
      const file = {
        name: "guests.mobileconfig",
        mimeType: "application/x-apple-aspen-config",
        buffer: Buffer.from(profile("com.example.guests", "Guests")),
      };
      await page.getByLabel("File", { exact: true }).setInputFiles(file);
      await page.locator("dialog").getByRole("button", { name: "Upload a profile" }).click();
      await page.getByRole("link", { name: "Guests" }).waitFor();

      await goTo(page, "Sets", "Sets");
      await page.getByRole("link", { name: "ipads" }).click();
      await page.getByLabel("Name", { exact: true }).selectOption("com.example.guests");
      await page.getByRole("button", { name: "Put in" }).click();
      await page.getByRole("link", { name: "com.example.guests" }).waitFor();

      // A mistake in a network's profile would cut devices off: such a change reaches one device first, and waits.
      await goTo(page, "Rollouts", "Rollouts");
      await page.locator("a.row-link").first().click();
      await page.getByRole("button", { name: "Give it to all now" }).click();
      await page.locator("dialog").getByRole("button", { name: "Give it to all now" }).click();
      const ipads = () => Promise.all([6, 7].map((ipad) => stateOf(ipad, "profiles", "com.example.guests")));
      await expect.poll(ipads, patient).toEqual(["installed", "installed"]);
      await goTo(page, "Profiles", "Profiles");
      await page.getByRole("link", { name: "Guests" }).click();
      await page.getByRole("link", { name: "Reception" }).waitFor();
    });
    expect(await stateOf(3, "profiles", "com.example.guests")).toBeUndefined();
    const onIpad = [...fleet.deviceAt(6).profiles.values()].map(({ identifier }) => identifier);
    expect(onIpad).toContain("com.example.guests");
  });

  test("gives an app to all Macs", async () => {
    await as("operator", "/apps/new/by/form", async ({ page }) => {
      await page.getByLabel("Name", { exact: true }).fill("agent");
      await page.getByLabel("Where it comes from").selectOption("Manifest of your own");
      await page.getByLabel("Address of the manifest").fill("https://apps.example.com/agent.plist");
      await page.getByLabel("Bundle").fill("com.example.agent");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The app is in the library").waitFor();

      await goTo(page, "Sets", "Sets");
      await page.getByRole("link", { name: "macs" }).click();
      await page.getByLabel("Kind", { exact: true }).selectOption("apps");
      await page.getByLabel("Name", { exact: true }).selectOption("agent");
      await page.getByRole("button", { name: "Put in" }).click();
      await page.getByRole("link", { name: "agent", exact: true }).waitFor();

      const macs = async () => {
        const { items } = await server.json("GET", "/apps/agent/devices");
        return items.map(({ name }: { name: string }) => name).toSorted();
      };
      await expect.poll(macs, patient).toEqual(["Ada’s MacBook Pro", "Ben’s MacBook Pro", "Workshop"]);
      await page.getByRole("link", { name: "agent", exact: true }).click();
      await page.getByRole("link", { name: "Workshop" }).waitFor();
    });
  });

  test("asks all iPads for a version by Friday, and is asked whether this version is meant", async () => {
    await as("operator", "/updates", async ({ page }) => {
      await page.getByRole("button", { name: "New policy" }).first().click();
      const form = page.locator("dialog");
      await form.getByLabel("Name", { exact: true }).fill("friday");
      await form.getByLabel("What devices must have").selectOption("version");
      await form.getByLabel("Version", { exact: true }).fill("26.1");
      await form.getByLabel("By then, on the clock of each device").fill(nextFriday());
      for (const platform of ["iOS", "macOS"]) await form.getByLabel(platform, { exact: true }).uncheck();
      await form.getByLabel("ipads", { exact: true }).check();
      await form.getByRole("button", { name: "Make the policy" }).click();
      await form.getByLabel(/^I mean it/).check();
      await form.getByRole("button", { name: "Make the policy" }).click();
      await page.getByRole("heading", { level: 1, name: "friday" }).waitFor();
    });
    await server.json("POST", "/jobs/software-updates");
    const asked = async () => {
      const { items } = await server.json("GET", `${pathOf(6)}/declarations`);
      return items.some(({ identifier }: { identifier: string }) => identifier.includes("friday"));
    };
    await expect.poll(asked, patient).toBe(true);
  });

  test("erases an iPad, and hands it over to the next person", async () => {
    const ipad = fleet.deviceAt(6);
    const { serial } = await deviceOf(ipad.id);
    await as("admin", pathOf(6), async ({ page }) => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Erase" }).click();
      await page.locator("dialog input").fill(serial);
      await page.locator("dialog").getByRole("button", { name: "Erase" }).click();
      await page.getByText("Erased", { exact: true }).first().waitFor();

      await goTo(page, "Enrollment", "Enrollment");
      await page.getByRole("button", { name: "Invite a device" }).first().click();
      await page.getByText("For a certain device or person, or by mail").click();
      await page.getByLabel("Only for this person").fill("priya@example.com");
      await page.getByLabel("Only for this serial number").fill(serial);
      await page.getByRole("button", { name: "Make the invitation" }).click();
      const link = await page.locator(".link-to-copy code").innerText();
      await page.getByRole("button", { name: "Done" }).click();
      await openInvitation(server, link, ipad);

      await goTo(page, "Reception", "Reception");
      await page.getByText("Enrolled", { exact: true }).first().waitFor();
    });
    expect(await deviceOf(ipad.id)).toMatchObject({ state: "enrolled", generation: 2 });
  });

  test("lets a colleague in as help desk by the keyboard alone, who sees no button that would be refused", async () => {
    let token = "";
    await as("admin", "/", async ({ page }) => {
      await goTo(page, "Access", "Access");
      await tabTo(page, "New token");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await tabTo(page, "Name");
      await page.keyboard.type("Sam, help desk");
      await tabTo(page, "Role");
      await page.keyboard.type("Help");
      await tabTo(page, "Make the token");
      await page.keyboard.press("Enter");
      token = await page.locator("dialog code").first().innerText();
      await tabTo(page, "Done");
      await page.keyboard.press("Enter");
      await page.getByText("Sam, help desk").waitFor();
    });

    const colleague = await visit(browser, server.origin, token);
    await colleague.open(pathOf(1));
    const { page } = colleague;
    await page.getByRole("button", { name: "Lock", exact: true }).waitFor();
    await page.getByRole("button", { name: "More actions" }).click();
    expect(await page.getByRole("menuitem", { name: "Erase" }).count()).toBe(0);
    await colleague.close();
  });

  test("sees who has problems and why, and mends one with a second try", async () => {
    await server.json("POST", "/jobs/fleet-problems");
    const codes = async () =>
      (await server.json("GET", "/problems")).items.map(({ code }: { code: string }) => code);
    await expect.poll(codes, patient).toContain("profile-failed");

    await as("operator", "/", async ({ page }) => {
      const problem = page.locator("main li, main .card").filter({ hasText: "office.wifi" }).last();
      await problem.getByRole("link", { name: "Show the profile" }).click();
      await page.getByRole("heading", { level: 1, name: /wifi|Wi-Fi/i }).waitFor();
      await page.getByRole("link", { name: "Ben’s MacBook Pro" }).first().click();
      await page.getByRole("heading", { level: 1, name: "Ben’s MacBook Pro" }).waitFor();
      await page
        .getByText(/could not be installed/)
        .first()
        .waitFor();

      mend(fleet.deviceAt(1));
      await page.getByRole("button", { name: "Try again" }).first().click();
      await page.getByText("1 thing is tried again").waitFor();
      await expect.poll(() => stateOf(1, "profiles", "office.wifi"), patient).toBe("installed");
    });
  });

  test("renews the push certificate with the same topic", async () => {
    await as("admin", "/enrollment/push", async ({ page }) => {
      await page.getByRole("button", { name: "Renew" }).click();
      await page.getByLabel("Apple Account").fill("it@example.com");
      await page.getByRole("button", { name: "Make the request" }).click();
      await page.getByText("For it@example.com").waitFor();
      const { items } = await server.json("GET", "/push-certificate-requests");
      const certificate = await pushCertificateFor(items[0].csr);
      await page.getByLabel("The file from Apple").setInputFiles({
        name: "MDM.pem",
        mimeType: "application/x-pem-file",
        buffer: Buffer.from(certificate),
      });
      await page.getByRole("button", { name: "Upload the certificate" }).click();
      await page.getByText("The certificate is in use").waitFor();
    });
    const { items } = await server.json("GET", "/push-certificates");
    expect(items.filter(({ in_use }: { in_use: boolean }) => in_use)).toMatchObject([
      { account: "it@example.com" },
    ]);
    expect(new Set(items.map(({ topic }: { topic: string }) => topic)).size).toBe(1);
  });

  test("sees who did what: who erased the iPad, and that it was done", async () => {
    await as("admin", "/audit", async ({ page }) => {
      await page.keyboard.press("/");
      await page.keyboard.type(`devices/${fleet.deviceAt(6).id}`);
      await expect.poll(() => page.url()).toContain("target=");
      await settled(page);
      const row = page.locator("tr", { hasText: "/commands/" }).first();
      await row.getByText("admin Kim").waitFor();
      await row.getByText("Done").waitFor();
    });
  });
});
