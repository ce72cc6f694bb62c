import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type AppleDevice, failed, plausibleAnswer } from "../../support/apple-device.ts";
import { chromiumPath, type Look, settled, type Visitor } from "../../support/node/browser.ts";
import { type ConsoleFleet, enrolled } from "../../support/node/console-fleet.ts";
import { newPhone, openInvitation } from "../../support/node/everyday.ts";
import { overhang, violationsOf } from "../../support/node/judge-page.ts";
import { until } from "../../support/node/real-device.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageFleet, stageServer, visitAs } from "../../support/node/stage.ts";

// The page of one device, and orders to many: what failed is tried again, what opens a device is read with a reason, and nobody
// sees a button that would be refused.

let server: RealServer;
let fleet: ConsoleFleet;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server, fleet] = await Promise.all([stageServer(), stageFleet()]);
});

const as = (
  role: string,
  path: string,
  look: Look,
  see: (visitor: Visitor) => Promise<void>,
): Promise<void> => visitAs(role, path, see, { look });

const at = (device: { id: string }): string => `/devices/${encodeURIComponent(device.id)}`;
const commandsOf = async (device: { id: string }): Promise<{ request_type: string; state: string }[]> =>
  (await server.json("GET", `${at(device)}/commands`)).items;
const countOf = async (device: { id: string }, requestType: string): Promise<number> =>
  (await commandsOf(device)).filter(({ request_type }) => request_type === requestType).length;
const menuOf = async (page: Page): Promise<string[]> => {
  await page.getByRole("button", { name: "More actions" }).click();
  const titles = await page.getByRole("menuitem").allTextContents();
  await page.keyboard.press("Escape");
  return titles.map((title) => title.trim());
};
const act = async (page: Page, title: string): Promise<void> => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: title, exact: true }).click();
};
const dialog = (page: Page) => page.locator("dialog[open]");

