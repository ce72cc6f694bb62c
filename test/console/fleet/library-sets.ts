import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, type Visitor } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { refusals, stageFleet, stageServer, visitAs } from "../../support/node/stage.ts";

// Sets and apps as an administrator makes them: whom a set reaches is said while its filter is chosen.

let server: RealServer;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server] = await Promise.all([stageServer(), stageFleet()]);
});

const as = (role: string, path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> =>
  visitAs(role, path, see, { meant: refusals });

describe.skipIf(!chromiumPath)("in the console's library", { timeout: 120_000 }, () => {
  test("a set is made: it says whom it would reach, with every condition", async () => {
    await as("operator", "/sets/new/by/form", async ({ page }) => {
      await page.getByLabel("Name", { exact: true }).fill("sales-macs");
      await page.getByText("reaches only devices that it is given to by hand").waitFor();
      await page.getByLabel("Add a condition").selectOption({ label: "Platform" });
      await page.getByText("This reaches 3 devices").waitFor();
      await page.getByLabel("Add a condition").selectOption({ label: "Tag" });
      await page.getByLabel("Tag", { exact: true }).fill("sales");
      await page.getByText("This reaches 1 device: Ada’s MacBook Pro").waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "sales-macs" }).waitFor();

      await page.getByLabel("Name", { exact: true }).selectOption("office.wifi");
      await page.getByRole("button", { name: "Put in" }).click();
      await page.getByRole("link", { name: "office.wifi" }).waitFor();
      await page.getByRole("button", { name: "Only offer" }).click();
      await page.getByRole("button", { name: "Require" }).waitFor();
    });
    expect(await server.json("GET", "/sets/sales-macs")).toMatchObject({
      filter: { platform: "macos", tag: "sales" },
      activate: true,
      profiles: [],
      optional: { profiles: ["office.wifi"] },
    });
  });

  test("a change of its filter keeps what it gives; a bad value is said at its condition", async () => {
    await as("operator", "/sets/sales-macs/form", async ({ page }) => {
      await page.getByRole("button", { name: "Remove the condition “Platform”" }).click();
      await page.getByLabel("Add a condition").selectOption({ label: "System version at least" });
      await page.getByLabel("System version at least", { exact: true }).fill("new");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".condition .error").waitFor();
      await page.getByLabel("System version at least", { exact: true }).fill("10");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "sales-macs" }).waitFor();
    });
    expect(await server.json("GET", "/sets/sales-macs")).toMatchObject({
      filter: { tag: "sales", os_min: "10" },
      optional: { profiles: ["office.wifi"] },
    });
  });

  test("before a set is deleted, it is said how many lose what it gave", async () => {
    await expect
      .poll(async () => (await server.json("GET", "/sets/sales-macs/channels")).items.length, {
        timeout: 20_000,
      })
      .toBe(2);
    await as("operator", "/sets/sales-macs", async ({ page }) => {
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByText("2 devices and users have it, and lose what only this set gave.").waitFor();
      await page.locator("dialog input").fill("sales-macs");
      await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("heading", { name: "Sets", exact: true }).waitFor();
    });
    expect((await server.api("GET", "/sets/sales-macs")).status).toBe(404);
  });

  test("an app is made of a manifest, its configuration is masked for operators and stays when they save", async () => {
    await as("operator", "/apps/new/by/form", async ({ page }) => {
      await page.getByLabel("Where it comes from").selectOption({ label: "Manifest of your own" });
      await page.getByLabel("Address of the manifest").fill("http://apps.example.com/tool.plist");
      await page.getByLabel("Name", { exact: true }).fill("tool");
      await page.getByLabel("Configuration for the app").fill('{ "key": "value", "user": "{{user.email}}" ');
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("This is not JSON yet").waitFor();
      await page.getByLabel("Configuration for the app").fill('{ "key": "value" }');
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".error", { hasText: "https" }).waitFor();
      await page.getByLabel("Address of the manifest").fill("https://apps.example.com/tool.plist");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "tool" }).waitFor();
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Updates").selectOption({ label: "Only at certain hours" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("From 22:00 to 05:00").waitFor();
    });
    expect(await server.json("GET", "/apps/tool")).toMatchObject({
      configuration: { key: "value" },
      behaviour: { updates: { from: "22:00", until: "05:00" } },
    });
  });

  test("how far an app is on devices is counted, and each state shows its devices", async () => {
    await server.json("PUT", "/sets/tools", { apps: ["tool"], filter: { platform: "macos" } });
    await expect
      .poll(async () => (await server.json("GET", "/apps/tool/devices")).items.length, { timeout: 30_000 })
      .toBeGreaterThan(0);
    await as("viewer", "/apps/tool", async ({ page }) => {
      await page.getByText(/^0 of \d devices? ha(s|ve) it$/).waitFor();
      expect(await page.getByRole("link", { name: "Edit" }).count()).toBe(0);
    });
    await as("operator", "/apps/tool", async ({ page }) => {
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByText("These sets have it: tools").waitFor();
    });
  });
});
