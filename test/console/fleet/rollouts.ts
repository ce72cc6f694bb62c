import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, type Visitor } from "../../support/node/browser.ts";
import type { ConsoleFleet } from "../../support/node/console-fleet.ts";
import { until } from "../../support/node/real-device.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { refusals, stageFleet, stageServer, visitAs } from "../../support/node/stage.ts";

// Changes that reach some devices first, the systems that devices must have, and whose devices they are.

let server: RealServer;
let fleet: ConsoleFleet;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server, fleet] = await Promise.all([stageServer(), stageFleet()]);
});

const as = (role: string, path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> =>
  visitAs(role, path, see, { meant: refusals });

/** To every iPhone first, of which one refuses each profile. */
async function haltedRollout(): Promise<string> {
  await server.json("PATCH", "/settings", {
    rollout_plans: [{ name: "careful", rings: [{ sets: ["phones"] }], hours: 24, max_failed_percent: 0 }],
  });
  const { rollout } = await server.json("PUT", "/profiles/office.restrictions?rollout=careful", {
    PayloadDisplayName: "Restrictions",
    PayloadContent: [{ PayloadType: "com.apple.applicationaccess", forceEncryptedBackup: false }],
  });
  await until(async () => {
    await Promise.all(fleet.devices.map((device) => device.converse()));
    await server.api("POST", "/jobs/rollouts");
    return (await server.json("GET", `/rollouts/${rollout}`)).state === "halted";
  });
  return rollout;
}

describe.skipIf(!chromiumPath)("in the console", { timeout: 180_000 }, () => {
  test("a rollout that has halted says why, and goes on when an operator accepts that", async () => {
    const rollout = await haltedRollout();
    await as("viewer", "/rollouts?state=halted", async ({ page }) => {
      await page.getByRole("link", { name: "office.restrictions" }).click();
      await page.getByText("It has halted").waitFor();
      expect(await page.locator(".note.tone-bad").textContent()).toMatch(/Ring 1: 1 of \d devices? failed\./);
      expect(await page.getByRole("button", { name: /Go on|Give it to all|Take it back/ }).count()).toBe(0);
    });
    await as("operator", `/rollouts/${rollout}`, async ({ page }) => {
      await page.getByRole("button", { name: "Go on" }).click();
      const question = page.locator("dialog");
      expect(await question.textContent()).toContain("1 device failed");
      await question.getByRole("button", { name: "Go on" }).click();
      await page.getByText("The rollout goes on").waitFor();
      await page.locator(".lead").getByText("Running").waitFor();
    });
    expect(await server.json("GET", `/rollouts/${rollout}`)).toMatchObject({
      state: "running",
      reason: null,
    });

    await as("operator", `/rollouts/${rollout}`, async ({ page }) => {
      await page.getByRole("button", { name: "Take it back" }).click();
      await page.locator("dialog").getByRole("button", { name: "Take it back" }).click();
      await page.locator(".lead").getByText("Taken back").waitFor();
    });
    expect(await server.json("GET", `/rollouts/${rollout}`)).toMatchObject({ state: "cancelled" });
  });

  test("a rollout begins with a change of a set, by a plan", async () => {
    await server.json("PUT", "/declarations/office.late", {
      Type: "com.apple.configuration.passcode.settings",
      Payload: { MaximumInactivityInMinutes: 5 },
    });
    await as("operator", "/rollouts?new=yes", async ({ page }) => {
      const dialog = page.locator("dialog");
      await dialog.getByRole("button", { name: "Begin" }).click();
      await dialog.getByText("Please fill this in").waitFor();
      await dialog.getByLabel("Set", { exact: true }).selectOption("phones");
      await dialog.getByLabel("Kind").selectOption("declarations");
      await dialog.getByLabel("Name", { exact: true }).selectOption("office.late");
      await dialog.getByRole("button", { name: "Begin" }).click();
      await page.getByRole("heading", { name: "phones", level: 1 }).waitFor();
    });
    expect((await server.json("GET", "/sets/phones")).declarations).toContain("office.late");
    expect((await server.json("GET", "/rollouts?kind=set")).items).toMatchObject([{ subject: "phones" }]);
  });

  test("the page of the set says so, also where it is edited, and asks by which plan its next change goes", async () => {
    await as("operator", "/sets/phones", async ({ page, open }) => {
      await page.getByText("A change of this goes out in rings").waitFor();
      expect(await page.getByLabel("How changes reach devices").locator("option").allInnerTexts()).toEqual([
        "As usual",
        "All at once",
        expect.stringMatching(/^In rings: /),
      ]);
      await open("/sets/phones/form");
      await page.getByText("Only what it gives goes in rings.", { exact: false }).waitFor();
      await page.getByRole("link", { name: "See the rollout" }).click();
      await page.getByRole("heading", { name: "phones", level: 1 }).waitFor();

      await open("/sets/phones");
      await page.getByLabel("How changes reach devices").selectOption("none");
      await page.getByRole("row", { name: "office.late" }).getByRole("button", { name: "Take out" }).click();
      await page.locator("dialog").getByRole("button", { name: "Take out" }).click();
      await page.getByText("A change of this goes out in rings").waitFor({ state: "detached" });
    });
    expect((await server.json("GET", "/sets/phones")).declarations).not.toContain("office.late");
  });

  test("a rollout begins with a new version of a declaration, which must be JSON", async () => {
    await as("operator", "/rollouts?new=yes", async ({ page }) => {
      const dialog = page.locator("dialog");
      await dialog.getByText("Apps do not go in rings", { exact: false }).waitFor();
      await dialog.getByLabel("What is to change").selectOption("declaration");
      await dialog.getByLabel("Declaration", { exact: true }).selectOption("office.passcode");
      const text = dialog.getByLabel("The new version");
      await expect.poll(() => text.inputValue()).toContain("MinimumLength");
      await text.fill("no JSON");
      await dialog.getByRole("button", { name: "Begin" }).click();
      await dialog.getByText("This is no JSON object.").waitFor();
      await text.fill(
        JSON.stringify({
          Type: "com.apple.configuration.passcode.settings",
          Payload: { RequirePasscode: true, MinimumLength: 9 },
        }),
      );
      await dialog.getByRole("button", { name: "Begin" }).click();
      await page.getByRole("heading", { name: "office.passcode", level: 1 }).waitFor();
    });
    expect((await server.json("GET", "/declarations/office.passcode")).payload.MinimumLength).toBe(9);
    expect((await server.json("GET", "/rollouts?kind=declaration&state=running")).items).toHaveLength(1);
  });

  test("a plan is made, and what is wrong with one is said at its field", async () => {
    await as("admin", "/rollouts/plans", async ({ page }) => {
      await page.getByRole("button", { name: "New plan" }).click();
      const dialog = page.locator("dialog");
      await dialog.getByLabel("Name").fill("it-first");
      await dialog.getByLabel("First rings").fill("100 %");
      await dialog.getByRole("button", { name: "Save the plan" }).click();
      await dialog.locator(".field .error").first().waitFor();
      await dialog.getByLabel("First rings").fill("macs\n50 %");
      await dialog.getByRole("button", { name: "Save the plan" }).click();
      await page.getByRole("heading", { name: "it-first" }).waitFor();
    });
    expect((await server.json("GET", "/settings")).rollout_plans).toMatchObject([
      { name: "careful" },
      { name: "it-first", rings: [{ sets: ["macs"] }, { percent: 50 }] },
    ]);
  });

  test("an update policy is made; a strange day is asked about before it is believed", async () => {
    await as("operator", "/updates?new=yes", async ({ page }) => {
      const dialog = page.locator("dialog");
      await dialog.getByLabel("Name").fill("office");
      await dialog.getByRole("button", { name: "Make the policy" }).click();
      await dialog.getByText("There is a policy with this name already.").waitFor();
      await dialog.getByLabel("Name").fill("lab");
      await dialog.getByLabel("macs").check();
      await dialog.getByLabel("Rings").selectOption("careful");
      await dialog.getByRole("button", { name: "Make the policy" }).click();
      await page.getByRole("heading", { name: "lab", level: 1 }).waitFor();
      await page.getByRole("link", { name: "Ada’s MacBook Pro" }).waitFor();

      await page.getByRole("button", { name: "Change" }).click();
      await page.getByLabel("What devices must have").selectOption("version");
      await page.getByLabel("Version").fill("26.1");
      await page.getByLabel("By then, on the clock of each device").fill("2020-01-01T18:00");
      await page.getByRole("button", { name: "Save the policy" }).click();
      await page.getByLabel(/^I mean it/).check();
      await page.getByRole("button", { name: "Save the policy" }).click();
      await page
        .locator(".lead")
        .getByText(/^26\.1 by/)
        .waitFor();
    });
    expect(await server.json("GET", "/software-updates/policies/lab")).toMatchObject({
      target: { kind: "version", version: "26.1", deadline: "2020-01-01T18:00:00" },
      sets: ["macs"],
      rollout: "careful",
    });
  });

  test("a policy is deleted after its consequences were said and its name was typed", async () => {
    await as("operator", "/updates/lab", async ({ page }) => {
      await page.getByRole("button", { name: "Delete" }).click();
      const question = page.locator("dialog");
      await question.getByText(/taken away from all devices/).waitFor();
      await question.getByRole("textbox").fill("lab");
      await question.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("heading", { name: "Updates", level: 1 }).waitFor();
    });
    expect((await server.api("GET", "/software-updates/policies/lab")).status).toBe(404);
  });

  test("the help desk finds the devices of a person; an operator gives and takes one", async () => {
    await as("helpdesk", "/people", async ({ page }) => {
      await page.getByRole("searchbox").fill("love");
      await page.getByRole("link", { name: "Ben Berg" }).waitFor({ state: "detached" });
      await page.getByRole("link", { name: "Ada Lovelace" }).click();
      await page.getByRole("link", { name: "Ada’s MacBook Pro" }).waitFor();
      expect(await page.getByRole("button", { name: /Take away|Change|Erase/ }).count()).toBe(0);
    });
    await as("operator", fleet.pathOf("/people/:person"), async ({ page }) => {
      await page.getByLabel("Give a device").fill("Workshop");
      await page.getByRole("button", { name: "Give Workshop" }).click();
      await page.getByRole("link", { name: "Workshop" }).waitFor();
      await page.getByRole("button", { name: "Take away: Workshop" }).click();
      await page.locator("dialog").getByRole("button", { name: "Take away" }).click();
      await page.getByRole("link", { name: "Workshop" }).waitFor({ state: "detached" });
    });
    const { items } = await server.json("GET", `${fleet.pathOf("/people/:person")}/devices`);
    expect(items).toMatchObject([{ name: "Ada’s MacBook Pro" }]);
  });
});