describe.skipIf(!chromiumPath)("the page of a device", { timeout: 120_000 }, () => {
  test("what failed says why and what to do, and the help desk has it tried again from a phone", async () => {
    const ben = fleet.deviceAt(1);
    const before = await countOf(ben, "InstallProfile");
    await as("viewer", `${at(ben)}/assigned`, {}, async ({ page }) => {
      await page
        .getByText(/could not be installed/)
        .first()
        .waitFor();
      expect(await page.getByRole("button", { name: /again/ }).count()).toBe(0);
    });

    await as("helpdesk", `${at(ben)}/assigned`, { width: 390 }, async ({ page }) => {
      const row = page.locator("tr", { hasText: "could not be installed" }).first();
      await row.getByText("Correct the profile in the library").waitFor();
      expect(await overhang(page)).toBe(0);
      await row.getByRole("button", { name: "Try again" }).click();
      await page.getByText("1 thing is tried again").waitFor();
      await page.getByText("Under way").first().waitFor();
    });

    await until(async () => (await countOf(ben, "InstallProfile")) > before);
  });

  test("a command that failed is given again, and its answer can be opened", async () => {
    let isWilling = false;
    const phone = await enrolled(server, {
      flavour: "iphone",
      name: "Unwilling",
      policy: async (command, channel) =>
        !isWilling && command.requestType === "DeviceLock"
          ? failed(12021, "No screen to lock.")
          : plausibleAnswer(command, channel),
    });
    const lock = { request_type: "DeviceLock", payload: { Message: "Call +49 30 1234567" } };
    await server.json("POST", `${at(phone)}/commands`, lock);
    await phone.converse();

    await as("viewer", `${at(phone)}/commands`, {}, async ({ page }) => {
      const row = page.locator("tr", { hasText: "No screen to lock" });
      expect(await row.getByRole("button", { name: "Try again" }).count()).toBe(0);
      await row.getByRole("button", { name: "Open" }).click();
      await dialog(page).getByText("Call +49 30 1234567").waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });
    isWilling = true;
    await as("helpdesk", `${at(phone)}/commands`, {}, async ({ page }) => {
      await page
        .locator("tr", { hasText: "No screen to lock" })
        .getByRole("button", { name: "Try again" })
        .click();
      await page.getByText("The command was given again").waitFor();
      await phone.converse();
      await page.locator("tr", { hasText: "DeviceLock" }).getByText("Done").waitFor({ timeout: 20_000 });
    });
    await as("viewer", `${at(phone)}/events`, {}, async ({ page }) => {
      const ended = page.locator("li", { hasText: "No screen to lock" }).first();
      await ended.getByRole("button", { name: "Open" }).click();
      await dialog(page).getByText("What it answered").waitFor();
      await dialog(page).getByText("Call +49 30 1234567").waitFor();
    });
  });

  test("what happens appears by itself, at once: a request waits for it, and nothing is read before", async () => {
    const phone = fleet.deviceAt(3);
    await as("viewer", `${at(phone)}/events`, {}, async ({ page }) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await server.json("POST", `${at(phone)}/commands`, { request_type: "ProvisioningProfileList" });
      await page.getByText("ProvisioningProfileList").first().waitFor({ timeout: 20_000 });

      const lists = asked.filter((path) => path.endsWith("/events") && path.includes("/devices/"));
      expect(lists.length).toBeLessThanOrEqual(asked.filter((path) => path === "/api/v1/events").length + 1);
    });
  });

  test("out of sight nothing is asked of what happens; back in sight, what was missed is there", async () => {
    const phone = fleet.deviceAt(4);
    const turn = (page: Page, hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });
        document.dispatchEvent(new Event("visibilitychange"));`);
    await as("viewer", `${at(phone)}/events`, {}, async ({ page }) => {
      const asked: string[] = [];
      await turn(page, true);
      page.on("request", (request) => asked.push(request.url()));
      await server.json("POST", `${at(phone)}/commands`, { request_type: "ProvisioningProfileList" });
      await until(async () => {
        const { items } = await server.json("GET", `${at(phone)}/events?name=command.queued`);
        const types = items.map(({ detail }: { detail: { request_type?: string } }) => detail.request_type);
        return types.includes("ProvisioningProfileList");
      });
      expect(asked.filter((url) => url.includes("/events"))).toEqual([]);

      await turn(page, false);
      await page.getByText("ProvisioningProfileList").first().waitFor({ timeout: 10_000 });
    });
  });

  test("the declarations of its users are beside its own, by the user's name", async () => {
    const ada = fleet.deviceAt(0);
    const { items } = await server.json("GET", `${at(ada)}/channels`);
    const jo = items.find(({ id }: { id: string | null }) => id !== null);
    await server.json("PUT", "/declarations/office.jo", {
      Type: "com.apple.configuration.account.mail",
      Payload: {
        VisibleName: "Mail of Jo",
        IncomingServer: { ServerType: "IMAP", HostName: "mail.example.com", AuthenticationMethod: "None" },
        OutgoingServer: { HostName: "mail.example.com", AuthenticationMethod: "None" },
      },
    });
    await server.json("PUT", "/sets/jo", { declarations: ["office.jo"] });
    await server.json("POST", "/sets/jo/channels", { give: [`${ada.id}:${jo.id}`] });
    await until(async () => {
      const query = `channel=${encodeURIComponent(jo.id)}`;
      return (await server.json("GET", `${at(ada)}/declarations?${query}`)).items.length > 0;
    });

    await as("viewer", `${at(ada)}/assigned`, {}, async ({ page }) => {
      const own = page.getByRole("table", { name: "Declarations", exact: true });
      await own.getByText("office.passcode").waitFor();
      await page
        .getByRole("table", { name: `Declarations of ${jo.user_long_name}` })
        .getByText("office.jo")
        .waitFor();
      expect(await own.getByText("office.jo").count()).toBe(0);
    });
  });

  test("what opens a device is found after it was deleted, by its serial number, and read with a reason", async () => {
    const mac = await enrolled(server, { flavour: "mac", name: "Sold" });
    await server.json("POST", `${at(mac)}/commands`, { request_type: "SetRecoveryLock" });
    await mac.converse();
    const { serialNumber } = mac.hardware;
    await server.api("DELETE", `${at(mac)}?force=true`);

    await as("admin", `/devices?search=${serialNumber}`, { width: 390 }, async ({ page }) => {
      await page.getByRole("link", { name: "See what is kept of it" }).click();
      const card = page.locator(".device-value", { hasText: "Recovery lock password" });
      await card.getByText("device deleted").waitFor();
      await card.getByRole("button", { name: "Show" }).click();
      await page.getByLabel("Reason").fill("Sold, the buyer needs it");
      await dialog(page).getByRole("button", { name: "Show" }).click();
      await expect.poll(() => card.locator("code").first().textContent()).toMatch(/^\w{20}$/);
      expect(await overhang(page)).toBe(0);
    });
    await as("viewer", `/kept/${serialNumber}`, {}, async ({ page }) => {
      await page.getByText("Recovery lock password").waitFor();
      expect(await page.getByRole("button", { name: "Show" }).count()).toBe(0);
      await page.getByText("You see what is kept", { exact: false }).waitFor();
    });
  });

  test("a recovery value is shown with a reason, which the audit log shows", async () => {
    const ada = fleet.deviceAt(0);
    await as("operator", `${at(ada)}/recovery`, {}, async ({ page }) => {
      await page.getByText("Recovery lock password").waitFor();
      expect(await page.getByRole("button", { name: "Show" }).count()).toBe(0);
    });
    await as("admin", `${at(ada)}/recovery`, { width: 390 }, async ({ page }) => {
      const card = page.locator(".device-value", { hasText: "Recovery lock password" });
      await card.getByRole("button", { name: "Show" }).click();
      await dialog(page).getByRole("button", { name: "Show" }).click();
      expect(await card.locator("code").count()).toBe(0);
      await page.getByLabel("Reason").fill("Ada is at the airport, ticket 4711");
      await dialog(page).getByRole("button", { name: "Show" }).click();
      await expect.poll(() => card.locator("code").first().textContent()).toMatch(/^\w{20}$/);
      expect(await overhang(page)).toBe(0);
      await card.getByRole("button", { name: "Hide" }).click();
      expect(await card.locator("code").count()).toBe(0);
    });
    await as("admin", "/audit", {}, async ({ page }) => {
      await page.getByText("Reason: Ada is at the airport, ticket 4711").waitFor();
    });
  });

  test("a recovery password is changed once it was said what that does", async () => {
    const ada = fleet.deviceAt(0);
    const before = await countOf(ada, "SetRecoveryLock");
    await as("operator", `${at(ada)}/recovery`, {}, async ({ page }) => {
      const card = page.locator(".device-value", { hasText: "Recovery lock password" });
      await card.getByRole("button", { name: "Set a new password" }).click();
      await dialog(page).getByText("The present one stays valid").waitFor();
      await dialog(page).getByRole("button", { name: "Set a new password" }).click();
      await page.getByText("The command was given").waitFor();
      await card.getByText(/Another one is/).waitFor();
    });
    await until(async () => (await countOf(ada, "SetRecoveryLock")) > before);
  });

  test("its certificates say until when they are valid, and the identity is renewed by those who may", async () => {
    const phone = newPhone(server, "Invited");
    const { url } = await server.json("POST", "/enrollment/invitations", {});
    await openInvitation(server, url, phone);
    const renewal = async () => (await server.json("GET", at(phone))).identity_renewal.state;
    expect(await renewal()).toBe("not_due");

    await as("viewer", `${at(phone)}/certificates`, {}, async ({ page }) => {
      await page.getByText("In use").waitFor();
      await page.getByText("It is renewed by itself before it expires").waitFor();
      expect(await page.getByRole("button", { name: /Renew|Unbind/ }).count()).toBe(0);
    });
    await as("operator", `${at(phone)}/certificates`, { width: 390 }, async ({ page }) => {
      expect(await overhang(page)).toBe(0);
      await page.getByRole("button", { name: "Renew now" }).click();
      await dialog(page).getByText("The person sees nothing of it").waitFor();
      await dialog(page).getByRole("button", { name: "Renew now" }).click();
      await page.getByText("The renewal has begun").waitFor();
      await page.getByText("It is being renewed").waitFor();
    });
    expect(await renewal()).toBe("under_way");
  });

  test("a device that is held in Setup Assistant shows its steps, and is let go by hand", async () => {
    await server.json("PATCH", "/settings", {
      setup_recovery_lock: true,
      setup_minutes: 60,
      setup_step_minutes: 60,
    });
    const held: AppleDevice = await enrolled(server, {
      flavour: "mac",
      name: "Fresh from the box",
      ade: true,
      policy: async (command, channel) => {
        if (command.requestType === "InstallProfile") return { status: "NotNow" };
        if (command.requestType === "SetRecoveryLock") return failed(12021, "No recovery lock here.");
        return plausibleAnswer(command, channel);
      },
    });
    const stepOf = async (wanted: string) =>
      (await server.json("GET", `${at(held)}/setup`)).steps.find(
        ({ name }: { name: string }) => name === wanted,
      );
    await until(async () => {
      await held.converse();
      return (await stepOf("recovery-lock"))?.state === "failed";
    });

    await as("helpdesk", `${at(held)}/setup`, { width: 390 }, async ({ page }) => {
      await page.getByText("Held in Setup Assistant").waitFor();
      const step = page.locator("tr", { hasText: "Recovery lock" });
      await step.getByText("No recovery lock here").waitFor();
      expect(await overhang(page)).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      await step.getByRole("button", { name: "Try again" }).click();
      await page.getByText("1 thing is tried again").waitFor();
      await step.getByText("Under way").waitFor();

      await page.getByRole("button", { name: "Let it go now" }).click();
      await dialog(page).getByRole("button", { name: "Let it go now" }).click();
      await page.getByText("The device is let go").waitFor();
      await page.getByText("Being let go").waitFor();
    });
    await until(async () => {
      await held.converse();
      return (await server.json("GET", `${at(held)}/setup`)).state === "released";
    });
  });

  test("nobody sees an action that would be refused", async () => {
    const mac = await enrolled(server, { flavour: "mac", name: "Without a tag" });
    const ipad = fleet.deviceAt(6);
    await as("viewer", at(mac), {}, async ({ page }) => {
      expect(await page.getByRole("button", { name: /Lock|More actions|lost mode/ }).count()).toBe(0);
    });
    await as("helpdesk", at(mac), {}, async ({ page }) => expect(await menuOf(page)).toEqual(["Restart"]));
    await as("helpdesk", at(ipad), {}, async ({ page }) =>
      expect(await menuOf(page)).toEqual(["Restart", "Clear the passcode"]),
    );
    await as("operator", at(mac), {}, async ({ page }) =>
      expect(await menuOf(page)).toEqual(["Ask what it has", "Wake", "Restart", "Unlock an account"]),
    );
    await as("admin", at(mac), {}, async ({ page }) =>
      expect(await menuOf(page)).toEqual([
        "Ask what it has",
        "Wake",
        "Restart",
        "Shut down",
        "Unlock an account",
        "End the management",
        "Erase",
      ]),
    );
  });

  test("the management ends only after the serial number was typed, and it is said what goes with it", async () => {
    const tv = fleet.deviceAt(8);
    await as("admin", at(tv), {}, async ({ page }) => {
      await act(page, "End the management");
      await dialog(page).getByText("profiles, managed apps and their data").waitFor();
      const yes = dialog(page).getByRole("button", { name: "End the management" });
      expect(await yes.isDisabled()).toBe(true);
      await dialog(page)
        .locator("input")
        .fill((await server.json("GET", at(tv))).serial);
      await yes.click();
      await page.getByText("The device is asked to leave").waitFor();
    });
    expect((await server.json("GET", at(tv))).unenrolling).toBe(true);
  });
});

describe.skipIf(!chromiumPath)("several devices at once", { timeout: 120_000 }, () => {
  const select = async (page: Page, names: readonly string[]): Promise<void> => {
    for (const name of names) await page.locator("tr[data-row]", { hasText: name }).locator("input").check();
  };
  const chosen = ["Ada’s MacBook Pro", "Workshop"];
  const both = () => [fleet.deviceAt(0), fleet.deviceAt(2)];

  test("are woken and restarted, each once it was said what happens", async () => {
    await as("operator", "/devices", {}, async ({ page }) => {
      await select(page, chosen);
      await page.getByRole("button", { name: "Wake" }).click();
      await page.getByText("2 devices were woken").waitFor();
      await settled(page);

      await select(page, chosen);
      expect(await page.getByRole("button", { name: "Erase" }).count()).toBe(0);
      await page.getByRole("button", { name: "Restart" }).click();
      await dialog(page).getByText("2 devices restart at once").waitFor();
      await dialog(page).getByRole("button", { name: "Restart" }).click();
      await page.getByText("The order for 2 devices is accepted").waitFor();
    });
    for (const device of both()) await until(async () => (await countOf(device, "RestartDevice")) > 0);
  });

  test("are erased only after their number was typed", async () => {
    await as("admin", "/devices", {}, async ({ page }) => {
      await select(page, chosen);
      await page.getByRole("button", { name: "Erase" }).click();
      const yes = dialog(page).getByRole("button", { name: "Erase" });
      await dialog(page).locator("input").fill("3");
      expect(await yes.isDisabled()).toBe(true);
      await dialog(page).locator("input").fill("2");
      await yes.click();
      await page
        .getByText(/Erasing 2 devices waits|given for 2 devices/)
        .first()
        .waitFor();
    });
    const { items } = await server.json("GET", "/batches");
    expect(items[0]).toMatchObject({ request_type: "EraseDevice" });
  });
});
