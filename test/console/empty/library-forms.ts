import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, type Visitor } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { refusals, stageServer, visitAs } from "../../support/node/stage.ts";

// Profiles and declarations as an administrator writes them: by a form made from the catalogue, and as text.

let server: RealServer;
beforeAll(async () => {
  if (!chromiumPath) return;
  server = await stageServer();
});

const as = (role: string, path: string, see: (visitor: Visitor) => Promise<void>): Promise<void> =>
  visitAs(role, path, see, { meant: refusals });

const wifi = {
  PayloadDisplayName: "Guests",
  PayloadContent: [
    {
      PayloadType: "com.apple.wifi.managed",
      SSID_STR: "guests",
      EncryptionType: "WPA2",
      Password: "secret12",
    },
  ],
};

describe.skipIf(!chromiumPath)("in the console's library", { timeout: 120_000 }, () => {
  test("a passcode profile is made by the form: a wrong number is said at its field", async () => {
    await as("operator", "/profiles/new/by/form", async ({ page }) => {
      await page.getByLabel("Name", { exact: true }).fill("Passcodes for all");
      expect(await page.getByLabel("Identifier", { exact: true }).inputValue()).toMatch(
        /\.passcodes-for-all$/,
      );
      await page.getByLabel("Identifier", { exact: true }).fill("office.passcodes");
      await page.getByRole("button", { name: "Add a payload" }).click();
      await page.getByRole("button", { name: /^Passcode/ }).click();
      await page.getByLabel("Shortest length").fill("99");
      await page.locator('[data-pointer="/PayloadContent/0/minLength"] .error').waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();

      await page.getByLabel("Shortest length").fill("8");
      await page.locator(".findings li").first().waitFor({ state: "detached" });
      await page.getByLabel("Allow simple passcodes").selectOption({ label: "Off" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "office.passcodes" }).waitFor();
    });
    const { profile } = await server.json("GET", "/profiles/office.passcodes");
    expect(profile).toMatchObject({
      PayloadDisplayName: "Passcodes for all",
      PayloadContent: [
        { PayloadType: "com.apple.mobiledevice.passwordpolicy", minLength: 8, allowSimple: false },
      ],
    });
  });

  test("a name that is taken is said, and nothing is overwritten", async () => {
    await server.json("PUT", "/profiles/office.guests", wifi);
    await as("operator", "/profiles/new/by/form", async ({ page }) => {
      await page.getByLabel("Name", { exact: true }).fill("Other");
      await page.getByLabel("Identifier", { exact: true }).fill("office.guests");
      await page.getByRole("button", { name: "Add a payload" }).click();
      await page.getByRole("button", { name: /^Web clip/ }).click();
      await page.getByLabel("Title").fill("Intranet");
      await page.getByLabel("Address (URL)").fill("https://intranet.example.com");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("There is something with this name already").waitFor();
      expect(await page.getByLabel("Title").inputValue()).toBe("Intranet");
    });
    expect((await server.json("GET", "/profiles/office.guests")).name).toBe("Guests");
  });

  test("an operator, to whom secrets are masked, types one again to save; an admin need not", async () => {
    await server.json("PUT", "/profiles/office.guests", wifi);
    await as("operator", "/profiles/office.guests/form", async ({ page }) => {
      const password = page.getByLabel("Password", { exact: true }).first();
      expect(await password.inputValue()).toBe("");
      expect(await password.getAttribute("type")).toBe("password");
      await page.getByLabel("Name of the network (SSID)").fill("visitors");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator('[data-pointer="/PayloadContent/0/Password"] .error').waitFor();
      await password.fill("another secret");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "office.guests" }).waitFor();
    });
    await as("admin", "/profiles/office.guests/form", async ({ page }) => {
      await page.getByLabel("Hidden network").selectOption({ label: "On" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "office.guests" }).waitFor();
    });
    const { profile } = await server.json("GET", "/profiles/office.guests");
    expect(profile.PayloadContent[0]).toMatchObject({
      SSID_STR: "visitors",
      Password: "another secret",
      HIDDEN_NETWORK: true,
    });
  });

  test("somebody else's edit meanwhile: what was typed stays, and one of both is chosen", async () => {
    const clip = (label: string) => ({
      PayloadDisplayName: "Intranet",
      PayloadContent: [
        { PayloadType: "com.apple.webClip.managed", Label: label, URL: "https://example.com" },
      ],
    });
    await server.json("PUT", "/profiles/office.clip", clip("first"));
    await as("operator", "/profiles/office.clip/form", async ({ page }) => {
      await page.getByLabel("Title").fill("mine");
      await server.json("PUT", "/profiles/office.clip", clip("theirs"));
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Somebody else changed this").waitFor();
      expect(await page.getByLabel("Title").inputValue()).toBe("mine");

      await page.getByRole("button", { name: "Show the newer version" }).click();
      await expect.poll(() => page.getByLabel("Title").inputValue()).toBe("theirs");
      await page.getByLabel("Title").fill("mine again");
      await server.json("PUT", "/profiles/office.clip", clip("theirs again"));
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: "Save mine over it" }).click();
      await page.getByRole("heading", { name: "office.clip" }).waitFor();
    });
    const { profile } = await server.json("GET", "/profiles/office.clip");
    expect(profile.PayloadContent[0].Label).toBe("mine again");
  });

  test("a mistake in the XML is said at its line, by the keyboard alone it is mended and saved", async () => {
    await server.json("PUT", "/profiles/office.clip", {
      PayloadDisplayName: "A link",
      PayloadContent: [
        { PayloadType: "com.apple.webClip.managed", Label: "Intranet", URL: "https://example.com" },
      ],
    });
    await as("operator", "/profiles/office.clip/source", async ({ page }) => {
      const editor = page.getByLabel("Source", { exact: true });
      const text = await editor.inputValue();
      const line = text.split("\n").findIndex((one) => one.includes("<key>Label</key>")) + 1;

      await editor.fill(text.replace("<string>Intranet</string>", "<integer>5</integer>"));
      await page.getByRole("button", { name: `Line ${line}`, exact: true }).waitFor();
      expect(await page.locator(".gutter .error").innerText()).toBe(String(line));

      await editor.fill(text.replace("</dict>", "</dct>"));
      await page
        .locator(".findings")
        .getByText(/not well|mismatch|expected|closing/i)
        .first()
        .waitFor();

      await editor.fill(text.replace("<string>Intranet</string>", "<string>Our intranet</string>"));
      await page.getByText("Nothing is wrong with it.").waitFor();
      await editor.focus();
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("Control+End");
      await page.keyboard.press("Tab");
      expect(await editor.inputValue()).toMatch(/ {2}$/);
      await page.keyboard.press("Escape");
      for (let stop = 0; stop < 8; stop++) {
        await page.keyboard.press("Tab");
        if ((await page.locator(":focus").innerText()) === "Save") break;
      }
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "office.clip" }).waitFor();
    });
    const { profile } = await server.json("GET", "/profiles/office.clip");
    expect(profile.PayloadContent[0].Label).toBe("Our intranet");
  });

  test("the source of a profile with secrets is for admins; an operator is led to the form", async () => {
    await server.json("PUT", "/profiles/office.guests", wifi);
    await as("operator", "/profiles/office.guests/source", async ({ page }) => {
      await page.getByText("The source has secrets").waitFor();
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Name of the network (SSID)").waitFor();
    });
  });

  test("a declaration is made by the form, changed as JSON, and deleted once nothing uses it", async () => {
    await as("operator", "/declarations/new/by/form", async ({ page }) => {
      await page.getByRole("button", { name: /^Passcode/ }).click();
      await page.getByLabel("Identifier", { exact: true }).fill("office.code");
      await page.getByLabel("Shortest length").fill("10");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "office.code" }).waitFor();
    });
    expect((await server.json("GET", "/declarations/office.code")).payload).toEqual({ MinimumLength: 10 });
    await server.json("PUT", "/sets/everyone", { declarations: ["office.code"], activate: true });

    await as("operator", "/declarations/office.code/form", async ({ page }) => {
      await page.getByText("It reaches devices by: everyone").waitFor();
      await page.getByRole("button", { name: "JSON" }).click();
      const editor = page.getByLabel("Content as JSON");
      await editor.fill('{\n  "MinimumLength": 10,\n  "MaximumFailedAttempts": "many"\n}');
      await page.getByRole("button", { name: "Line 3" }).waitFor();
      await editor.fill('{\n  "MinimumLength": 12,\n');
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
      expect(await editor.inputValue()).toContain('"MinimumLength": 12');
      await editor.fill('{\n  "MinimumLength": 12\n}');
      await page.getByText("Nothing is wrong with it.").waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "office.code" }).waitFor();

      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByText("These sets have it: everyone").waitFor();
      await page.locator("dialog").getByRole("button", { name: "Close" }).click();
      await server.json("PUT", "/sets/everyone", {});
      await page.getByRole("button", { name: "Delete" }).click();
      await page.locator("dialog input").fill("office.code");
      await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("heading", { name: "Declarations" }).waitFor();
    });
    expect((await server.json("GET", "/declarations/office.code")).payload).toBeUndefined();
  });
});
