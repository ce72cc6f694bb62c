import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { draftOf, fieldOfError, rulesOf } from "../../console/src/pages/apple/rule-draft.ts";
import { type AppleOrganization, appleOrganization } from "../support/node/apple-organization.ts";
import { chromiumPath, openBrowser, settled, type Visitor, visit } from "../support/node/browser.ts";
import { type RealServer, realServer } from "../support/node/real-server.ts";

// Apple Business in the console: what devices get at their first start, the accounts and their keys, and letting devices go.

describe("a rule that is typed", () => {
  test("has a value a line, and a condition without one is none", () => {
    const rule = { profile: "staff", models: ['MacBook Pro 14"', "Mac mini"], serials: ["C02"] };

    const typed = draftOf(rule, 0);
    expect(typed.models).toBe('MacBook Pro 14"\nMac mini');
    expect(rulesOf([{ ...typed, serials: "  \n\n", families: " iPad \n" }])).toEqual([
      { profile: "staff", families: ["iPad"], models: rule.models },
    ]);
  });

  test("shows what the server says of it, also of one of its values", () => {
    const errors = { "/rules/1/serials/3": "is too long", "/rules/10/profile": "there is no such" };

    expect(fieldOfError(errors, 1, "serials")).toBe("is too long");
    expect(fieldOfError(errors, 1, "profile")).toBeUndefined();
  });
});

