import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { forgetSettings, patchSettings } from "../../src/admin/settings.ts";
import { forgetAdministrators } from "../../src/admin/sign-in/administrators.ts";
import { api } from "../../src/http/api/app.ts";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { adminToken, ask, origin, tokenFor } from "../support/admin.ts";
import { FakeMail } from "../support/fake-mail.ts";
import { clientSecret, providerAtFetch } from "../support/fake-provider/at-fetch.ts";
import { type Page, Person } from "../support/person.ts";

// A colleague is invited to administer by a link that is good once: for a rule at the provider, or for a token without one.

const path = "/api/v1/administrator-invitations";
const provider = "/api/v1/sign-in/administrators";
const settings = {
  kind: "oidc",
  issuer: "https://id.example.com",
  client_id: "edgemdm",
  client_secret: clientSecret,
  rules: [{ email: "anna@example.com", role: "admin" }],
};

beforeEach(async () => {
  forgetAdministrators();
  forgetMetadata();
  forgetKeys();
  await ask("DELETE", provider);
  await env.DB.exec("DELETE FROM administrator_invitations");
});

const invite = async (more: object = {}) => {
  const answer = await ask("POST", path, { json: { email: "Ben@example.com", role: "operator", ...more } });
  expect(answer.status, answer.text).toBe(201);
  return answer.json;
};
const codeIn = (url: string): string => new URL(url).searchParams.get("code") ?? "";
const tokenIn = ({ text }: Page): string => /value="(emdm_[^"]+)"/.exec(text)?.[1] ?? "";
const pendingIn = ({ text }: Page): string => /name="sign-in" value="([^"]+)"/.exec(text)?.[1] ?? "";
const stateOf = async (id: string): Promise<string> => (await ask("GET", `${path}/${id}`)).json.state;
const accept = (url: string, person = new Person()) =>
  person.submit("/sign-in/invitation", { code: codeIn(url) });

