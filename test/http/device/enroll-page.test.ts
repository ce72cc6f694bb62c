import { beforeEach, describe, expect, test } from "vitest";
import { qrSvg } from "../../../src/http/qr-code.ts";
import { ask } from "../../support/admin.ts";
import { invitation, open, readyToEnroll, setEnrollment } from "../../support/invitations.ts";

// What a person sees of the organization, in which language, and on which machine.

beforeEach(readyToEnroll);

const set = async (json: object) => {
  const answer = await ask("PATCH", "/api/v1/settings", { json });
  expect(answer.status, answer.text).toBe(200);
};
const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1";
const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15";
const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140";

describe("in the person's language", () => {
  test.each([
    ["de-AT,de;q=0.9,en;q=0.8", "de", "Profil laden", "Fragen?"],
    ["fr-CA", "fr", "Télécharger le profil", "Des questions"],
    ["es", "es", "Descargar perfil", "¿Preguntas?"],
    ["ja-JP", "ja", "プロファイルをダウンロード", "お問い合わせ"],
    ["en;q=0.5, fr;q=0.7", "fr", "Télécharger le profil", "Des questions"],
    ["it, pt;q=0.9", "en", "Download profile", "Questions?"],
    ["de;q=0, en", "en", "Download profile", "Questions?"],
    ["*", "en", "Download profile", "Questions?"],
    [";;;,,de;q=nine, constructor", "de", "Profil laden", "Fragen?"],
  ])("%s reads %s", async (language, code, button, contact) => {
    await set({ organization_email: "it@example.com" });

    const { html, headers, status } = await open((await invitation()).url, { language });

    expect(status).toBe(200);
    expect(html).toContain(`<html lang="${code}">`);
    expect(html).toContain(`>${button}</a>`);
    expect(html).toContain(contact);
    expect(headers.get("Vary")).toContain("Accept-Language");
  });

  test.each([
    ["nonsense", 404, "Dieser Link ist nicht bekannt"],
    [undefined, 404, "Sie brauchen eine Einladung"],
  ])("a page that refuses %j too", async (code, status, words) => {
    const page = await open(`/enroll${code ? `?code=${code}` : ""}`, { language: "de" });

    expect(page.status).toBe(status);
    expect(page.html).toContain(words);
    expect(page.html).toContain(`<html lang="de">`);
    expect(page.headers.get("Vary")).toContain("Accept-Language");
  });

  test("a system that is too old for an attestation is told so, and the link stays good", async () => {
    await setEnrollment({ attestation: { device: "required" } });
    const { url, code, id } = await invitation();
    const userAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_7 like Mac OS X)";

    const page = await open(url, { userAgent, language: "fr" });
    const profile = await open(`/enroll/profile?code=${code}`, { userAgent });
    const newer = await open(url, { userAgent: iphone });
    await setEnrollment({ attestation: { device: null } });

    expect([page.status, profile.status, newer.status]).toEqual([403, 403, 200]);
    expect(page.html).toContain("Ce système est trop ancien");
    expect(profile.html).toContain("This system is too old");
    expect((await ask("GET", `/api/v1/enrollment/invitations/${id}`)).json.uses).toBe(0);
  });

  test("the text to agree to is the person's, else English, else the default, and says which language it is", async () => {
    const consent = async (ConsentText: object | null, language: string) => {
      await setEnrollment({ profile: { ConsentText } });
      const { html } = await open((await invitation()).url, { language });
      return /<p class="consent"[^>]*>[^<]*/.exec(html)?.[0];
    };

    expect(await consent({ de: "Ja?", en: "Yes?", default: "Sí?" }, "de")).toBe(
      '<p class="consent" lang="de">Ja?',
    );
    expect(await consent({ de: "Ja?", en: "Yes?", default: "Sí?" }, "ja")).toBe(
      '<p class="consent" lang="en">Yes?',
    );
    expect(await consent({ de: "Ja?", default: "Sí?" }, "fr")).toBe('<p class="consent">Sí?');
    expect(await consent(null, "fr")).toBeUndefined();
  });
});