describe.skipIf(!chromiumPath)("Apple Business", { timeout: 120_000 }, () => {
  let server: RealServer;
  let browser: Browser;
  let organization: AppleOrganization;
  beforeAll(async () => {
    [server, browser] = await Promise.all([realServer(), openBrowser()]);
    organization = await appleOrganization(server);
  }, 120_000);
  afterAll(async () => {
    organization?.service.close();
    await browser?.close();
    await server?.close();
  });

  async function as(role: string, path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> {
    const { token } = await server.json("POST", "/tokens", { name: `${role} of the test`, role });
    const visitor = await visit(browser, server.origin, token);
    try {
      await visitor.open(path);
      await see(visitor);
      // What the server refuses at first is an answer as well, which browsers write down as an error.
      expect(visitor.complaints.filter((text) => !/ 4\d\d .*\/api\/v1\//.test(text))).toEqual([]);
    } finally {
      await visitor.close();
    }
  }

  const buttons = (page: Page) => page.getByRole("main").getByRole("button").allInnerTexts();

  test("an operator makes rules for the first start, in their order, and a viewer reads them", async () => {
    await as("operator", "/apple", async ({ page }) => {
      await page.getByText("Rules before it").click();
      await page.getByRole("button", { name: "Add a rule" }).click();
      await page.getByRole("button", { name: "Add a rule" }).click();
      const rule = (at: number) => page.getByRole("group", { name: `Rule ${at}` });
      await rule(1).getByLabel("Gives the first start").selectOption("kiosk");
      await rule(1).getByLabel("Families").fill("iPad\niPhone");
      await rule(2).getByLabel("Gives the first start").selectOption("staff");
      await rule(2).getByLabel("Order numbers").fill("W-1");
      await page.getByRole("button", { name: "Save" }).click();
      await rule(2).getByText("make an API account first", { exact: false }).waitFor();

      await rule(2).getByLabel("Order numbers").fill("");
      await rule(2)
        .getByLabel("Serial numbers")
        .fill(organization.serials[0] ?? "");
      await rule(2).getByRole("button", { name: "Earlier" }).click();
      await page.getByLabel("First start of new devices").selectOption("staff");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("New devices get it at their first start").waitFor();
    });
    expect(await server.json("GET", "/ade/accounts/main/rules")).toEqual({
      rules: [
        { profile: "staff", serials: [organization.serials[0]] },
        { profile: "kiosk", families: ["iPad", "iPhone"] },
      ],
      default_profile: "staff",
    });
    await as("viewer", "/apple", async ({ page }) => {
      await page.getByText("Rules before it (2)").click();
      await page.getByText("iPad, iPhone").waitFor();
      expect(await buttons(page)).toEqual([]);
    });
  });

  test("an admin connects an API account, and replaces its key; an operator may only ask Apple", async () => {
    const fill = async (page: Page) => {
      const key = await organization.newKey();
      await page.getByLabel("Client ID").fill(key.client_id);
      await page.getByLabel("Key ID").fill(key.key_id);
      await page.getByLabel("The private key").setInputFiles({
        name: "key.pem",
        mimeType: "application/x-pem-file",
        buffer: Buffer.from(key.private_key),
      });
    };
    // The fake has another address than Apple, which the console does not ask for.
    await server.json("POST", "/ade/api-accounts", {
      ...{ name: "portal", base_url: organization.service.origin },
      ...(await organization.newKey()),
    });
    const before = await server.json("GET", "/ade/api-accounts/portal");
    await as("admin", "/apple", async ({ page }) => {
      await page.getByRole("button", { name: "Replace the key" }).click();
      await fill(page);
      await page.getByRole("button", { name: "Replace the key" }).click();
      await page.getByText("The key is replaced").waitFor();
      await page.getByLabel("Read AppleCare and warranty of each device").click();
      await page.getByText("Saved").first().waitFor();
    });
    const after = await server.json("GET", "/ade/api-accounts/portal");
    expect(after).toMatchObject({ state: "ok", reads_coverage: false });
    expect(after.key_id).not.toBe(before.key_id);
    await as("operator", "/apple", async ({ page }) => {
      const shown = await buttons(page);
      expect(shown).toContain("Ask Apple now");
      expect(shown.join()).not.toMatch(/Replace|Connect|Renew/);
      expect(await page.getByLabel("Read AppleCare and warranty of each device").isDisabled()).toBe(true);
    });
    await as("admin", "/apple", async ({ page }) => {
      await page.getByRole("button", { name: "Delete: portal" }).click();
      await page.locator("dialog").getByRole("textbox").fill("portal");
      await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText("No API account is connected.").waitFor();
    });
  });

  test("Apple is told where work accounts enroll, and told it no more", async () => {
    await as("admin", "/apple", async ({ page }) => {
      await page.getByText("Address for work accounts").click();
      await page.getByText("Apple tells no address.").waitFor();
      await page.getByRole("textbox", { name: "Address" }).fill("https://mdm.example.com/discover");
      await page.getByRole("button", { name: "Tell Apple this address" }).click();
      await page.locator("code", { hasText: "https://mdm.example.com/discover" }).waitFor();
      await page.getByRole("button", { name: "Take it away from Apple" }).click();
      await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText("Apple tells no address.").waitFor();
    });
  });

  test("a device leaves the organisation for ever after its serial number was typed; an operator cannot", async () => {
    const serial = organization.serials[1] ?? "";
    const choose = async ({ page }: Visitor) => {
      await page.getByRole("row", { name: serial }).getByRole("checkbox").check();
      await page.getByRole("button", { name: "Let the rules decide" }).waitFor();
    };
    await as("operator", "/apple/devices", async (visitor) => {
      await choose(visitor);
      expect(await buttons(visitor.page)).not.toContain("Let them go for ever");
    });
    await as("admin", "/apple/devices", async (visitor) => {
      const { page } = visitor;
      await choose(visitor);
      await page.getByRole("button", { name: "Let them go for ever" }).click();
      const question = page.locator("dialog");
      await question.getByText("nobody can take it back", { exact: false }).waitFor();
      const yes = question.getByRole("button", { name: "Let them go for ever" });
      expect(await yes.isDisabled()).toBe(true);
      await question.getByRole("textbox").fill(serial);
      await yes.click();
      await page.getByText("1 device is done").waitFor();
      await settled(page);
    });
  });

  test("a token of another server is taken only if it is meant", async () => {
    await as("admin", "/apple", async ({ page }) => {
      await page.getByRole("button", { name: "Renew the token" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download the certificate" }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("main.pem");
      const { certificate } = await server.json("GET", "/ade/accounts/main/certificate");
      await page.getByLabel("The token from Apple").setInputFiles({
        name: "token.p7m",
        mimeType: "application/pkcs7-mime",
        buffer: Buffer.from(await organization.newToken(certificate, "Hamburg")),
      });
      await page.getByRole("button", { name: "Upload the token" }).click();
      await page.getByRole("alert").first().waitFor();
      await page.getByLabel("It is for another server at Apple").check();
      await page.getByRole("button", { name: "Upload the token" }).click();
      await page.getByText("The account is connected").waitFor();
    });
    expect(await server.json("GET", "/ade/accounts/main")).toMatchObject({ server_name: "Hamburg" });
  });
});
