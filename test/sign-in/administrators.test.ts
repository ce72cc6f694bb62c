import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { forgetAdministrators } from "../../src/admin/sign-in/administrators.ts";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { ask, origin } from "../support/admin.ts";
import { clientSecret, providerAtFetch } from "../support/fake-provider/at-fetch.ts";
import { type Page, Person } from "../support/person.ts";

// Administrators sign in by a provider of their own, confirm it, and get a token for some hours.

const path = "/api/v1/sign-in/administrators";
const settings = {
  kind: "oidc",
  issuer: "https://id.example.com",
  client_id: "edgemdm",
  client_secret: clientSecret,
  rules: [
    { email: "Anna@example.com", role: "admin" },
    { email_domain: "example.com", role: "viewer" },
    { group: "help", role: "helpdesk", rights: ["read-escrow"] },
  ],
};

async function setAdministrators(more: object = {}): Promise<void> {
  const put = await ask("PUT", path, { json: { ...settings, ...more } });
  expect(put.status, put.text).toBe(200);
}

beforeEach(async () => {
  forgetAdministrators();
  forgetMetadata();
  forgetKeys();
  await ask("DELETE", path);
});

const pendingIn = ({ text }: Page): string => /name="sign-in" value="([^"]+)"/.exec(text)?.[1] ?? "";
const tokenIn = ({ text }: Page): string => /value="(emdm_[^"]+)"/.exec(text)?.[1] ?? "";

async function signedIn(person: Person): Promise<string> {
  const asked = await person.open("/sign-in/admin");
  expect(asked.text).toContain("Sign in as an administrator");
  return tokenIn(await person.submit("/sign-in/admin", { "sign-in": pendingIn(asked) }));
}

