import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, settled, type Visitor, visit } from "../../support/node/browser.ts";
import { FakeProviderService } from "../../support/node/fake-provider.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";

// OpenID Connect from the console's first page to the last: an administrator who has no token, a provider that refuses what real
// ones refuse, and what becomes of the session.

const secret = "a secret that is long enough";

let server: RealServer;
let browser: Browser;
let service: FakeProviderService;
beforeAll(async () => {
  if (!chromiumPath) return;
  [server, browser] = await Promise.all([stageServer(), stageBrowser()]);
  service = await FakeProviderService.start("edgemdm-admin", secret);
  service.provider.client.redirectUris.push(new URL("/sign-in/callback", server.origin).href);
  await server.json("POST", "/authorities", { if_none: true });
  const set = await server.api("PUT", "/sign-in/administrators", {
    kind: "oidc",
    issuer: service.provider.issuer,
    client_id: "edgemdm-admin",
    client_secret: secret,
    rules: [
      { group: "help-desk", role: "helpdesk" },
      { group: "fleet", role: "operator" },
    ],
  });
  expect(set.status, await set.clone().text()).toBe(200);
});
afterAll(() => service?.close());

async function inBrowser(path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await visit(browser, server.origin);
  try {
    await visitor.page.goto(`${server.origin}/console${path}`);
    await see(visitor);
  } finally {
    await visitor.close();
  }
}

const asMemberOf = (...groups: string[]): void => {
  service.provider.account = {
    sub: "u-1",
    email: "anna@example.com",
    email_verified: true,
    name: "Anna Adams",
    groups,
  };
};

/** There and back: the server says who the person is, and for what, and the person confirms it. */
async function byAccount(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign in with your account" }).click();
  await confirmed(page);
}

async function confirmed(page: Page): Promise<void> {
  await page.getByText("anna@example.com").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
}

const sessionsOf = async (): Promise<{ id: string; state: string }[]> => {
  const { items } = await server.json("GET", "/tokens?limit=200");
  return items.filter(
    ({ kind, state }: { kind: string; state: string }) => kind === "sign-in" && state === "active",
  );
};

const tokenOf = async (page: Page): Promise<string | null> =>
  (await page.evaluate("sessionStorage.getItem('edgemdm-token')")) as string | null;

describe.skipIf(!chromiumPath)("in the console, with OpenID Connect", { timeout: 120_000 }, () => {
  test("a person signs in, comes to the page that was asked for, and has the role of the groups", async () => {
    asMemberOf("fleet");
    await inBrowser("/enrollment/settings?from=mail", async ({ page, complaints }) => {
      await byAccount(page);
      await page.getByRole("heading", { name: "What can never be changed later" }).waitFor();
      await settled(page);

      expect(page.url()).toMatch(/\/console\/enrollment\/settings\?from=mail$/);
      await page.locator(".sidebar").getByText("anna@example.com").waitFor();
      await page.locator(".sidebar").getByText("Operator").first().waitFor();
      expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
      expect(service.provider.seen).toContain("POST /token");
    });
  });

  test("who is in no group of the rules is told so, and gets nothing", async () => {
    asMemberOf("kitchen");
    const before = (await sessionsOf()).length;
    await inBrowser("/", async ({ page }) => {
      await page.getByRole("button", { name: "Sign in with your account" }).click();
      await page.getByRole("heading", { name: "You are not an administrator here" }).waitFor();

      expect(await page.getByRole("button", { name: "Continue" }).count()).toBe(0);
    });
    expect(await sessionsOf()).toHaveLength(before);
  });

  test("a session that ends in the middle of work is begun again in a window beside, and what was typed is sent", async () => {
    asMemberOf("fleet");
    await inBrowser("/enrollment?new=yes", async ({ page, context }) => {
      await byAccount(page);
      await page.getByLabel("Note").fill("typed before the end");
      for (const { id } of await sessionsOf()) await server.api("DELETE", `/tokens/${id}`);

      await page.getByRole("button", { name: "Make the invitation" }).click();
      await page.getByRole("heading", { name: "Sign in again" }).waitFor();
      const opened = context.waitForEvent("page");
      await page.getByRole("button", { name: "Sign in with your account" }).click();
      await confirmed(await opened);
      await page.getByRole("heading", { name: "The invitation is ready" }).waitFor();
    });
    const { items } = await server.json("GET", "/enrollment/invitations");
    expect(items.map(({ note }: { note: string }) => note)).toContain("typed before the end");
  });

  test("who signs out is forgotten by the browser, and the session is over at the server as well", async () => {
    asMemberOf("help-desk");
    await inBrowser("/", async ({ page }) => {
      await byAccount(page);
      await page.locator(".sidebar").getByText("anna@example.com").click();
      const token = await tokenOf(page);
      const asked = { headers: { Authorization: `Bearer ${token}` } };
      expect((await fetch(new URL("/api/v1/session", server.origin), asked)).status).toBe(200);

      await page.locator(".sidebar").getByRole("button", { name: "Sign out" }).click();
      await expect
        .poll(async () => (await fetch(new URL("/api/v1/session", server.origin), asked)).status)
        .toBe(401);
      expect(await page.locator(".sidebar").count()).toBe(0);
    });
  });
});
