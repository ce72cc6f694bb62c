import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, settled, type Visitor, visit } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";

// Who comes in, and what happens to what they typed when the session ends, the server is away, or somebody else was faster.

let server: RealServer;
let browser: Browser;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server, browser] = await Promise.all([stageServer(), stageBrowser()]);
  await server.json("POST", "/authorities", { if_none: true });
});

const newToken = (role: string): Promise<{ id: string; token: string }> =>
  server.json("POST", "/tokens", { name: `${role} of the test`, role });

async function as(
  token: string | undefined,
  path: string,
  see: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  const visitor = await visit(browser, server.origin, token);
  try {
    await visitor.open(path);
    await see(visitor);
  } finally {
    await visitor.close();
  }
}

const signIn = async (page: Page, token: string): Promise<void> => {
  await page.getByLabel("API token").fill(token);
  await page.keyboard.press("Enter");
};

const notes = async (): Promise<string[]> =>
  (await server.json("GET", "/enrollment/invitations")).items.map(({ note }: { note: string }) => note);

describe.skipIf(!chromiumPath)("in the console", { timeout: 120_000 }, () => {
  test("a wrong token is refused in place, a right one leads to the page that was asked for", async () => {
    await as(undefined, "/enrollment/settings", async ({ page, context }) => {
      await signIn(page, "no-such-token");
      await page.getByText("The server does not accept this token.").waitFor();

      await signIn(page, server.token);
      await page.getByRole("heading", { name: "What can never be changed later" }).waitFor();

      expect(page.url()).toMatch(/\/console\/enrollment\/settings$/);
      expect((await context.cookies()).filter(({ value }) => value.includes(server.token))).toEqual([]);
      expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(server.token);
    });
  });

  test("who reloads stays, and who signs out is forgotten", async () => {
    await as(undefined, "/", async ({ page }) => {
      await signIn(page, server.token);
      await page.getByRole("heading", { name: "Start" }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Start" }).waitFor();

      await page.locator(".sidebar").getByText("ADMIN_TOKEN").click();
      await page.locator(".sidebar").getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    });
  });

  test("a session that ends asks for a new one above the page, and what was typed is sent after it", async () => {
    const { id, token } = await newToken("operator");
    await as(token, "/enrollment?new=yes", async ({ page }) => {
      await page.getByLabel("Note").fill("typed before the end");
      await server.api("DELETE", `/tokens/${id}`);

      await page.getByRole("button", { name: "Make the invitation" }).click();
      await page.getByRole("heading", { name: "Sign in again" }).waitFor();
      expect(await page.getByLabel("Note").inputValue()).toBe("typed before the end");

      await signIn(page, server.token);
      await page.getByRole("heading", { name: "The invitation is ready" }).waitFor();
    });
    expect(await notes()).toContain("typed before the end");
  });

  test("while the server is away the page says so, keeps what was typed, and sends it once when it is back", async () => {
    await as(server.token, "/enrollment?new=yes", async ({ page }) => {
      await page.route("**/api/v1/**", (route) => route.abort());
      await page.getByLabel("Note").fill("typed while away");
      await page.getByRole("button", { name: "Make the invitation" }).click();
      await page.getByText("The server cannot be reached").waitFor({ timeout: 30_000 });

      await page.unroute("**/api/v1/**");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "The invitation is ready" }).waitFor();
    });
    expect((await notes()).filter((note) => note === "typed while away")).toHaveLength(1);
  });

  test("a page that could not be read is read again by its button", async () => {
    await as(server.token, "/enrollment", async ({ page }) => {
      await page.route("**/api/v1/push-certificates*", (route) =>
        route.fulfill({ status: 503, body: "away" }),
      );
      await page.getByRole("link", { name: "Push certificate" }).click();
      await page.getByRole("button", { name: "Try again" }).waitFor({ timeout: 30_000 });
      await page.unroute("**/api/v1/push-certificates*");

      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("There is no push certificate yet").waitFor();
    });
  });

  test("a viewer sees no button that would be refused", async () => {
    const { token } = await newToken("viewer");
    await as(token, "/enrollment", async ({ page, open }) => {
      await page.getByText("Without a note").or(page.getByText("typed while away")).first().waitFor();
      expect(await page.getByRole("button", { name: /Invite|Revoke/ }).count()).toBe(0);

      await open("/enrollment/settings");
      expect(await page.getByRole("button", { name: "Save the settings" }).count()).toBe(0);

      await open("/enrollment/push");
      expect(await page.getByRole("button", { name: "Get a certificate" }).count()).toBe(0);

      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("invite");
      await page.getByText("Nothing has this name").waitFor();
    });
  });

  test("who leaves with something unsaved is asked, and may stay", async () => {
    await as(server.token, "/enrollment/settings", async ({ page }) => {
      await page.getByRole("textbox", { name: "Organization" }).fill("Half typed");
      await page.getByRole("link", { name: "Invitations" }).click();
      await page.getByRole("button", { name: "Stay" }).click();
      expect(await page.getByRole("textbox", { name: "Organization" }).inputValue()).toBe("Half typed");

      await page.getByRole("link", { name: "Invitations" }).click();
      await page.getByRole("button", { name: "Leave" }).click();
      await page.getByRole("button", { name: "Invite a device" }).waitFor();
    });
  });

  test("who saves after somebody else sees that, keeps what was typed, and decides whose counts", async () => {
    const organization = async (): Promise<string> =>
      (await server.json("GET", "/enrollment/settings")).profile.PayloadOrganization;
    const byOther = (name: string) =>
      server.json("PATCH", "/enrollment/settings", { profile: { PayloadOrganization: name } });
    await as(server.token, "/enrollment/settings", async ({ page }) => {
      const field = page.getByRole("textbox", { name: "Organization" });
      const save = page.getByRole("button", { name: "Save the settings" });
      await field.fill("Mine");
      await byOther("Theirs");
      await save.click();
      await page.getByText("Somebody else changed this in the meantime").waitFor();
      expect(await field.inputValue()).toBe("Mine");
      expect(await organization()).toBe("Theirs");

      await page.getByRole("button", { name: "Show the newer version" }).click();
      await expect.poll(() => field.inputValue()).toBe("Theirs");

      await field.fill("Mine after all");
      await byOther("Theirs again");
      await save.click();
      await page.getByRole("button", { name: "Save mine over it" }).click();
      await expect.poll(organization).toBe("Mine after all");
    });
  });

  test("by the keyboard alone a device is invited", async () => {
    await as(server.token, "/", async ({ page }) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").waitFor();
      await page.keyboard.type("invite");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Invite a device" }).waitFor();
      await page.keyboard.type("by keys");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "The invitation is ready" }).waitFor();

      expect(await page.getByRole("img", { name: "QR code of the link" }).count()).toBe(1);
    });
    expect(await notes()).toContain("by keys");
  });

  test("the console speaks the language that is chosen, all of it at once", async () => {
    await as(server.token, "/", async ({ page }) => {
      await page.locator(".sidebar").getByText("ADMIN_TOKEN").click();
      await page.locator(".sidebar").getByLabel("Language").selectOption("de");
      await page.getByRole("link", { name: "Einrichtung" }).or(page.getByText("Sprache")).first().waitFor();

      expect(await page.evaluate("document.documentElement.lang")).toBe("de");
      await page.reload();
      await settled(page);
      expect(await page.evaluate("document.documentElement.lang")).toBe("de");
    });
  });
});