test("an administrator signs in, acts under the own name, and signs out", async () => {
  const provider = providerAtFetch();
  await setAdministrators();
  const token = await signedIn(new Person(provider));

  const who = await ask("GET", "/api/v1/session", { token });

  expect(who.json).toMatchObject({ name: "anna@example.com", by: "sign-in", role: "admin", rights: [] });
  const hours = (Date.parse(who.json.expires_at) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(7.9);
  expect(hours).toBeLessThanOrEqual(8);
  expect((await ask("PUT", "/api/v1/sets/by-anna", { json: {}, token })).status).toBe(201);
  const audit = await ask("GET", "/api/v1/audit?limit=1");
  expect(audit.json.items[0]).toMatchObject({ token_name: "anna@example.com", role: "admin" });

  const out = await ask("DELETE", "/api/v1/session", { token });

  expect(out.json).toEqual({ provider_sign_out: "https://id.example.com/logout" });
  const after = await ask("GET", "/api/v1/session", { token });
  expect(after.status).toBe(401);
  expect(after.json.detail).toContain("revoked");
});

describe("the rules", () => {
  const roleOf = async (account: object, more: object = {}) => {
    const provider = providerAtFetch();
    await setAdministrators(more);
    provider.account = { sub: "u-9", ...account };
    const token = await signedIn(new Person(provider));
    const { name, role, rights } = (await ask("GET", "/api/v1/session", { token })).json;
    return { name, role, rights };
  };

  test.each([
    [
      "an address, in any case",
      { email: "ANNA@Example.com", email_verified: true },
      "anna@example.com",
      "admin",
      [],
    ],
    ["a domain", { email: "bob@example.com", email_verified: true }, "bob@example.com", "viewer", []],
    ["a group", { groups: ["x", "help"] }, "u-9", "helpdesk", ["read-escrow"]],
    [
      "a group that is an object",
      { groups: [{ id: "7", name: "help" }] },
      "u-9",
      "helpdesk",
      ["read-escrow"],
    ],
    [
      "the greatest of all that fit, with the rights of all",
      { email: "anna@example.com", email_verified: true, groups: "help" },
      "anna@example.com",
      "admin",
      ["read-escrow"],
    ],
  ])("fit %s", async (_title, account, name, role, rights) => {
    expect(await roleOf(account)).toEqual({ name, role, rights });
  });

  test("read groups within an object", async () => {
    const account = { custom: { groups: ["help"] } };

    expect(await roleOf(account, { groups_claim: "custom.groups" })).toMatchObject({ role: "helpdesk" });
  });

  test("believe an address of which the provider says nothing only where the settings say so", async () => {
    const account = { email: "anna@example.com" };

    expect(await roleOf(account, { require_verified_email: false })).toMatchObject({ role: "admin" });
  });

  test.each([
    ["of another domain", { email: "anna@example.org", email_verified: true }],
    ["of a domain that ends alike", { email: "anna@evil-example.com", email_verified: true }],
    ["of a domain below", { email: "anna@sub.example.com", email_verified: true }],
    ["whose address is not verified", { email: "anna@example.com", email_verified: false }],
    ["of whose address nothing is said", { email: "anna@example.com" }],
    ["without an address or a group", {}],
    ["in groups with names of everything", { groups: ["constructor", "__proto__", "help2"] }],
    ["whose address hides another one", { email: "x@evil.org\u0000@example.com", email_verified: true }],
  ])("let nobody in %s", async (_title, account) => {
    const provider = providerAtFetch();
    await setAdministrators();
    provider.account = { sub: "u-9", ...account };

    const refused = await new Person(provider).open("/sign-in/admin");

    expect(refused.status).toBe(403);
    expect(refused.text).toContain("You are not an administrator here");
    expect(refused.text).toContain("not-an-administrator");
    expect(pendingIn(refused)).toBe("");
  });

  test("never believe an address that the provider calls unverified", async () => {
    const provider = providerAtFetch();
    await setAdministrators({ require_verified_email: false });
    provider.account = { sub: "u-9", email: "anna@example.com", email_verified: false };

    expect((await new Person(provider).open("/sign-in/admin")).status).toBe(403);
  });

  test("that are changed sign everybody out, and make a sign-in on its way void", async () => {
    const provider = providerAtFetch();
    await setAdministrators();
    const anna = new Person(provider);
    const token = await signedIn(anna);
    const asked = await anna.open("/sign-in/admin");

    await setAdministrators({ rules: [{ email: "bob@example.com", role: "viewer" }] });

    expect((await ask("GET", "/api/v1/session", { token })).status).toBe(401);
    const late = await anna.submit("/sign-in/admin", { "sign-in": pendingIn(asked) });
    expect(late.status).toBe(400);
    expect(tokenIn(late)).toBe("");
  });
});

test("where no provider is set for administrators, nothing lets one in", async () => {
  const refused = await new Person().open("/sign-in/admin");

  expect(refused.status).toBe(403);
  expect(refused.text).toContain("Administrators do not sign in here");
});

test("the provider of people makes nobody an administrator, and no invitation does", async () => {
  const provider = providerAtFetch();
  const { rules: _, ...people } = settings;
  expect((await ask("PUT", "/api/v1/sign-in/provider", { json: people })).status).toBe(200);

  const refused = await new Person(provider).open("/sign-in/admin");

  expect(refused.text).toContain("Administrators do not sign in here");
  await ask("DELETE", "/api/v1/sign-in/provider");
});

test("what is confirmed is confirmed once, and in the same browser", async () => {
  const provider = providerAtFetch();
  await setAdministrators();
  const anna = new Person(provider);
  const asked = await anna.open("/sign-in/admin");
  const fields = { "sign-in": pendingIn(asked) };

  const elsewhere = await new Person(provider).submit("/sign-in/admin", fields);
  expect(elsewhere.status).toBe(400);
  expect(tokenIn(elsewhere)).toBe("");
  expect(tokenIn(await anna.submit("/sign-in/admin", fields))).not.toBe("");
  const again = await anna.submit("/sign-in/admin", fields);
  expect(again.text).toContain("code-spent");
  expect(tokenIn(again)).toBe("");
});

test.each(["", "nonsense", "x".repeat(9_000)])("%s confirms nothing", async (pending) => {
  providerAtFetch();
  await setAdministrators();

  expect((await new Person().submit("/sign-in/admin", { "sign-in": pending })).status).toBe(400);
});

describe("a program on the same computer", () => {
  const redirect_uri = "http://127.0.0.1:49152/done";
  const verifier = "v".repeat(43);
  // SHA-256 of the verifier
  const challenge = async () => {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    return btoa(String.fromCharCode(...new Uint8Array(hash)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  };
  const address = async (more: object = {}) => {
    const query = {
      redirect_uri,
      code_challenge: await challenge(),
      code_challenge_method: "S256",
      state: "s 1",
    };
    return `/sign-in/admin?${new URLSearchParams({ ...query, ...more })}`;
  };

  async function codeFor(person: Person): Promise<URL> {
    const asked = await person.open(await address());
    expect(asked.text).toContain("A program on this computer (127.0.0.1:49152)");
    expect(asked.headers.get("Content-Security-Policy")).toContain(
      "form-action 'self' http://127.0.0.1:49152",
    );
    const answer = await person.step(new URL("/sign-in/admin", origin), {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ "sign-in": pendingIn(asked) }).toString(),
    });
    expect(answer.status).toBe(303);
    return new URL(answer.headers.get("Location") ?? "");
  }
  const redeem = (fields: Record<string, string>) =>
    ask("POST", "/sign-in/admin/token", {
      token: null,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ grant_type: "authorization_code", ...fields }).toString(),
    });

  test("gets a code, and for that and its verifier the token, once", async () => {
    const provider = providerAtFetch();
    await setAdministrators({ session_hours: 2 });
    const back = await codeFor(new Person(provider));
    expect(back.href).toMatch(/^http:\/\/127\.0\.0\.1:49152\/done\?code=/);
    expect(back.searchParams.get("state")).toBe("s 1");
    const code = back.searchParams.get("code") ?? "";

    const given = await redeem({ code, redirect_uri, code_verifier: verifier });

    expect(given.json).toMatchObject({ token_type: "Bearer", expires_in: 7_200 });
    expect(given.headers.get("Cache-Control")).toBe("no-store");
    const { json } = await ask("GET", "/api/v1/session", { token: given.json.access_token });
    expect(json).toMatchObject({ name: "anna@example.com", role: "admin", by: "sign-in" });
    const again = await redeem({ code, redirect_uri, code_verifier: verifier });
    expect(again.status).toBe(400);
    expect(again.json).toMatchObject({ error: "invalid_grant" });
  });

  test.each([
    ["another verifier", { code_verifier: "w".repeat(43) }],
    ["no verifier", { code_verifier: "" }],
    ["another redirect_uri", { redirect_uri: "http://127.0.0.1:1/done" }],
    ["another grant", { grant_type: "password" }],
    ["another code", { code: "nonsense" }],
  ])("gets nothing with %s", async (_title, wrong) => {
    const provider = providerAtFetch();
    await setAdministrators();
    const code = (await codeFor(new Person(provider))).searchParams.get("code") ?? "";

    const refused = await redeem({ code, redirect_uri, code_verifier: verifier, ...wrong });

    expect(refused.status).toBe(400);
    expect(refused.json.access_token).toBeUndefined();
  });

  test("gets nothing for what a browser confirms", async () => {
    const provider = providerAtFetch();
    await setAdministrators();
    const asked = await new Person(provider).open(await address());

    const refused = await redeem({ code: pendingIn(asked), redirect_uri, code_verifier: verifier });

    expect(refused.json).toMatchObject({ error: "invalid_grant" });
  });

  test.each([
    ["on another machine", { redirect_uri: "https://evil.example/done" }],
    ["on another machine without TLS", { redirect_uri: "http://192.0.2.1/done" }],
    ["at a name that looks like this computer", { redirect_uri: "http://127.0.0.1.evil.example/" }],
    ["with a name before the address", { redirect_uri: "http://127.0.0.1:1@evil.example/" }],
    ["of another scheme", { redirect_uri: "javascript:alert(1)" }],
    ["without a challenge", { code_challenge: "" }],
    ["with a plain challenge", { code_challenge_method: "plain" }],
  ])("is refused %s, before anybody signs in", async (_title, wrong) => {
    const provider = providerAtFetch();
    await setAdministrators();

    const refused = await new Person(provider).open(await address(wrong));

    expect(refused.status).toBe(400);
    expect(provider.seen).not.toContain("GET /authorize");
  });
});

