// Windows of a browser, each of somebody who knows nothing of the others. One that was left is cleared and used again: what a
// page is made of is then loaded and compiled already, and no process is started for it.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

type Left = { page: Page; alike: string };
const windowsLeft = new WeakMap<Browser, Left[]>();

const alikeBy = (origin: string, options: BrowserContextOptions): string => JSON.stringify([origin, options]);

/** Empty, with these options. */
export async function openWindow(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions,
): Promise<Page> {
  const left = windowsLeft.get(browser) ?? [];
  windowsLeft.set(browser, left);
  const at = left.findIndex(({ alike }) => alike === alikeBy(origin, options));
  const [found] = at < 0 ? [] : left.splice(at, 1);
  if (found !== undefined) return found.page;
  const page = await (await browser.newContext(options)).newPage();
  await empty(page, origin);
  return page;
}

/** Nothing of who leaves stays in it; if something does, nobody else gets it. */
export async function leaveWindow(page: Page, origin: string, options: BrowserContextOptions): Promise<void> {
  const context = page.context();
  try {
    for (const name of listenedTo) await page.removeAllListeners(name, { behavior: "ignoreErrors" });
    for (const other of context.pages()) if (other !== page) await other.close();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await empty(page, origin);
    await context.clearCookies();
    await context.setExtraHTTPHeaders({});
    await page.emulateMedia({ colorScheme: options.colorScheme ?? "light" });
    if (options.viewport) await page.setViewportSize(options.viewport);
    page.setDefaultTimeout(usualTimeoutMs);
  } catch {
    await context.close();
    return;
  }
  const browser = context.browser();
  if (browser !== null) windowsLeft.get(browser)?.push({ page, alike: alikeBy(origin, options) });
}

const emptyAt = (origin: string): string => `${origin}/console/empty`;

/** A page where the console will be, with nothing remembered. As isolated as the console, or each of both gets a process. */
async function empty(page: Page, origin: string): Promise<void> {
  const headers = { "Content-Type": "text/html", "Cross-Origin-Opener-Policy": "same-origin" };
  await page.route(emptyAt(origin), (route) => route.fulfill({ headers, body: "" }));
  await page.goto(emptyAt(origin));
  await page.evaluate("localStorage.clear(); sessionStorage.clear()");
  await page.unroute(emptyAt(origin));
}

/** What playwright itself has unless a test asks for another. */
const usualTimeoutMs = 30_000;

const listenedTo = [
  "console",
  "pageerror",
  "request",
  "requestfinished",
  "requestfailed",
  "response",
  "framenavigated",
];
