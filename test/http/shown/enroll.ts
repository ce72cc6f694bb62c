import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { appleDevice, newKey } from "../../support/apple-device.ts";
import { chromiumPath } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";

// The way in, over HTTP: a real browser opens the link, openssl judges the profile behind its button, and a device
// enrolls with it. EDGEMDM_SCREENSHOTS names a folder that gets a picture of each page.

const folder = mkdtempSync(join(tmpdir(), "edgemdm-enroll-"));
const at = (name: string): string => join(folder, name);
let server: RealServer;
let address: string;

async function api<Answer>(path: string, json: object, method = "POST"): Promise<Answer> {
  const answer = await server.api(method, path, json);
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return (await answer.json()) as Answer;
}

const invitation = () => api<{ url: string; code: string }>("/enrollment/invitations", {});

beforeAll(async () => {
  server = await stageServer();
  address = server.origin;
  const made = await api<{ certificate: string }>("/authorities", {});
  writeFileSync(at("authority.pem"), made.certificate);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clipProfile = {
  PayloadDisplayName: "Help desk",
  PayloadContent: [
    {
      PayloadType: "com.apple.webClip.managed",
      PayloadDisplayName: "Help desk",
      URL: "https://help.example.com",
      Label: "Help",
    },
  ],
};

const enrollWith = async (profile: Uint8Array) => {
  const device = appleDevice("iphone", {
    transport: (request) => fetch(request),
    newKey,
    requireHttps: false,
  });
  await device.enroll({ profile });
  return device;
};

test("openssl verifies the profile's signature under the authority, and finds the profile in it", async () => {
  const { code } = await invitation();
  const answer = await fetch(new URL(`/enroll/profile?code=${code}`, address));
  writeFileSync(at("signed.mobileconfig"), new Uint8Array(await answer.arrayBuffer()));

  const verified = spawnSync("openssl", [
    ...["cms", "-verify", "-inform", "DER", "-in", at("signed.mobileconfig")],
    ...["-CAfile", at("authority.pem"), "-purpose", "any", "-out", at("profile.plist")],
  ]);

  expect(verified.stderr.toString()).toContain("successful");
  expect(readFileSync(at("profile.plist"), "utf8")).toContain("<string>com.apple.mdm</string>");
});

test("openssl refuses the profile when a byte of it was changed", async () => {
  const { code } = await invitation();
  const bytes = new Uint8Array(
    await (await fetch(new URL(`/enroll/profile?code=${code}`, address))).arrayBuffer(),
  );
  const place = Buffer.from(bytes).indexOf("com.apple.mdm");
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(at("changed.mobileconfig"), bytes);

  expect(() =>
    execFileSync(
      "openssl",
      [
        ...["cms", "-verify", "-inform", "DER", "-in", at("changed.mobileconfig")],
        ...["-CAfile", at("authority.pem"), "-purpose", "any", "-out", at("changed.plist")],
      ],
      { stdio: "ignore" },
    ),
  ).toThrow();
});

describe.skipIf(!chromiumPath)("in a browser without JavaScript", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await stageBrowser();
  });

  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1";
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15";
  const phone = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, userAgent: iphone };
  const desktop = { viewport: { width: 900, height: 1000 }, userAgent: mac };
  const looks: Record<string, BrowserContextOptions> = {
    desktop,
    dark: { ...desktop, colorScheme: "dark" },
    elsewhere: { viewport: { width: 900, height: 1000 } },
    phone,
    "phone-dark": { ...phone, colorScheme: "dark" },
    "phone-de": { ...phone, locale: "de-DE" },
    "phone-fr": { ...phone, locale: "fr-FR" },
    "phone-es": { ...phone, locale: "es-ES" },
    "phone-ja": { ...phone, locale: "ja-JP" },
  };

  async function visit(look: string, url: string, see: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ ...looks[look], javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(url);
    const { EDGEMDM_SCREENSHOTS: pictures } = process.env;
    if (pictures) await page.screenshot({ path: join(pictures, `enroll-${look}.png`), fullPage: true });
    await see(page);
    await context.close();
    // The browser says so itself when a page is not a 200.
    expect(complaints.filter((text) => !text.startsWith("Failed to load resource"))).toEqual([]);
  }

  test.each(Object.keys(looks))("the page is whole and nothing sticks out: %s", async (look) => {
    const { url } = await invitation();

    await visit(look, url, async (page) => {
      expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("edgemdm");
      expect(await page.getByRole("alert").innerText()).toContain("mdm.Topic");
      const widest = await page.locator("main *").evaluateAll((all) => {
        return Math.max(...all.map((one) => one.getBoundingClientRect().right));
      });
      expect(widest).toBeLessThanOrEqual(looks[look]?.viewport?.width ?? 0);
    });
  });

  test.each(Object.keys(looks).filter((look) => look.startsWith("phone")))(
    "the button is on the first screen of the smallest phone: %s",
    async (look) => {
      await api("/enrollment/settings", { mdm: { Topic: "com.apple.mgmt.External.0" } }, "PATCH");
      const { url } = await invitation();

      await visit(look, url, async (page) => {
        const button = await page.locator("a.button").boundingBox();
        // What Safari leaves of 568 points.
        expect((button?.y ?? 0) + (button?.height ?? 1000)).toBeLessThan(460);
      });
      await api("/enrollment/settings", { mdm: { Topic: null } }, "PATCH");
    },
  );

  test("the organization's logo loads under the page's policy, and its color and contact are there", async () => {
    const picture =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#7a1fa2"/></svg>';
    const look = {
      organization: "Example School",
      organization_logo: `data:image/svg+xml;base64,${Buffer.from(picture).toString("base64")}`,
      organization_color: "#7a1fa2",
      organization_email: "it@example.com",
      organization_phone: "+49 30 1234567",
    };
    await api("/settings", look, "PATCH");
    looks.organization = { ...phone, colorScheme: "dark" };
    const { url } = await invitation();

    await visit("organization", url, async (page) => {
      // A picture that was not let in has no size.
      const width = page
        .locator(".who img")
        .evaluate((image) => (image as { naturalWidth?: number }).naturalWidth);
      expect(await width).toBeGreaterThan(0);
      const color = page.evaluate("getComputedStyle(document.querySelector('a.button')).backgroundColor");
      expect(await color).toBe("rgb(122, 31, 162)");
      expect(await page.locator("footer").innerText()).toContain("it@example.com · +49 30 1234567");
    });
    const asBefore = { organization_logo: null, organization_color: null, organization: "edgemdm" };
    await api("/settings", asBefore, "PATCH");
  });

  test("a computer shows a code, and an iPad that calls itself a Mac does not", async () => {
    const { url } = await invitation();
    const ipad = { viewport: { width: 820, height: 1180 }, isMobile: true, hasTouch: true, userAgent: mac };
    looks.ipad = ipad;

    await visit("desktop", url, async (page) => {
      expect(await page.locator(".code").isVisible()).toBe(true);
    });
    await visit("ipad", url, async (page) => {
      expect(await page.locator(".code").isVisible()).toBe(false);
      expect(await page.locator("a.button").isVisible()).toBe(true);
    });
  });

  test("the steps of every platform open by a click, and by the keyboard", async () => {
    const { url } = await invitation();

    await visit("desktop", url, async (page) => {
      const tv = page.locator("details", { hasText: "Apple TV has no browser" });
      await tv.locator("summary").focus();
      await page.keyboard.press("Enter");

      expect(await tv.locator("ol").isVisible()).toBe(true);
      expect(await page.locator("details").count()).toBe(3);
    });
  });

  test("its button downloads the profile, a device enrolls with it, and gets what its sets hold", async () => {
    const { url } = await invitation();
    await api("/profiles/com.example.clip", clipProfile, "PUT");
    await api("/sets/phones", { profiles: ["com.example.clip"], filter: { platform: "ios" } }, "PUT");

    await visit("phone", url, async (page) => {
      const downloading = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download profile" }).click();
      const download = await downloading;
      await download.saveAs(at("downloaded.mobileconfig"));

      expect(download.suggestedFilename()).toBe("enroll.mobileconfig");
      const device = await enrollWith(new Uint8Array(readFileSync(at("downloaded.mobileconfig"))));
      expect(device.isEnrolled).toBe(true);
      // The server looks by itself what the device should have, a moment after it has enrolled.
      await vi.waitFor(
        async () => {
          await device.converse();
          expect([...device.profiles.keys()]).toContain("com.example.clip");
        },
        { timeout: 30_000, interval: 500 },
      );
    });
  });

  test("a link that is none explains itself", async () => {
    await visit("dark", new URL("/enroll?code=nonsense", address).href, async (page) => {
      expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("This link is not known");
    });
  });
});