test("the token of a sign-in is neither changed nor rotated, and is listed as what it is", async () => {
  const provider = providerAtFetch();
  await setAdministrators();
  const token = await signedIn(new Person(provider));
  const { id } = (await ask("GET", "/api/v1/session", { token })).json;

  expect((await ask("GET", `/api/v1/tokens/${id}`)).json).toMatchObject({
    kind: "sign-in",
    name: "anna@example.com",
  });
  const later = { expires_at: new Date(Date.now() + 9e9).toISOString() };
  expect((await ask("PATCH", `/api/v1/tokens/${id}`, { json: later })).status).toBe(409);
  expect((await ask("POST", `/api/v1/tokens/${id}/rotate`, { json: {} })).status).toBe(409);
  expect(await env.DB.prepare("SELECT origin FROM api_tokens WHERE id = ?").bind(id).first("origin")).toBe(
    '{"issuer":"https://id.example.com","subject":"u-1"}',
  );
});

test("only an admin reads or changes how administrators sign in, and the client's secret is never shown", async () => {
  providerAtFetch();
  await setAdministrators();

  const read = await ask("GET", path);

  expect(read.json).toMatchObject({ client_secret: "********", redirect_uri: `${origin}/sign-in/callback` });
  expect(read.text).not.toContain(clientSecret);
  expect((await ask("PUT", path, { json: { ...settings, rules: [] } })).status).toBe(400);
  expect((await ask("PUT", path, { json: { ...settings, rules: [{ role: "admin" }] } })).status).toBe(400);
  const both = [{ email: "a@example.com", group: "g", role: "admin" }];
  expect((await ask("PUT", path, { json: { ...settings, rules: both } })).status).toBe(400);
});

test("a lasting token signs nobody out", async () => {
  expect((await ask("DELETE", "/api/v1/session")).status).toBe(409);
});
