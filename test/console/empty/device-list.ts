import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { asked } from "../../../console/src/pages/devices/asked.ts";
import { csvOf } from "../../../console/src/pages/devices/csv.ts";
import { chromiumPath, settled, type Visitor, visit } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";
import { insertRows, seededRows } from "../../support/seeded-fleet.ts";

// The list of devices: what its address means, its columns and views, and what a person sees while an answer is on its way.

const now = Date.parse("2026-11-28T10:34:56.000Z");
const askedOf = (search: string) => JSON.parse(JSON.stringify(asked(new URLSearchParams(search), now)));

describe("the address of the list", () => {
  test.each([
    ["state=enrolled&sort=-name", { state: "enrolled", sort: "-name" }],
    ["seen=7d", { seen_after: "2026-11-21T10:00:00.000Z" }],
    ["seen=-30d&platform=ios", { seen_before: "2026-10-29T10:00:00.000Z", platform: "ios" }],
    ["failed=profile:office.wifi", { failed: "profile:office.wifi" }],
    ["seen=yesterday", {}],
    ["columns=serial&view=mine", {}],
  ])("%s asks the API for %o", (search, query) => {
    expect(askedOf(search)).toEqual(query);
  });
});

test("a table for spreadsheets has no formula, and keeps commas, quotes and lines in their cells", () => {
  const text = csvOf([
    ["Name", "Serial number"],
    ['=HYPERLINK("https://evil.example")', "-1"],
    ["a, b", "two\nlines"],
  ]);

  expect(text).toBe(
    `Name,Serial number\r\n"'=HYPERLINK(""https://evil.example"")",'-1\r\n"a, b","two\nlines"\r\n`,
  );
});

let server: RealServer;
let browser: Browser;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server, browser] = await Promise.all([stageServer(), stageBrowser()]);
  const { DB } = (await server.harness.getWorker().getEnv()) as { DB: D1Database };
  for (const [table, rows] of Object.entries(seededRows(0, 120, Date.now())))
    await insertRows(DB, table, rows);
});

