// Chromium, as tests of the console use it. What playwright has is used as it is; this adds what it has not: a person who
// is signed in, complaints of the page, and when a page has settled. `judge-page.ts` judges it.
import { existsSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from "playwright-core";
import { leaveWindow, openWindow } from "./windows.ts";

export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

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
  /** To a path below /console, in the look of before any turn; resolves when the page has its heading and nothing is under way. */
  open: (path: string) => Promise<void>;
  /** The same by a link of the console, which does not load it again. */
  go: (path: string) => Promise<void>;
  /** Changes theme and width of the page that is open, as a person does who turns the phone or whose evening begins. */
  turn: (look: Pick<Look, "theme" | "width" | "zoom">) => Promise<void>;
  close: () => Promise<void>;
};

/** A person with this look, before a window that knows nothing of anybody before. With a token the person is signed in. */
export async function visit(
  browser: Browser,
  origin: string,
  token?: string,
  look: Look = {},
): Promise<Visitor> {
  const page = await openWindow(browser, origin, contextOf(look));
  const context = page.context();
  if (token !== undefined)
    await page.evaluate((value) => sessionStorage.setItem("edgemdm-token", value), token);
  countRequests(page);
  const complaints: string[] = [];
  page.on("console", (message) => {
    const [text, { url }] = [message.text(), message.location()];
    // That a thing does not exist is an answer of the API, which browsers write down as an error.
    const isAnswer = / 404 /.test(text) && url.includes("/api/v1/");
    if (["error", "warning"].includes(message.type()) && !isAnswer)
      complaints.push(`${message.type()}: ${text} ${url}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  let present = JSON.stringify(look);
  const wear = async (next: Look): Promise<void> => {
    if (JSON.stringify(next) === present) return;
    present = JSON.stringify(next);
    const { viewport, colorScheme } = contextOf(next);
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
  };
  return {
    page,
    context,
    complaints,
    open: async (path) => {
      await wear(look);
      await page.goto(`${origin}/console${path}`);
      await settled(page);
    },
    go: async (path) => {
      await wear(look);
      await page.evaluate(`(${followLink})(${JSON.stringify(`/console${path}`)})`);
      await page.waitForURL(`${origin}/console${path}`);
      await settled(page);
    },
    turn: async (other) => {
      await wear({ ...look, ...other });
      await settled(page);
    },
    close: () => leaveWindow(page, origin, contextOf(look)),
  };
}

/** The console's own links do not load it again. */
const followLink = `(path) => {
  const link = document.createElement("a");
  link.href = path;
  document.body.append(link);
  link.click();
  link.remove();
}`;

function contextOf({ width = 1280, theme = "light", language = "en", zoom = 1 }: Look) {
  const height = width === 390 ? 844 : 900;
  return {
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    colorScheme: theme,
    locale: language,
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...(width === 390 && { hasTouch: true, isMobile: true }),
  } satisfies BrowserContextOptions;
}

/** What the document of each page asks the server and has no answer to yet. */
const underWay = new WeakMap<Page, Set<Request>>();

function countRequests(page: Page): void {
  const asked = new Set<Request>();
  underWay.set(page, asked);
  // What waits for news has no answer for as long as nothing happens.
  page.on("request", (request) => {
    if (!/\/events\?.*\bwait=/.test(request.url())) asked.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const)
    page.on(end as "requestfinished", (request) => asked.delete(request));
  // What the document before has asked ends with it, often without a word.
  page.on("framenavigated", (frame) => frame === page.mainFrame() && asked.clear());
}

/** Two pictures later, and no colour is on its way to another; one out of sight may stand still for ever. */
const drawnTwice = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.race([
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
    new Promise((done) => setTimeout(done, 300)),
  ])).then(() => true)`;

const longestSettlingMs = 20_000;

/** A heading stands, and no part of the page waits for the server: neither now nor after what came was drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  const busy = page.locator("[aria-busy=true], .loading");
  const asked = underWay.get(page) ?? new Set();
  const latest = Date.now() + longestSettlingMs;
  for (let quiet = 0; quiet < 2; quiet++) {
    while ((await busy.count()) > 0) await busy.first().waitFor({ state: "detached" });
    await page.evaluate(drawnTwice);
    if (asked.size === 0) continue;
    if (Date.now() > latest)
      throw new Error(`the page still waits for ${[...asked].map((request) => request.url()).join(", ")}`);
    quiet = -1;
  }
}
