// What a person does with a long list of devices. Each is done several times, one after the other.
import type { Locator, Page } from "playwright-core";

const typed = "ada berg iphone";
const states = ["unenrolled", "pending", "", "enrolled"];
const sorted = ["Name", "System", "Serial number", "Last seen"];

type Interaction = {
  /** Before it is measured: what a person has done already. */
  prepare?: (page: Page, round: number) => Promise<unknown>;
  act: (page: Page, round: number) => Promise<unknown>;
};

/** By the pointer alone: the driver's own click asks the page more than a person does, for each row. */
const click = (find: (page: Page, round: number) => Locator): Interaction => ({
  prepare: (page, round) => find(page, round).scrollIntoViewIfNeeded(),
  act: async (page, round) => {
    const box = await find(page, round).boundingBox();
    if (box === null) throw new Error(`${find(page, round)} is not in sight`);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  },
});

const press = (key: string): Interaction => ({ act: (page) => page.keyboard.press(key) });

const isList = (page: Page): boolean => /\/devices(\?|$)/.test(page.url());
const row = (page: Page): Locator => page.locator("a.row-link").nth(20);

const open: Interaction = {
  ...click(row),
  prepare: async (page) => {
    if (!isList(page)) await page.goBack();
    await row(page).scrollIntoViewIfNeeded();
  },
};

const back: Interaction = {
  prepare: async (page) => {
    if (isList(page)) await row(page).click();
  },
  act: (page) => page.goBack(),
};

const first: Interaction = {
  prepare: async (page) => {
    if (!isList(page)) await page.goBack();
    if (await page.evaluate("document.activeElement instanceof HTMLInputElement"))
      await page.evaluate("document.activeElement.blur()");
  },
  act: (page) => page.keyboard.press("j"),
};

const selectAll: Interaction = {
  prepare: (page) => page.locator("thead input").focus(),
  act: (page) => page.keyboard.press("Space"),
};

export const interactions: Readonly<Record<string, Interaction>> = {
  "type into the search": {
    prepare: (page) => page.locator("[data-search]").focus(),
    act: (page, round) => page.keyboard.press(typed[round % typed.length] ?? "a"),
  },
  "take a letter of it away": press("Backspace"),
  "choose a filter": {
    act: (page, round) =>
      page
        .locator(".filters select")
        .first()
        .selectOption(states[round % states.length] ?? ""),
  },
  sort: click((page, round) =>
    page.getByRole("button", { name: sorted[round % sorted.length] ?? "", exact: true }),
  ),
  "j, 50 rows": first,
  "k, 50 rows": press("k"),
  "x, 50 rows": press("x"),
  "select all, 50 rows": selectAll,
  "open a device, 50 rows": open,
  "go back, 50 rows": back,
  "show more, up to 650 rows": {
    ...click((page) => page.getByRole("button", { name: "Show more" })),
    prepare: async (page) => {
      if (!isList(page)) await page.goBack();
      await page.getByRole("button", { name: "Show more" }).scrollIntoViewIfNeeded();
    },
  },
  "j, 650 rows": first,
  "k, 650 rows": press("k"),
  "x, 650 rows": press("x"),
  "select all, 650 rows": selectAll,
  "open a device, 200 rows": open,
  "go back, 200 rows": back,
  "type into Ctrl K": {
    prepare: async (page, round) => {
      if (round === 0) await page.keyboard.press("Control+k");
    },
    act: (page, round) => page.keyboard.press(typed[round % typed.length] ?? "a"),
  },
};
