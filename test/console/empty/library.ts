import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, type Visitor } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { refusals, stageServer, visitAs } from "../../support/node/stage.ts";

// The library as an administrator fills it: a profile is uploaded, put into a set, and taken out of it.

let server: RealServer;
beforeAll(async () => {
  if (!chromiumPath) return;
  server = await stageServer();
});

const as = (role: string, path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> =>
  visitAs(role, path, see, { meant: refusals });

const profile = (payload: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadIdentifier</key><string>com.example.wifi.1</string>
<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>PayloadUUID</key><string>5A0F0B7C-3C5B-4E9E-9B7E-5E0E3C1B2A10</string>
<key>PayloadVersion</key><integer>1</integer>
${payload}
</dict></array>
<key>PayloadDisplayName</key><string>Guests</string>
<key>PayloadIdentifier</key><string>com.example.wifi</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>5A0F0B7C-3C5B-4E9E-9B7E-5E0E3C1B2A11</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>`;

const chosen = (payload: string) => ({
  name: "guests.mobileconfig",
  mimeType: "application/x-apple-aspen-config",
  buffer: Buffer.from(profile(payload)),
});

const good = "<key>SSID_STR</key><string>guests</string><key>EncryptionType</key><string>None</string>";

describe.skipIf(!chromiumPath)("in the console's library", { timeout: 120_000 }, () => {
  test("what is wrong with a profile is said before it is stored; a good one is uploaded", async () => {
    await as("admin", "/profiles?new=yes", async ({ page }) => {
      const upload = page.locator("dialog").getByRole("button", { name: "Upload a profile" });
      await page
        .getByLabel("File", { exact: true })
        .setInputFiles(chosen("<key>SSID_STR</key><integer>5</integer>"));
      await page.locator(".findings li").first().waitFor();
      expect(await upload.isDisabled()).toBe(true);

      await page.getByLabel("File", { exact: true }).setInputFiles(chosen(good));
      await page.locator(".findings li").first().waitFor({ state: "detached" });
      expect(await page.getByLabel("Identifier", { exact: true }).inputValue()).toBe("com.example.wifi");
      await upload.click();
      await page.getByRole("link", { name: "Guests" }).waitFor();
    });
    expect((await server.json("GET", "/profiles")).items).toMatchObject([{ identifier: "com.example.wifi" }]);
  });

  test("a profile is put into a set, which says whom it reaches, and taken out again", async () => {
    await server.json("PUT", "/sets/office", { description: "All of us" });
    await as("operator", "/sets/office", async ({ page }) => {
      await page.getByText("It reaches nobody").waitFor();
      await page.getByLabel("Name", { exact: true }).selectOption("com.example.wifi");
      await page.getByRole("button", { name: "Put in" }).click();
      await page.getByRole("link", { name: "com.example.wifi" }).waitFor();
    });
    expect(await server.json("GET", "/sets/office")).toMatchObject({
      description: "All of us",
      profiles: ["com.example.wifi"],
    });

    await as("operator", "/sets/office", async ({ page }) => {
      await page.getByRole("button", { name: "Take out" }).click();
      await page.locator("dialog").getByRole("button", { name: "Take out" }).click();
      await page.getByText("The set is empty").waitFor();
    });
    expect((await server.json("GET", "/sets/office")).profiles).toEqual([]);
  });

  test("a viewer reads it, and sees no button that would change it", async () => {
    await server.json("PUT", "/sets/office", { profiles: ["com.example.wifi"] });
    await as("viewer", "/sets/office", async ({ page }) => {
      await page.getByRole("link", { name: "com.example.wifi" }).waitFor();
      expect(await page.getByRole("button", { name: /Take out|Put in/ }).count()).toBe(0);
    });
  });
});
