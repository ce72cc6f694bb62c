// Chromium, as tests of the console use it. What playwright has is used as it is; this adds what it has not: a person who
// is signed in, complaints of the page, accessibility, and how fast a page answers.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
if (!chromiumPath) console.warn("chromium is not installed: the console is not looked at in a browser");

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath as string, args: ["--no-sandbox"] });

export type Look = {
  width?: 390 | 1280;
  theme?: "light" | "dark";
  language?: "en" | "de" | "es" | "fr" | "ja";
  /** Text twice as large, as a person sets it by Ctrl and +. */
  zoom?: number;
};

export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** What the page and the browser complained of: errors, refused scripts and styles, what could not be loaded. */
  complaints: string[];
  /** To a path below /console; resolves when the page has its heading and nothing is under way. */
  open: (path: string) => Promise<void>;
  close: () => Promise<void>;
};

/** A browser of its own with this look. With a token the person is signed in. */
export async function visit(
  browser: Browser,
  origin: string,
  token?: string,
  look: Look = {},
): Promise<Visitor> {
  const context = await browser.newContext(contextOf(look));
  if (token !== undefined)
    await context.addInitScript((kept: string) => {
      if (!sessionStorage.getItem("edgemdm-token")) sessionStorage.setItem("edgemdm-token", kept);
    }, token);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  return {
    page,
    context,
    complaints,
    open: async (path) => {
      await page.goto(`${origin}/console${path}`);
      await settled(page);
    },
    close: () => context.close(),
  };
}

function contextOf({
  width = 1280,
  theme = "light",
  language = "en",
  zoom = 1,
}: Look): BrowserContextOptions {
  const height = width === 390 ? 844 : 900;
  return {
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    colorScheme: theme,
    locale: language,
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...(width === 390 && { hasTouch: true, isMobile: true }),
  };
}

/** A heading stands, and no part of the page waits for the server. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true], .loading") === null);
  await page.waitForLoadState("networkidle");
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Violation = { rule: string; help: string; nodes: string[] };

/** What axe finds wrong with the page as it is; WCAG 2.2 AA and best practices. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  // By the debugger, which the page's policy does not bind.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axeSource });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(
      violations.map(({ id, help, nodes }) => ({ rule: id, help, nodes: nodes.slice(0, 5).map((node) =>
        node.html.slice(0, 200) + " " + (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? "")) }))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(`axe did not run: ${exceptionDetails.exception?.description}`);
  return JSON.parse(String(result.value)) as Violation[];
}

/** What sticks out to the side, by which a person would have to scroll in two directions. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  );

/** From what a person does to the next picture of the page, in ms: what Chromium itself measured of each event. */
export async function interactionMs(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const kept = window as unknown as { longest: number };
    kept.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest, duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  await act();
  return page.evaluate(
    () =>
      new Promise<number>((done) =>
        requestAnimationFrame(() =>
          setTimeout(() => done((window as unknown as { longest: number }).longest), 100),
        ),
      ),
  );
}

export type Stop = { role: string; name: string; tag: string };

/** What the Tab key comes by, from the beginning of the page until it leaves it. */
export async function tabStops(page: Page, most = 400): Promise<Stop[]> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    window.getSelection()?.removeAllRanges();
  });
  const stops: Stop[] = [];
  for (let count = 0; count < most; count++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return undefined;
      const first = (window as unknown as { firstStop?: Element }).firstStop;
      if (first === at) return undefined;
      if (first === undefined || !first.isConnected)
        (window as unknown as { firstStop?: Element }).firstStop = at;
      const name = at.getAttribute("aria-label") ?? at.textContent ?? "";
      return {
        role: at.getAttribute("role") ?? "",
        name: name.trim().slice(0, 80),
        tag: at.tagName.toLowerCase(),
      };
    });
    if (stop === undefined) break;
    stops.push(stop);
  }
  await page.evaluate(() => {
    delete (window as unknown as { firstStop?: Element }).firstStop;
  });
  return stops;
}

/** What can be used by a pointer and not be reached by Tab: neither itself nor, for parts of a composite, its container. */
export const unreachable = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const usable =
      "a[href], button, input, select, textarea, summary, [role=button], [role=link], [role=tab], [role=menuitem], [onclick]";
    return [...document.querySelectorAll<HTMLElement>(usable)]
      .filter(
        (element) => element.offsetParent !== null && !element.matches(":disabled, [type=hidden], [inert] *"),
      )
      .filter(
        (element) =>
          element.tabIndex < 0 &&
          element.closest("[role=tablist], [role=menu], [role=listbox], [role=radiogroup]") === null,
      )
      .map((element) => element.outerHTML.slice(0, 120));
  });
