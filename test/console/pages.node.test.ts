import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, type Look, openBrowser, type Visitor, visit } from "../support/node/browser.ts";
import { type ConsoleFleet, fillConsole } from "../support/node/console-fleet.ts";
import {
  type JudgedPart,
  overhang,
  tabStops,
  unreachable,
  violationsOf,
} from "../support/node/judge-page.ts";
import { type RealServer, realServer } from "../support/node/real-server.ts";
import { pages } from "./pages.ts";

// Every page of the console, with a fleet whose devices, people and profiles have names that are meant to hurt the reader.

if (!chromiumPath) console.warn("chromium is not installed: the console is not looked at in a browser");

const named = Object.entries(pages).map(([name, path]) => ({ name, path }));
describe.skipIf(!chromiumPath)("in Chromium", () => {
  let server: RealServer;
  let fleet: ConsoleFleet;
  let browser: Browser;
  beforeAll(async () => {
    server = await realServer();
    [fleet, browser] = await Promise.all([fillConsole(server, { hostile: true }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const pathOf = (path: string): string => fleet.pathOf(path);

  async function looking(look: Look, see: (visitor: Visitor) => Promise<void>): Promise<void> {
    const visitor = await visit(browser, server.origin, server.token, look);
    try {
      await see(visitor);
    } finally {
      await visitor.close();
    }
  }

  /** A page that a person is before: whole, no wider than its window, and names that are meant to hurt are only shown. */
  async function expectWhole({ page, complaints }: Visitor, part?: JudgedPart): Promise<void> {
    expect(await violationsOf(page, part)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(complaints).toEqual([]);
    expect(await page.title()).not.toMatch(/hacked|^1$/);
    expect(await page.locator("main img[src=x], main script").count()).toBe(0);
  }

  describe("at a desk", () => {
    let visitor: Visitor;
    beforeAll(async () => {
      visitor = await visit(browser, server.origin, server.token, { width: 1280 });
    });
    afterAll(() => visitor.close());

    test.each(named)(
      "$name is whole by day, in the dark and at 200 %, and Tab comes by everything",
      async ({ path }) => {
        visitor.complaints.length = 0;
        await visitor.open(pathOf(path));

        await expectWhole(visitor);
        await expectKeyboard(visitor.page);
        await visitor.turn({ theme: "dark" });
        await expectWhole(visitor, "colours");
        await visitor.turn({ zoom: 2 });
        await expectWhole(visitor, "all but colours");
      },
    );
  });

  describe("on a phone", () => {
    let visitor: Visitor;
    beforeAll(async () => {
      visitor = await visit(browser, server.origin, server.token, { width: 390 });
      await visitor.open("/");
    });
    afterAll(() => visitor.close());

    test.each(named)("$name is whole by day and in the dark", async ({ path }) => {
      visitor.complaints.length = 0;
      await visitor.go(pathOf(path));

      await expectWhole(visitor);
      await visitor.turn({ theme: "dark" });
      await expectWhole(visitor, "colours");
    });
  });

  async function expectKeyboard(page: Page): Promise<void> {
    expect(await unreachable(page)).toEqual([]);
    const stops = await tabStops(page);
    const isDialog = (await page.locator("dialog[open]").count()) > 0;
    expect(stops.length).toBeGreaterThan(isDialog ? 1 : 3);
    expect(stops.filter(({ tag, name }) => ["a", "button"].includes(tag) && name === "")).toEqual([]);
    // The first stop leads past the navigation; a dialog keeps the focus.
    if (!isDialog) expect(stops[0]?.tag).toBe("a");
  }

  test("a page asks nothing that its reader may not ask", async () => {
    const askedAs = async (role: string): Promise<string[]> => {
      const { token } = await server.json("POST", "/tokens", { name: `only a ${role}`, role });
      const visitor = await visit(browser, server.origin, token);
      const refused: string[] = [];
      visitor.page.on("response", (answer) => {
        if ([401, 403].includes(answer.status()))
          refused.push(`${role} at ${visitor.page.url()}: ${answer.url()}`);
      });
      await visitor.open("/");
      for (const { path } of named) await visitor.go(pathOf(path));
      await visitor.close();
      return refused;
    };

    const refused = await Promise.all(["viewer", "helpdesk", "operator"].map(askedAs));

    expect(refused.flat()).toEqual([]);
  });

  test.each(["de", "es", "fr", "ja"] as const)(
    "the start is in the reader's language: %s",
    async (language) => {
      await looking({ language }, async ({ page, open }) => {
        await open("/");

        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        expect(await violationsOf(page)).toEqual([]);
        expect(await overhang(page)).toBe(0);
      });
    },
  );

  test("who is not signed in gets the log-in, with a token that is no token refused in place", async () => {
    const visitor = await visit(browser, server.origin);
    await visitor.open("/");

    expect(await violationsOf(visitor.page)).toEqual([]);
    await visitor.page.getByRole("textbox").fill("no token");
    await visitor.page.keyboard.press("Enter");
    await visitor.page.getByRole("alert").or(visitor.page.locator("[aria-invalid=true]")).first().waitFor();
    await visitor.page.locator("input").fill(server.token);
    await visitor.page.keyboard.press("Enter");
    await visitor.page.getByRole("navigation").first().waitFor();
    expect(await visitor.page.evaluate("document.cookie")).toBe("");
    await visitor.close();
  });

  test("markup is not made of texts even by a mistake: the browser refuses it", async () => {
    await looking({}, async ({ page, open, complaints }) => {
      await open("/");

      const attempt = `(() => {
        try {
          document.createElement("div").innerHTML = "<b>text</b>";
          return "made";
        } catch {
          return "refused";
        }
      })()`;
      expect(await page.evaluate(attempt)).toBe("refused");
      expect(complaints.join()).toContain("TrustedHTML");
    });
  });
});
