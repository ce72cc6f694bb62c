import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/node/browser.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";

// What a person meets at the address and in the documentation, in a real browser. EDGEMDM_SCREENSHOTS names a folder that
// gets a picture of each page.

const looks: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1100, height: 900 } },
  dark: { viewport: { width: 1100, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true },
};

const pages = {
  home: "/",
  docs: "/api/docs",
  "docs-devices": "/api/docs?group=devices",
  "docs-search": "/api/docs?q=erase",
};

const visits = Object.keys(looks).flatMap((look) =>
  Object.entries(pages).map(([name, path]) => ({ look, name, path })),
);

describe.skipIf(!chromiumPath)("in a browser without JavaScript", () => {
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    browser = await stageBrowser();
    address = (await stageServer()).origin;
  });

  async function visit(look: string, path: string, see: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ ...looks[look], javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(new URL(path, address).href);
    await see(page);
    await context.close();
    expect(complaints).toEqual([]);
  }

  test.each(visits)("$name is whole and nothing sticks out: $look", async ({ look, name, path }) => {
    await visit(look, path, async (page) => {
      const { EDGEMDM_SCREENSHOTS: pictures } = process.env;
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${look}.png`) });
      const widest = await page.locator("html").evaluate((html) => html.scrollWidth);
      expect(widest).toBeLessThanOrEqual(looks[look]?.viewport?.width ?? 0);
    });
  });

  test("the documentation is searched by the keyboard, and leads to the operation", async () => {
    await visit("desktop", "/api/docs", async (page) => {
      await page.getByRole("searchbox").fill("make an invitation");
      await page.keyboard.press("Enter");
      await page.locator("main a").first().click();

      expect(page.url()).toContain("/api/docs?group=enrollment#createInvitation");
      const article = page.locator("article#createInvitation");
      await article.locator("summary").click();
      expect(await article.locator("pre").first().innerText()).toContain('"max_uses": 30');
    });
  });
});
