import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, type Look, settled, type Visitor } from "../../support/node/browser.ts";
import type { ConsoleFleet } from "../../support/node/console-fleet.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageFleet, stageServer, visitAs } from "../../support/node/stage.ts";

// What people do with devices every day: find one, see why something failed, lock the one that was left in a train.

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

const idAt = (index: number): string => encodeURIComponent(fleet.deviceAt(index).id);

const commandsOf = async (index: number): Promise<{ request_type: string; state: string }[]> =>
  (await server.json("GET", `/devices/${idAt(index)}/commands`)).items;

describe.skipIf(!chromiumPath)("in the console", { timeout: 120_000 }, () => {
  test("a device is found as it is typed, and opened by the keyboard alone", async () => {
    await as("viewer", "/devices", {}, async ({ page }) => {
      await page.keyboard.press("/");
      await page.keyboard.type("chlo");
      await expect.poll(() => page.locator("tr[data-row]").count(), { timeout: 20_000 }).toBe(1);
      expect(page.url()).toContain("search=chlo");

      await page.keyboard.press("Tab");
      await page.locator("h1").click();
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Chloé’s iPhone" }).waitFor();
    });
  });

  test("what failed on a device says why, in the device's own words", async () => {
    await as("viewer", `/devices/${idAt(1)}/assigned`, {}, async ({ page }) => {
      await page.getByText("Failed").first().waitFor();
      await page
        .getByText(/could not be installed/)
        .first()
        .waitFor();
    });
  });

  test("the help desk locks a lost phone from a phone, and sees nothing that it may not do", async () => {
    await as("helpdesk", `/devices/${idAt(4)}`, { width: 390 }, async ({ page }) => {
      await page.getByRole("button", { name: "More actions" }).click();
      expect(await page.getByRole("menuitem", { name: "Restart" }).count()).toBe(1);
      expect(await page.getByRole("menuitem", { name: "Erase" }).count()).toBe(0);
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: "Lock", exact: true }).click();
      await page.getByLabel("Message on the screen").fill("Please call the office");
      await page.locator("dialog").getByRole("button", { name: "Lock" }).click();
      await page.getByText("The command was given").waitFor();
    });
    expect((await commandsOf(4)).map(({ request_type }) => request_type)).toContain("DeviceLock");
  });

  test("a device is erased only after its serial number was typed", async () => {
    await as("admin", `/devices/${idAt(9)}`, {}, async ({ page }) => {
      await settled(page);
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Erase" }).click();
      const erase = page.locator("dialog").getByRole("button", { name: "Erase" });
      expect(await erase.isDisabled()).toBe(true);
      expect((await commandsOf(9)).some(({ request_type }) => request_type === "EraseDevice")).toBe(false);

      const { serial } = await server.json("GET", `/devices/${idAt(9)}`);
      await page.locator("dialog input").fill(serial ?? fleet.deviceAt(9).id);
      await erase.click();
      await page.getByText("The command was given").waitFor();
    });
    expect((await commandsOf(9)).some(({ request_type }) => request_type === "EraseDevice")).toBe(true);
  });

  test("a command that waits can be cancelled, and a viewer sees no button for it", async () => {
    await server.json("POST", `/devices/${idAt(5)}/commands`, { request_type: "DeviceLock" });
    await as("viewer", `/devices/${idAt(5)}/commands`, {}, async ({ page }) => {
      await page.getByText("DeviceLock").waitFor();
      expect(await page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
    });
    await as("operator", `/devices/${idAt(5)}/commands`, {}, async ({ page }) => {
      const lock = page.locator("tr", { hasText: "DeviceLock" });
      await lock.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("The command is cancelled").waitFor();
    });
    const lock = (await commandsOf(5)).find(({ request_type }) => request_type === "DeviceLock");
    expect(lock?.state).toBe("cancelled");
  });
});
