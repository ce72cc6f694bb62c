// What is wrong with a page that is open in a browser: accessibility, what sticks out, and the keyboard.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Violation = { rule: string; help: string; nodes: string[] };

/** Colours do not follow from the layout, nor the layout from colours: what changes one of them need not be judged by both. */
const colourRules = ["color-contrast", "link-in-text-block"];
const judged = {
  everything: {},
  colours: { runOnly: colourRules },
  "all but colours": { rules: Object.fromEntries(colourRules.map((rule) => [rule, { enabled: false }])) },
};

export type JudgedPart = keyof typeof judged;

/** What axe finds wrong with the page as it is; WCAG 2.2 AA and best practices, or only a part of them. */
export async function violationsOf(page: Page, part: JudgedPart = "everything"): Promise<Violation[]> {
  // By the debugger, which the page's policy does not bind.
  const session = await page.context().newCDPSession(page);
  const { result: known } = await session.send("Runtime.evaluate", { expression: "typeof window.axe" });
  if (known.value === "undefined") await session.send("Runtime.evaluate", { expression: axeSource });
  const options = { resultTypes: ["violations"], ...judged[part] };
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(
      violations.map(({ id, help, nodes }) => ({ rule: id, help, nodes: nodes.slice(0, 5).map((node) =>
        node.html.slice(0, 200) + " " + (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? "")) }))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(`axe did not run: ${exceptionDetails.exception?.description}`);
  return JSON.parse(String(result.value)) as Violation[];
}

// What runs in the page is text: this program knows nothing of documents.

/** What sticks out to the side, by which a person would have to scroll in two directions. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)");

export type Stop = { tag: string; name: string };

/** Writes down what gets the focus, until that is the first of them again. */
const writeStopsDown = `{
  document.activeElement?.blur();
  const stops = window.tabStops = [];
  window.stopWriting?.abort();
  window.stopWriting = new AbortController();
  let first;
  addEventListener("focusin", ({ target: at }) => {
    if (at === first) window.stopWriting.abort();
    if (window.stopWriting.signal.aborted) return;
    if (!first?.isConnected) first = at;
    const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent ?? "";
    stops.push({ tag: at.tagName.toLowerCase(), name: label.trim().slice(0, 80) });
  }, { signal: window.stopWriting.signal });
}`;

const keysAtOnce = 10;

/** What the Tab key comes by, from the beginning of the page until it leaves it. */
export async function tabStops(page: Page, most = 400): Promise<Stop[]> {
  await page.evaluate(writeStopsDown);
  let stops: Stop[] = [];
  for (let before = -1; before < stops.length && stops.length < most; ) {
    before = stops.length;
    await Promise.all(Array.from({ length: keysAtOnce }, () => page.keyboard.press("Tab")));
    stops = (await page.evaluate("window.tabStops")) as Stop[];
  }
  return stops;
}

/** What can be used by a pointer and not be reached by Tab: neither itself nor, for parts of a composite, its container. */
export const unreachable = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [role=button], [role=link], [role=tab], [role=menuitem]")]
    .filter((one) => one.offsetParent !== null && !one.matches(":disabled, [type=hidden], [inert] *"))
    .filter((one) => one.tabIndex < 0 && one.closest("[role=tablist], [role=menu], [role=listbox]") === null)
    .map((one) => one.outerHTML.slice(0, 120))`);