describe("without a provider", () => {
  test("the link gives the invited role as a token, once", async () => {
    const { id, url, mail, way } = await invite({ rights: ["erase"], token_days: 30 });
    expect([way, mail.sent]).toEqual(["token", false]);
    expect(mail.trouble).toContain("the binding EMAIL is missing");

    const shown = await new Person().open(url);
    expect(shown.text).toContain("ben@example.com");
    expect(shown.text).toContain("manage devices, profiles and commands, erase");
    const given = await accept(url);

    const who = (await ask("GET", "/api/v1/session", { token: tokenIn(given) })).json;
    expect(who).toMatchObject({ name: "ben@example.com", by: "token", role: "operator", rights: ["erase"] });
    expect((Date.parse(who.expires_at) - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
    expect((await ask("GET", `${path}/${id}`)).json).toMatchObject({ state: "accepted", token_id: who.id });
    const again = await accept(url);
    expect([again.status, tokenIn(again)]).toEqual([403, ""]);
    expect((await new Person().open(url)).status).toBe(403);
    const audit = (await ask("GET", `/api/v1/audit?target=administrator-invitations/${id}`)).json.items;
    expect(audit[0]).toMatchObject({ token_name: "ben@example.com", role: "operator", method: "POST" });
  });

  test("of two who accept at the same moment one gets a token", async () => {
    const { url } = await invite();

    const pages = await Promise.all([1, 2, 3].map(() => accept(url)));

    expect(pages.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
  });

  test("scanners and previews that open the link use up nothing", async () => {
    const { id, url } = await invite();

    for (const method of ["GET", "HEAD", "GET"])
      expect((await exports.default.fetch(new Request(url, { method }))).status).toBe(200);

    expect(await stateOf(id)).toBe("open");
    expect(tokenIn(await accept(url))).not.toBe("");
  });

  test("the page speaks the language of the browser, and tells other pages nothing of its address", async () => {
    const { url } = await invite();

    const page = await new Person().open(url, { "Accept-Language": "de-AT, en;q=0.5" });

    expect(page.text).toContain('<html lang="de">');
    expect(page.text).toContain("Sie sind zur Verwaltung eingeladen");
    expect(page.headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(page.headers.get("Cache-Control")).toBe("no-store");
  });

  test("one that is withdrawn, too old, superseded or guessed is refused in the same way", async () => {
    const withdrawn = await invite();
    expect((await ask("DELETE", `${path}/${withdrawn.id}`)).status).toBe(204);
    const old = await invite({ email: "old@example.com" });
    await env.DB.prepare("UPDATE administrator_invitations SET expires_at = 1 WHERE id = ?")
      .bind(old.id)
      .run();
    const earlier = await invite({ email: "twice@example.com" });
    await invite({ email: "TWICE@example.com" });
    const guessed = `${origin}/sign-in/invitation?code=${"A".repeat(43)}`;

    const codes = [withdrawn.url, old.url, earlier.url, guessed, `${origin}/sign-in/invitation`];
    const pages = await Promise.all(codes.flatMap((url) => [accept(url), new Person().open(url)]));

    const withoutId = ({ text }: Page) => text.replaceAll(/[\w-]{36}|nonce[-=]"?[\w-]+/g, "");
    expect(new Set(pages.map((page) => `${page.status} ${withoutId(page)}`)).size).toBe(1);
    expect(pages[0]?.status).toBe(403);
    expect(await Promise.all([withdrawn, old, earlier].map(({ id }) => stateOf(id)))).toEqual([
      "withdrawn",
      "expired",
      "withdrawn",
    ]);
  });

  test("the code is nowhere but in the link", async () => {
    const { url } = await invite();
    const { results } = await env.DB.prepare("SELECT * FROM administrator_invitations").all();

    expect(JSON.stringify(results)).not.toContain(codeIn(url));
    expect((await ask("GET", path)).text).not.toContain(codeIn(url));
  });

  test("a link for a token is void once administrators sign in by a provider", async () => {
    const { url } = await invite();
    providerAtFetch();
    expect((await ask("PUT", provider, { json: settings })).status).toBe(200);

    expect((await accept(url)).status).toBe(403);
  });
});

describe("where administrators sign in", () => {
  const invitedBen = async (account: object, more: object = {}) => {
    const service = providerAtFetch();
    expect((await ask("PUT", provider, { json: settings })).status).toBe(200);
    const invitation = await invite(more);
    service.account = { sub: "u-2", ...account };
    const person = new Person(service);
    const page = await person.open(`/sign-in/invitation/sign-in?code=${codeIn(invitation.url)}`);
    return { invitation, person, page, service };
  };
  const ben = { email: "BEN@example.com", email_verified: true };
  const rules = async () => (await ask("GET", provider)).json.rules;

  test("the invited person signs in, and a rule says from then on what the address may do", async () => {
    const { invitation, person, page, service } = await invitedBen(ben);
    expect(invitation.way).toBe("sign-in");

    const given = await person.submit("/sign-in/admin", { "sign-in": pendingIn(page) });

    const who = (await ask("GET", "/api/v1/session", { token: tokenIn(given) })).json;
    expect(who).toMatchObject({ name: "ben@example.com", by: "sign-in", role: "operator" });
    expect(await rules()).toEqual([
      { email: "anna@example.com", role: "admin", rights: [] },
      { email: "ben@example.com", role: "operator", rights: [] },
    ]);
    expect(await stateOf(invitation.id)).toBe("accepted");
    const withdrawal = await ask("DELETE", `${path}/${invitation.id}`);
    expect([withdrawal.status, withdrawal.json.detail]).toEqual([
      409,
      "the invitation was accepted: remove the rule of its address",
    ]);

    // Without the link from now on; and the link is good no more.
    const next = await new Person(service).open("/sign-in/admin");
    expect(pendingIn(next)).not.toBe("");
    const replay = await new Person(service).open(invitation.url);
    expect(replay.status).toBe(403);
  });

  test.each([
    ["another verified address", { email: "eve@example.com", email_verified: true }],
    ["the address, unverified", { email: "ben@example.com", email_verified: false }],
    ["the address, of which the provider says nothing", { email: "ben@example.com" }],
    ["no address", {}],
  ])("who signs in with %s gets nothing, and the invitation stays open", async (_title, account) => {
    const { invitation, page } = await invitedBen(account);

    expect(page.status).toBe(403);
    expect(page.text).toContain("administrator-invitation-of-another");
    expect(await stateOf(invitation.id)).toBe("open");
    expect(await rules()).toHaveLength(1);
  });

  test("an administrator who is invited to less keeps what the rules give", async () => {
    const { page } = await invitedBen(
      { email: "anna@example.com", email_verified: true },
      { email: "anna@example.com", role: "viewer" },
    );

    expect(page.text).toMatch(/<dd>admin<\/dd>/);
  });

  test("a link for a sign-in never gives a token, also when the provider is removed", async () => {
    providerAtFetch();
    await ask("PUT", provider, { json: settings });
    const { url } = await invite();
    expect((await accept(url)).status).toBe(403);

    await ask("DELETE", provider);

    expect((await accept(url)).status).toBe(403);
  });

  test("those who are signed in stay so when a rule comes by an invitation", async () => {
    const service = providerAtFetch();
    await ask("PUT", provider, { json: settings });
    const anna = new Person(service);
    const asked = await anna.open("/sign-in/admin");
    const token = tokenIn(await anna.submit("/sign-in/admin", { "sign-in": pendingIn(asked) }));
    const { json } = await ask("POST", path, { json: { email: "ben@example.com", role: "viewer" }, token });
    service.account = { sub: "u-2", ...ben };

    const page = await new Person(service).open(json.url);
    expect(page.text).toContain("anna@example.com invites you");
    await new Person(service).open(`/sign-in/invitation/sign-in?code=${codeIn(json.url)}`);

    expect(await stateOf(json.id)).toBe("accepted");
    expect((await ask("GET", "/api/v1/session", { token })).status).toBe(200);
  });
});

describe("the inviting", () => {
  test.each(["viewer", "helpdesk", "operator"] as const)("is not for the role %s", async (role) => {
    const token = await tokenFor(role, ["erase", "read-escrow"]);
    const json = { email: "ben@example.com", role: "viewer" };

    expect((await ask("POST", path, { json, token })).status).toBe(403);
    expect((await ask("GET", path, { token })).status).toBe(403);
  });

  test("wants an address and a role, and bounds what is asked for", async () => {
    const bad = [
      { email: "ben", role: "viewer" },
      { email: "ben@example.com" },
      { email: "ben@example.com", role: "root" },
      { email: "ben@example.com\r\nBcc: x@example.com", role: "viewer" },
      { email: "ben@example.com", role: "viewer", valid_hours: 337 },
      { email: "ben@example.com", role: "viewer", token_days: 0 },
    ];

    for (const json of bad) expect((await ask("POST", path, { json })).status).toBe(400);
  });

  test("ends at a hundred open ones", async () => {
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
       INSERT INTO administrator_invitations (id, code_hash, email, role, rights, way, token_days, created_at, created_by, expires_at)
       SELECT 'i' || i, 'h' || i, i || '@example.com', 'viewer', '[]', 'token', 1, i, 't', ? FROM n`,
    )
      .bind(Date.now() + 60_000)
      .run();

    const refused = await ask("POST", path, { json: { email: "ben@example.com", role: "viewer" } });

    expect([refused.status, refused.json.detail]).toEqual([
      409,
      "100 invitations are open already: withdraw some",
    ]);
    expect((await ask("GET", `${path}?limit=2`)).json.items.map(({ id }: { id: string }) => id)).toEqual([
      "i100",
      "i99",
    ]);
  });

  test("is done by mail where mail is set up, and then the link is in the message alone", async () => {
    const post = new FakeMail();
    post.verified.add("ben@example.com");
    await patchSettings(env, { organization: "Acme", mail_from: "mdm@example.com" }, Date.now());
    const send = (json: object) =>
      api.request(
        `${origin}${path}`,
        {
          method: "POST",
          headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
          body: JSON.stringify(json),
        },
        { ...env, EMAIL: post },
        createExecutionContext(),
      );

    const answer = await send({ email: "ben@example.com", role: "admin", language: "fr" });
    const { url, mail } = await answer.json<{ url: string | null; mail: object }>();
    const refused = await send({ email: "carl@example.com", role: "admin" });
    await patchSettings(env, { mail_from: null }, Date.now());
    forgetSettings();

    expect([url, mail]).toEqual([null, { sent: true, trouble: null }]);
    expect(post.sent[0]?.subject).toBe("Acme : participez à la gestion des appareils");
    const link = /https:\S+/.exec(post.sent[0]?.text ?? "")?.[0] ?? "";
    expect(tokenIn(await accept(link))).not.toBe("");
    const other = await refused.json<{ url: string; mail: { sent: boolean; trouble: string } }>();
    expect(other.mail).toMatchObject({ sent: false, trouble: expect.stringContaining("not a verified") });
    expect(other.url).toContain("/sign-in/invitation?code=");
  });
});