async function as(role: string, path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> {
  const { token } = await server.json("POST", "/tokens", { name: `${role} of the test`, role });
  const visitor = await visit(browser, server.origin, token);
  try {
    await visitor.open(path);
    await see(visitor);
    expect(visitor.complaints).toEqual([]);
  } finally {
    await visitor.close();
  }
}

describe.skipIf(!chromiumPath)("the list of devices", { timeout: 120_000 }, () => {
  test("has the columns that a person chose, also after a reload; a link shows those of its sender", async () => {
    await as("viewer", "/devices", async ({ page, open }) => {
      await page.getByRole("button", { name: "Columns" }).click();
      await page.locator("dialog").getByLabel("Model").check();
      await page.locator("dialog").getByLabel("Tags").uncheck();
      await page.locator("dialog").getByRole("button", { name: "Close" }).click();
      await page.reload();
      await settled(page);

      const heads = () => page.locator("thead th").allInnerTexts();
      expect(await heads()).toEqual(["Name", "State", "System", "Serial number", "Last seen", "Model"]);

      await open("/devices?columns=imei,no-such-column");
      expect(await heads()).toEqual(["Name", "IMEI"]);
      await open("/devices");
      expect(await heads()).toContain("Model");
    });
  });

  test("is narrowed by filters that are in its address, and each can be taken away alone", async () => {
    await as("viewer", "/devices", async ({ page }) => {
      await page.getByRole("button", { name: "More filters" }).click();
      await page.getByLabel("Tag", { exact: true }).fill("lab");
      await page.getByLabel("System from version").fill("15");
      expect(await page.getByLabel("E-mail address of the person").count()).toBe(0);
      await page.getByRole("button", { name: "Show these devices" }).click();
      await settled(page);
      expect(new URL(page.url()).search).toBe("?os_min=15&tag=lab");

      await page.getByRole("button", { name: "Without the filter “Tag: lab”" }).click();
      await settled(page);
      expect(new URL(page.url()).search).toBe("?os_min=15");
    });
  });

  test("shows where something failed: by a view, and by a link that names the thing", async () => {
    const { DB } = (await server.harness.getWorker().getEnv()) as { DB: D1Database };
    const [one, other] = (await server.json("GET", "/devices?state=enrolled")).items;
    const failed = { user_id: "", state: "failed", seq: 1, updated_at: 1 };
    await insertRows(DB, "profile_states", [
      { ...failed, device_id: one.id, identifier: "office.wifi" },
      { ...failed, device_id: other.id, identifier: "office.vpn" },
    ]);
    await as("viewer", "/devices", async ({ page, open }) => {
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByRole("menuitem", { name: "Where something failed" }).click();
      await settled(page);
      expect(await page.locator("tr[data-row]").count()).toBe(2);
      expect(await page.getByLabel("Problem").inputValue()).toBe("anything");

      await open("/devices?failed=profile:office.vpn");
      expect(await page.locator("a.row-link").count()).toBe(1);
      expect(await page.getByLabel("Problem").locator("option:checked").innerText()).toBe(
        "Failed: the profile: office.vpn",
      );
    });
  });

  test("keeps a view with its filters, order and columns, until it is deleted", async () => {
    await as("viewer", "/devices?platform=macos&columns=serial", async ({ page, open }) => {
      await page.getByRole("button", { name: "Serial number" }).click();
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByRole("menuitem", { name: "Save this view" }).click();
      await page.getByLabel("Name of the view").fill("Macs <b>by</b> number");
      await page.locator("dialog").getByRole("button", { name: "Save" }).click();
      await page.getByText("The view “Macs <b>by</b> number” is saved").waitFor();

      await open("/devices");
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByRole("menuitem", { name: "Macs <b>by</b> number" }).click();
      await settled(page);
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
        platform: "macos",
        columns: "serial",
        sort: "serial",
      });
      const serials = await page.locator("tbody code").allInnerTexts();
      expect(serials.length).toBeGreaterThan(5);
      expect(serials).toEqual(serials.toSorted());

      await page.getByRole("button", { name: "Macs <b>by</b> number" }).click();
      await page.getByRole("menuitem", { name: "Delete a view" }).click();
      await page.getByRole("button", { name: "Delete the view Macs <b>by</b> number" }).click();
      expect(await page.evaluate("localStorage.getItem('edgemdm-device-views')")).toBe("[]");
    });
  });

  test("is downloaded whole with the columns in sight, not only the page that was read", async () => {
    await as("viewer", "/devices?columns=serial,os_version", async ({ page }) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download as CSV" }).click(),
      ]);
      const lines = readFileSync(await download.path(), "utf8")
        .trimEnd()
        .split("\r\n");

      expect(lines[0]).toBe("Name,Serial number,System");
      expect(lines).toHaveLength(121);
      await page.getByText("120 devices are in the file").waitFor();
    });
  });

  test("keeps the rows of before in sight until the answer comes, and an old answer never replaces a new one", async () => {
    await as("operator", "/devices", async ({ page }) => {
      const answers: Record<string, () => void> = {};
      await page.route("**/api/v1/devices?*", async (route) => {
        const search = new URL(route.request().url()).searchParams.get("search") ?? "";
        await new Promise<void>((done) => {
          answers[search] = done;
        });
        await route.continue().catch(() => undefined);
      });
      const rows = () => page.locator("tr[data-row]").count();
      const before = await rows();

      await page.locator("[data-search]").pressSequentially("ada");
      await expect.poll(() => Object.keys(answers)).toContain("ada");
      expect(await rows()).toBe(before);
      await page.locator(".table-box.stale").waitFor();

      await page.locator("[data-search]").fill("grace");
      await expect.poll(() => Object.keys(answers)).toContain("grace");
      answers.grace?.();
      await page.locator(".table-box.stale").waitFor({ state: "detached" });
      const found = await page.locator("a.row-link").allInnerTexts();
      answers.ada?.();
      await page.waitForTimeout(300);

      expect(found.length).toBeGreaterThan(0);
      expect(found.every((name) => name.startsWith("Grace"))).toBe(true);
      expect(await page.locator("a.row-link").allInnerTexts()).toEqual(found);
    });
  });

  test("is as it was when a person comes back from a device: filters, pages, place, and where j goes on", async () => {
    await as("viewer", "/devices?state=enrolled", async ({ page }) => {
      await page.getByRole("button", { name: "Show more" }).click();
      await expect.poll(() => page.locator("tr[data-row]").count()).toBe(100);
      const row = page.locator("a.row-link").nth(80);
      const [, next] = [await row.innerText(), await page.locator("a.row-link").nth(81).innerText()];
      await row.focus();
      const top = await page.evaluate("scrollY");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "Devices", exact: true }).first().waitFor();
      await page.locator(".tabs").waitFor();
      await page.goBack();
      await settled(page);

      expect(new URL(page.url()).search).toBe("?state=enrolled");
      expect(await page.locator("tr[data-row]").count()).toBe(100);
      await expect.poll(() => page.evaluate("scrollY")).toBe(top);
      await page.keyboard.press("j");
      expect(await page.evaluate("document.activeElement.textContent")).toBe(next);
    });
  });
});
