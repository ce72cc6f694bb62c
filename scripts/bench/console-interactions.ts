// What a person does with a long list of devices. Each is done several times, one after the other.
import type { Locator, Page } from "playwright-core";

const typed = "ada berg iphone";
const states = ["unenrolled", "pending", "", "enrolled"];
const sorted = ["Name", "System", "Serial number", "Last seen"];

/** By the pointer alone: the driver's own click asks the page more than a person does, for each row. */
async function click(target: Locator): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  // A person scrolls before, too: drawing the rows that come into sight is no part of the click.
  await target.page().waitForTimeout(250);
  const box = await target.boundingBox();
  if (box === null) throw new Error(`${target} is not in sight`);
  await target.page().mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

const outOfFields = (page: Page): Promise<unknown> => page.evaluate("document.activeElement?.blur()");

export const interactions: Readonly<Record<string, (page: Page, round: number) => Promise<unknown>>> = {
  "type into the search": async (page, round) => {
    const field = page.locator("[data-search]");
    if (round === 0) await field.focus();
    await page.keyboard.press(typed[round % typed.length] ?? "a");
  },
  "take a letter of it away": (page) => page.locator("[data-search]").press("Backspace"),
  "choose a filter": (page, round) =>
    page
      .locator(".filters select")
      .first()
      .selectOption(states[round % states.length] ?? ""),
  sort: (page, round) =>
    click(page.getByRole("button", { name: sorted[round % sorted.length] ?? "", exact: true })),
  "show more, up to 650 rows": (page) => click(page.getByRole("button", { name: "Show more" })),
  "j, with 650 rows": async (page) => {
    await outOfRowsField(page);
    await page.keyboard.press("j");
  },
  "k, with 650 rows": (page) => page.keyboard.press("k"),
  "x, with 650 rows": (page) => page.keyboard.press("x"),
  "select all 650": async (page, round) => {
    if (round === 0) await page.locator("thead input").focus();
    await page.keyboard.press("Space");
  },
  "open a device": async (page) => {
    if (!page.url().includes("/devices?") && !page.url().endsWith("/devices")) await page.goBack();
    await click(page.locator("a.row-link").nth(20));
  },
  "go back": async (page) => {
    if (/\/devices(\?|$)/.test(page.url())) await page.locator("a.row-link").nth(20).click();
    await page.goBack();
  },
  "type into Ctrl K": async (page, round) => {
    if (round === 0) await page.keyboard.press("Control+k");
    await page.keyboard.press(typed[round % typed.length] ?? "a");
  },
};

async function outOfRowsField(page: Page): Promise<void> {
  if (await page.evaluate("document.activeElement instanceof HTMLInputElement")) await outOfFields(page);
}