describe("on its machine", () => {
  test("a computer shows the link as a code to scan, a phone does not", async () => {
    const { url } = await invitation();
    const code = qrSvg(url);

    const [onPhone, onMac, onWindows] = [
      await open(url, { userAgent: iphone }),
      await open(url, { userAgent: mac }),
      await open(url, { userAgent: windows }),
    ];

    expect(onPhone.html).not.toContain("<svg");
    expect(onMac.html).toContain(code);
    expect(onWindows.html).toContain(code);
    expect(onWindows.html).toContain("Only Apple devices can be enrolled");
  });
});

describe("of the organization", () => {
  const png =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  test("logo, color and contact are there, and the policy lets in just that picture", async () => {
    await set({
      organization_logo: "https://cdn.example.com/logo.png",
      organization_color: "#ffcc00",
      organization_email: "it+help@example.com",
      organization_phone: "+49 (30) 123-45",
      organization_url: "https://help.example.com/mdm",
    });
    const { url } = await invitation();

    const page = await open(url);
    await set({ organization_logo: png });
    const inline = await open(url);
    await set({ organization_logo: null });
    const none = await open(url);

    expect(page.html).toContain('<img src="https://cdn.example.com/logo.png"');
    expect(page.headers.get("Content-Security-Policy")).toContain("img-src 'self' https://cdn.example.com;");
    expect(inline.html).toContain(`<img src="${png}"`);
    expect(inline.headers.get("Content-Security-Policy")).toContain("img-src 'self' data:;");
    expect(none.headers.get("Content-Security-Policy")).toContain("img-src 'self';");
    expect(page.html).toContain("--accent: #ffcc00; --on-accent: #000");
    expect(page.html).toContain('href="mailto:it%2Bhelp@example.com"');
    expect(page.html).toContain('href="tel:+493012345"');
    expect(page.html).toContain(
      '<a href="https://help.example.com/mdm" rel="noreferrer">help.example.com</a>',
    );
    await set({ organization_color: null });
  });

  test.each(["de", "fr", "es", "ja", "en"])("a hostile name is text on every page: %s", async (language) => {
    const hostile = `</title></style><script>alert(1)</script>"'><img src=x onerror=alert(1)>&`;
    await set({ organization: hostile });
    const { url } = await invitation();

    for (const path of [url, "/enroll?code=nonsense"]) {
      for (const userAgent of [iphone, windows]) {
        const { html } = await open(path, { language, userAgent });

        expect(html).not.toMatch(/<script|<img|<\/title><\/style>/);
        expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img");
        expect(html.match(/<\/style>/g)).toHaveLength(1);
      }
    }
    await set({ organization: "edgemdm" });
  });

  test.each([
    ["a logo without TLS", { organization_logo: "http://example.com/logo.png" }],
    ["a logo with a password", { organization_logo: "https://user:secret@example.com/logo.png" }],
    ["a logo that is a script", { organization_logo: "javascript:alert(1)" }],
    ["a logo that is a page", { organization_logo: "data:text/html;base64,PHNjcmlwdD4=" }],
    ["a page that calls itself a picture", { organization_logo: "data:image/png;base64,PHNjcmlwdD4=" }],
    ["a logo that is not base64", { organization_logo: `data:image/png,"onerror=x` }],
    ["a logo of more than 48 KiB", { organization_logo: `data:image/jpeg;base64,/9j/${"A".repeat(65_536)}` }],
    [
      "a logo that is far too long",
      { organization_logo: `data:image/jpeg;base64,/9j/${"A".repeat(70_000)}` },
    ],
    ["a color with more style", { organization_color: "red;} body { display: none" }],
    ["a short color", { organization_color: "#fff" }],
    ["a number that is a script", { organization_phone: "javascript:alert(1)" }],
    ["an address that is a script", { organization_url: "javascript:alert(1)" }],
    ["a mail address with more recipients", { organization_email: "it@example.com?bcc=all@example.com" }],
  ])("%s is refused", async (_, json) => {
    const answer = await ask("PATCH", "/api/v1/settings", { json });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].pointer).toBe(`/${Object.keys(json)[0]}`);
  });
});
