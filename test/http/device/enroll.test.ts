import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { verifySignedData } from "../../../src/pki/cms/verify.ts";
import { ask, origin } from "../../support/admin.ts";
import { newDevice, objectOf } from "../../support/fleet.ts";
import { buttonOf, invitation, open, readyToEnroll, setEnrollment } from "../../support/invitations.ts";

beforeEach(readyToEnroll);

const useOf = async (id: string) => (await ask("GET", `/api/v1/enrollment/invitations/${id}`)).json;

describe("the way in", () => {
  test("leads from the link over the page and the profile to an enrolled device", async () => {
    const { url, id } = await invitation({ user: "ada@example.com" });

    const page = await open(url);
    const profile = await open(buttonOf(page.html));
    const device = newDevice("iphone");
    await device.enroll({ profile: profile.bytes });

    expect(page.status).toBe(200);
    expect(await objectOf(device).describe()).toMatchObject({ state: "enrolled" });
    expect(await useOf(id)).toMatchObject({ state: "used-up", uses: 1, max_uses: 1 });
    const { items } = (await ask("GET", `/api/v1/certificates?device=${device.id}`)).json;
    expect(items[0].issued_for).toEqual({ account: "ada@example.com" });
  });

  test("hands out a signed profile under the name that devices install", async () => {
    const { code } = await invitation();

    const { headers, bytes } = await open(`/enroll/profile?code=${code}`);

    expect(headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
    expect(headers.get("Content-Disposition")).toContain("attachment");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect((await verifySignedData(bytes, {})).ok).toBe(true);
  });

  test("is narrow for the device that an invitation names", async () => {
    const { code } = await invitation({ serial: "SOMEBODYELSE" });
    const { bytes } = await open(`/enroll/profile?code=${code}`);

    await expect(newDevice("ipad").enroll({ profile: bytes })).rejects.toMatchObject({ status: 403 });
  });

  test("counts a use when the profile is fetched, not when the page is seen or asked about", async () => {
    const { code, url, id } = await invitation({ max_uses: 2 });

    await open(url);
    await open(url, { method: "HEAD" });
    const asked = await open(`/enroll/profile?code=${code}`, { method: "HEAD" });

    expect(asked.status).toBe(200);
    expect((await useOf(id)).uses).toBe(0);
  });

  test("gives a person who lost the download the same challenge again, for ten minutes and for one identity", async () => {
    const { code } = await invitation();
    const first = await open(`/enroll/profile?code=${code}`);
    const again = await open(`/enroll/profile?code=${code}`);

    await newDevice("iphone").enroll({ profile: again.bytes, freshKey: true });

    await expect(newDevice("ipad").enroll({ profile: first.bytes, freshKey: true })).rejects.toMatchObject({
      code: 22013,
    });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
    const late = await open(`/enroll/profile?code=${code}`);
    vi.useRealTimers();
    expect(late.status).toBe(410);
  });

  test("gives a last use to one of many who ask at once", async () => {
    const { code, id } = await invitation({ max_uses: 3 });

    const challenges = () => env.DB.prepare("SELECT count(*) AS n FROM challenges").first<number>("n");
    const before = (await challenges()) ?? 0;
    await Promise.all(Array.from({ length: 8 }, () => open(`/enroll/profile?code=${code}`)));
    const minted = ((await challenges()) ?? 0) - before;

    expect(await useOf(id)).toMatchObject({ uses: 3, state: "used-up" });
    expect(minted).toBe(3);
  });

  test("needs no code where enrollment is open, which it is not by itself", async () => {
    const closed = [await open("/enroll"), await open("/enroll/profile")];
    await setEnrollment({ open_enrollment: true });
    const page = await open("/enroll");
    const device = newDevice("mac");
    await device.enroll({ profile: (await open(buttonOf(page.html))).bytes });
    await setEnrollment({ open_enrollment: false });

    expect(closed.map(({ status }) => status)).toEqual([404, 404]);
    expect(closed[0]?.html).toContain("You need an invitation");
    expect(device.isEnrolled).toBe(true);
  });

  test("gives strangers no more profiles than are worth keeping", async () => {
    const rows = (count: number, expiresAt: number) =>
      env.DB.prepare(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
          INSERT INTO challenges (id, purpose, issued_for, created_at, expires_at)
          SELECT 'flood' || i || '-' || ?2, 'enrollment', '{}', 0, ?2 FROM n`,
      )
        .bind(count, expiresAt)
        .run();
    await setEnrollment({ open_enrollment: true });
    const count = () => env.DB.prepare("SELECT count(*) AS n FROM challenges").first<number>("n");
    await rows(10_000, Date.now() - 1000);
    const beforeTheFlood = await open("/enroll/profile");
    await rows(10_000, Date.now() + 3_600_000);
    const before = await count();

    const flooded = await open("/enroll/profile");

    expect([beforeTheFlood.status, flooded.status]).toEqual([200, 503]);
    expect(await count()).toBe(before);
    await setEnrollment({ open_enrollment: false });
    await env.DB.prepare("DELETE FROM challenges WHERE id LIKE 'flood%'").run();
  });
});

describe("the page", () => {
  test("says who manages the device and what the rights mean, in plain words", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { organization: "Ada & <b>Sons</b>" } });
    await setEnrollment({
      mdm: { AccessRights: 1 + 16 + 8 },
      profile: { ConsentText: { default: "Be nice." } },
    });

    const { html } = await open((await invitation()).url);

    expect(html).toContain("Ada &amp; &lt;b&gt;Sons&lt;/b&gt;");
    expect(html).toContain("serial number");
    expect(html).toContain("erase everything on it");
    expect(html).not.toContain("which apps are installed");
    expect(html).toContain("Be nice.");
    expect(html).toContain("mdm.example.com");
    await setEnrollment({ mdm: { AccessRights: 8191 }, profile: { ConsentText: null } });
  });

  test("is one small file without script, under strict headers", async () => {
    const { html, headers, bytes } = await open((await invitation()).url);

    expect(bytes.length).toBeLessThan(30 * 1024);
    expect(html).not.toMatch(/<script|<img|<link|onclick/);
    expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("Content-Type")).toContain("text/html");
  });

  test.each([
    ["iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)", "iPhone, iPad"],
    ["Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "Mac"],
    ["Apple TV", "AppleTV14,1/17.0", "Apple TV"],
    ["a Windows computer", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "iPhone, iPad"],
    ["anything else", "curl/8", "iPhone, iPad"],
  ])("begins with the steps for %s, and has those of the others too", async (_, userAgent, first) => {
    const { html } = await open((await invitation()).url, { userAgent });

    const summaries = [...html.matchAll(/<details ?(open)?>?\s*<summary>([^<]+)/g)].map(([, state, text]) => [
      state,
      text,
    ]);
    expect(summaries).toHaveLength(3);
    expect(summaries[0]?.[0]).toBe("open");
    expect(summaries[0]?.[1]).toContain(first);
  });

  test("of a code that nobody made, or that ended, is a page that says so", async () => {
    const revoked = await invitation();
    await ask("DELETE", `/api/v1/enrollment/invitations/${revoked.id}`);
    const used = await invitation();
    await env.DB.prepare("UPDATE invitations SET uses = 1 WHERE id = ?").bind(used.id).run();
    const expired = await invitation();
    await env.DB.prepare("UPDATE invitations SET expires_at = 1 WHERE id = ?").bind(expired.id).run();

    for (const [code, status, words] of [
      ["nonsense", 404, "not known"],
      ["x".repeat(2000), 404, "not known"],
      [revoked.code, 410, "withdrawn"],
      [used.code, 410, "has been used"],
      [expired.code, 410, "expired"],
    ] as const) {
      for (const path of ["/enroll", "/enroll/profile"]) {
        const page = await open(`${path}?code=${code}`);

        expect(page.status, words).toBe(status);
        expect(page.headers.get("Content-Type")).toContain("text/html");
        expect(page.html).toContain(words);
      }
    }
  });

  test("of a server that is not ready says so, and keeps the link good", async () => {
    const { url, code, id } = await invitation();
    await setEnrollment({ mdm: { Topic: null } });

    const [page, profile] = [await open(url), await open(`/enroll/profile?code=${code}`)];

    expect([page.status, profile.status]).toEqual([503, 503]);
    expect(page.html).toContain("cannot enroll devices yet");
    expect((await useOf(id)).uses).toBe(0);
  });
});

describe("invitations", () => {
  test("answer link, code and picture once, and D1 keeps neither code nor link", async () => {
    const made = await invitation({ note: "for the lab", max_uses: 5 });

    const { results } = await env.DB.prepare("SELECT * FROM invitations WHERE id = ?").bind(made.id).all();
    const listed = (await ask("GET", "/api/v1/enrollment/invitations?limit=1")).json;

    expect(made.url).toBe(`${origin}/enroll?code=${made.code}`);
    expect(made.code).toMatch(/^[\w-]{22}$/);
    expect(made.qr_svg).toMatch(/^<svg .*<\/svg>$/);
    expect(JSON.stringify(results)).not.toContain(made.code);
    expect(listed.items[0]).toMatchObject({ id: made.id, note: "for the lab", uses: 0, state: "active" });
    expect(listed.items[0].code).toBeUndefined();
  });

  test("stay listed when they are revoked, and the first revocation counts", async () => {
    const { id } = await invitation();

    const statuses = [
      await ask("DELETE", `/api/v1/enrollment/invitations/${id}`),
      await ask("DELETE", `/api/v1/enrollment/invitations/${id}`),
    ];

    expect(statuses.map(({ status }) => status)).toEqual([204, 204]);
    expect(await useOf(id)).toMatchObject({ state: "revoked", revoked_at: expect.any(String) });
  });

  test.each([
    [{ max_uses: 0 }, "/max_uses"],
    [{ expires_at: "2001-01-01T00:00:00Z" }, "/expires_at"],
    [{ expires_at: "2999-01-01T00:00:00Z" }, "/expires_at"],
    [{ serial: "" }, "/serial"],
    [{ colour: 1 }, "/colour"],
  ])("refuse %j", async (json, pointer) => {
    const answer = await ask("POST", "/api/v1/enrollment/invitations", { json });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].pointer).toBe(pointer);
  });

  test("answer 404 to an id that is none", async () => {
    const read = await ask("GET", "/api/v1/enrollment/invitations/none");
    const revoked = await ask("DELETE", "/api/v1/enrollment/invitations/none");

    expect([read.status, revoked.status]).toEqual([404, 404]);
  });
});
