import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Provider from "oidc-provider";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";

// Signing in over HTTP, by a provider that other people wrote and certified, in a real browser. EDGEMDM_SCREENSHOTS names a
// folder that gets a picture of each page.

let server: RealServer;
let address: string;
let http: Server;
let issuer: string;
/** What came of it when the provider told that it signed somebody out. */
const signedOut: string[] = [];

const secret = "a secret that is long enough";

beforeAll(async () => {
  server = await stageServer();
  address = server.origin;
  http = createServer();
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "edgemdm",
        client_secret: secret,
        redirect_uris: [new URL("/sign-in/callback", address).href],
        post_logout_redirect_uris: [new URL("/sign-out", address).href],
        backchannel_logout_uri: new URL("/sign-in/backchannel-logout", address).href,
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: async (_context, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        email: `${id}@example.com`,
        email_verified: true,
        name: `Person ${id}`,
      }),
    }),
    cookies: { keys: ["a key of the cookies of this test"] },
    pkce: { required: () => true },
    features: { backchannelLogout: { enabled: true } },
    // Its own refuses this machine's addresses.
    fetch: (url, options: RequestInit & { dispatcher?: unknown } = {}) => {
      const { dispatcher: _, ...others } = options;
      return fetch(url, others);
    },
  });
  provider.on("backchannel.success", (_context, client, subject) => {
    signedOut.push(`${client.clientId} took the sign-out of ${subject}`);
  });
  provider.on("backchannel.error", (_context, fault, client, subject) => {
    signedOut.push(`${client.clientId} refused the sign-out of ${subject}: ${fault.message}`);
  });
  http.on("request", provider.callback());
});

afterAll(() => {
  http.close();
  http.closeAllConnections();
});

const setProvider = async (more: object = {}): Promise<void> => {
  const put = await server.api("PUT", "/sign-in/provider", {
    kind: "oidc",
    issuer,
    client_id: "edgemdm",
    client_secret: secret,
    ...more,
  });
  expect(put.status, await put.clone().text()).toBe(200);
};

describe.skipIf(!chromiumPath)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await stageBrowser();
  });

  const looks = {
    light: { viewport: { width: 900, height: 1000 }, colorScheme: "light" },
    dark: { viewport: { width: 900, height: 1000 }, colorScheme: "dark" },
    phone: { viewport: { width: 320, height: 640 }, colorScheme: "light", isMobile: true },
  } as const;

  async function looking(
    look: keyof typeof looks,
    see: (page: Page, context: BrowserContext) => Promise<void>,
  ) {
    const context = await browser.newContext(looks[look]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      // What the provider's own pages say is theirs.
      if (message.location().url.startsWith(address)) complaints.push(message.text());
    });
    await see(page, context);
    await context.close();
    expect(complaints.filter((text) => !text.startsWith("Failed to load resource"))).toEqual([]);
  }

  async function picture(page: Page, name: string): Promise<void> {
    const { EDGEMDM_SCREENSHOTS: pictures } = process.env;
    if (pictures) await page.screenshot({ path: join(pictures, `sign-in-${name}.png`), fullPage: true });
    const widest = await page
      .locator("main *")
      .evaluateAll((all) => Math.max(...all.map((one) => one.getBoundingClientRect().right)));
    expect(widest).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  }

  /** What the provider's own development pages ask. */
  async function signInAtProvider(page: Page, name: string): Promise<void> {
    await page.fill('input[name="login"]', name);
    await page.fill('input[name="password"]', "any");
    await page.click('button[type="submit"]');
    await page.waitForURL(/\/interaction\//);
    await page.click('button[type="submit"]');
  }

  const at = (path: string): string => new URL(path, address).href;

  test.each(["light", "dark", "phone"] as const)("a person signs in, and out again: %s", async (look) => {
    await setProvider();
    await looking(look, async (page) => {
      await page.goto(at("/me"));
      await signInAtProvider(page, "anna");
      await page.waitForURL(at("/me"));
      expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("You are signed in");
      expect(await page.locator("dl").innerText()).toContain("anna@example.com");
      await picture(page, `me-${look}`);

      await page.getByRole("button", { name: "Sign out" }).click();
      // The provider asks whether to end the session there as well.
      await page.waitForURL(new RegExp(`^${issuer}`));
      await page.click('button[name="logout"]');
      await page.waitForURL(at("/sign-out"));
      expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("You are signed out");
      expect(signedOut.at(-1)).toBe("edgemdm took the sign-out of anna");
      await picture(page, `out-${look}`);
    });
  });

  test("whoever cancels at the provider reads what to do", async () => {
    await setProvider();
    await looking("light", async (page) => {
      await page.goto(at("/me"));
      await page.getByRole("link", { name: /cancel/i }).click();
      await page.waitForURL(/\/sign-in\/callback/);
      expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("You did not sign in");
      await picture(page, "cancelled");

      await page.getByRole("link", { name: "Try again" }).click();
      await page.waitForURL(/\/interaction\//);
    });
  });

  test("an account of another domain reads so", async () => {
    await setProvider({ allowed_domains: ["other.example"] });
    await looking("dark", async (page) => {
      await page.goto(at("/me"));
      await signInAtProvider(page, "guest");
      await page.waitForURL(/\/sign-in\/callback/);
      expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain(
        "not for this organization",
      );
      await picture(page, "wrong-account");
    });
  });

  test.each(["user", "account_device"])(
    "a device of kind %s is led from what it reads first to its token",
    async (kind) => {
      await setProvider();
      await server.api("PATCH", "/enrollment/settings", { account_driven: { enabled: true } });
      await looking("phone", async (page) => {
        await page.goto(at(`/enroll/account/sign-in?kind=${kind}&user-identifier=anna@example.com`));
        await picture(page, `before-${kind}`);
        await page.getByRole("link", { name: "Continue to sign in" }).click();
        await page.waitForURL(/\/interaction\//);
        expect(page.url()).toContain(issuer);

        const last = page.waitForResponse((response) => response.status() === 308);
        await signInAtProvider(page, "anna").catch(() => undefined);

        expect((await last).headers().location).toMatch(
          /^apple-remotemanagement-user-login:\/\/authentication-results\?access-token=[\w-]{43}$/,
        );
      });
    },
  );

  test("without a provider the code of an invitation does, and a wrong one may be corrected", async () => {
    await server.api("DELETE", "/sign-in/provider");
    const made = await server.api("POST", "/enrollment/invitations", { user: "anna@example.com" });
    const { code } = (await made.json()) as { code: string };
    await looking("phone", async (page) => {
      await page.goto(at("/me"));
      await page.getByLabel("Code").fill("wrong");
      await page.getByRole("button", { name: "Continue" }).click();
      expect(await page.getByRole("alert").innerText()).toContain("not good");
      await picture(page, "code");

      await page.getByLabel("Code").fill(code);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(at("/me"));
      expect(await page.locator("dl").innerText()).toContain("anna@example.com");
    });
  });
});
