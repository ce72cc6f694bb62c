import { env } from "cloudflare:workers";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { forgetProvider } from "../../src/sign-in/provider.ts";
import { ask, origin } from "../support/admin.ts";
import { clientSecret, providerAtFetch } from "../support/fake-provider/at-fetch.ts";
import { newKey } from "../support/fake-provider/provider.ts";
import { Person } from "../support/person.ts";

// People sign in, by a provider that refuses what real ones refuse, and see at /me who they are taken for.

const path = "/api/v1/sign-in/provider";
const settings = {
  kind: "oidc",
  issuer: "https://id.example.com",
  client_id: "edgemdm",
  client_secret: clientSecret,
  allowed_domains: ["example.com"],
};

async function setProvider(more: object = {}): Promise<void> {
  const put = await ask("PUT", path, { json: { ...settings, ...more } });
  expect(put.status, put.text).toBe(200);
}

beforeEach(async () => {
  forgetProvider();
  forgetMetadata();
  forgetKeys();
  await ask("DELETE", path);
});

test("a person signs in, is known, and signs out here and at the provider", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const anna = new Person(provider);

  const me = await anna.open("/me");

  expect(me.status, me.text).toBe(200);
  expect(me.url).toBe(`${origin}/me`);
  expect(me.text).toContain("anna@example.com");
  expect(me.text).toContain("Anna Adams");

  const out = await anna.submit("/sign-out", {});

  expect(out.text).toContain("You are signed out");
  expect(provider.seen).toContain("GET /logout");
  expect(await env.DB.prepare("SELECT count(*) AS n FROM sign_in_sessions").first("n")).toBe(0);
  await anna.open("/me");
  expect(provider.seen.filter((line) => line === "GET /authorize").length).toBe(2);
});

test("a cookie of a session is worth nothing after the session ended", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const anna = new Person(provider);
  await anna.open("/me");
  const cookies = new Map(anna.cookies);
  await anna.submit("/sign-out", {});

  const thief = new Person(provider);
  for (const [name, value] of cookies) if (name.includes("session")) thief.cookies.set(name, value);
  provider.account = { sub: "u-2", email: "mallory@example.com", email_verified: true };

  expect((await thief.open("/me")).text).toContain("mallory@example.com");
});

test.each(["client_secret_basic", "client_secret_post"])(
  "the client proves itself by %s",
  async (client_auth) => {
    const provider = providerAtFetch();
    await setProvider({ client_auth });

    expect((await new Person(provider).open("/me")).status).toBe(200);
  },
);

test("a public client proves itself by PKCE alone", async () => {
  const provider = providerAtFetch();
  provider.client.secret = null;
  await setProvider({ client_auth: "none", client_secret: undefined });

  expect((await new Person(provider).open("/me")).status).toBe(200);
});

test("what the provider keeps out of the ID token is asked for", async () => {
  const provider = providerAtFetch();
  provider.lean = true;
  await setProvider();

  expect((await new Person(provider).open("/me")).text).toContain("anna@example.com");
});

test("the Managed Apple Account may be of another claim and another domain", async () => {
  const provider = providerAtFetch();
  provider.account = { sub: "u-1", email: "a@gmail.example", preferred_username: "Anna.Adams@example.com" };
  await setProvider({ account_claim: "preferred_username", account_domain: "appleid.example.com" });

  expect((await new Person(provider).open("/me")).text).toContain("anna.adams@appleid.example.com");
});

test("after the provider changed its keys a sign-in works at once", async () => {
  const provider = providerAtFetch();
  await setProvider();
  await new Person(provider).open("/me");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  onTestFinished(() => void vi.useRealTimers());
  await provider.rollKeys();

  expect((await new Person(provider).open("/me")).status).toBe(200);
  expect(provider.seen.filter((line) => line === "GET /jwks").length).toBe(2);
});

test("tokens under unknown keys make the provider be asked once a minute, and no more", async () => {
  const provider = providerAtFetch();
  await setProvider();
  provider.signWith = await newKey();
  for (let time = 0; time < 4; time++) expect((await new Person(provider).open("/me")).status).toBe(403);

  expect(provider.seen.filter((line) => line === "GET /jwks").length).toBe(1);
});

test("a provider that is down is told so in words, with the same sign-in to try again", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const anna = new Person(provider);
  // The browser reaches it, and this server does not.
  const back = await authorizationBack(anna, provider);
  provider.down = true;
  const page = await anna.open(back);
  provider.down = false;

  expect(page.status).toBe(503);
  expect(page.text).toContain("does not answer");
  const again = /href="(\/sign-in\/again[^"]+)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect((await anna.open(again)).text).toContain("anna@example.com");
});

/** Where the provider sends the browser back to. */
async function authorizationBack(
  anna: Person,
  provider: ReturnType<typeof providerAtFetch>,
): Promise<string> {
  const begun = await anna.step(new URL("/me", origin), {});
  const asked = await provider.fetch(new Request(begun.headers.get("Location") ?? ""));
  return asked.headers.get("Location") ?? "";
}

test("a clock that is a little off is forgiven, and one that is far off is named", async () => {
  const provider = providerAtFetch();
  await setProvider();
  provider.clockMs = 45_000;
  expect((await new Person(provider).open("/me")).status).toBe(200);
  provider.clockMs = -10 * 60_000;

  const late = await new Person(provider).open("/me");

  expect(late.status).toBe(502);
  expect(late.text).toContain("clock-differs");
});

test("prompt is passed on, and after the wrong account people must sign in again", async () => {
  const provider = providerAtFetch();
  await setProvider({ prompt: "consent" });
  provider.account = { sub: "u-9", email: "guest@elsewhere.example", email_verified: true };
  const guest = new Person(provider);

  const page = await guest.open("/me");

  expect(page.status).toBe(403);
  expect(page.text).toContain("domain-not-allowed");
  expect(guest.went[1]).toContain("prompt=consent");
  const again = /href="(\/sign-in\/again[^"]+)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  await guest.open(again);
  expect(guest.went.at(-2)).toContain("prompt=login");
});

type Provider = ReturnType<typeof providerAtFetch>;
const claims = (change: Record<string, unknown>) => (provider: Provider) => {
  provider.claims = (told) => ({ ...told, ...change });
};

test.each<[string, (provider: Provider) => void, number]>([
  ["token-invalid", claims({ nonce: "of another sign-in" }), 403],
  ["token-invalid", claims({ nonce: undefined }), 403],
  ["token-invalid", claims({ iss: "https://id.elsewhere.example" }), 403],
  ["token-invalid", claims({ aud: "another client" }), 403],
  ["token-invalid", claims({ aud: ["edgemdm", "another client"] }), 403],
  ["token-invalid", claims({ azp: "another client" }), 403],
  ["token-invalid", claims({ exp: undefined }), 403],
  ["token-invalid", claims({ sub: undefined }), 403],
  ["clock-differs", claims({ exp: 1_000 }), 502],
  ["clock-differs", claims({ iat: 9_999_999_999, exp: 9_999_999_999 }), 502],
  [
    "no-account",
    (provider) => {
      provider.account = { sub: "u-1" };
    },
    403,
  ],
  ["no-account", claims({ email: "no address" }), 403],
  ["no-account", claims({ email: 7 }), 403],
  ["domain-not-allowed", claims({ email: "anna@example.com.evil.example" }), 403],
  ["domain-not-allowed", claims({ email: "anna@example.com@evil.example" }), 403],
  ["email-not-verified", claims({ email_verified: false }), 403],
  [
    "cancelled",
    (provider) => {
      provider.cancels = true;
    },
    403,
  ],
  [
    "client-not-accepted",
    (provider) => {
      provider.client.secret = "another";
    },
    502,
  ],
])("%s is told in words, and signs nobody in (%#)", async (reason, spoil, status) => {
  const provider = providerAtFetch();
  await setProvider();
  spoil(provider);
  const anna = new Person(provider);

  const page = await anna.open("/me");

  expect(page.text).toContain(reason);
  expect(page.status).toBe(status);
  expect([...anna.cookies.keys()].filter((name) => name.includes("session"))).toEqual([]);
});

test("a token without a signature, and one signed with the client's secret, are refused", async () => {
  const { SignJWT, UnsecuredJWT } = await import("jose");
  const provider = providerAtFetch();
  await setProvider();
  const others = provider.fetch.bind(provider);
  const now = Math.floor(Date.now() / 1000);
  const told = {
    sub: "u-1",
    email: "anna@example.com",
    iss: provider.issuer,
    aud: "edgemdm",
    iat: now,
    exp: now + 300,
  };
  const forged = [
    new UnsecuredJWT(told).encode(),
    await new SignJWT(told).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(clientSecret)),
  ];
  for (const id_token of forged) {
    vi.spyOn(provider, "fetch").mockImplementation(async (request) =>
      request.url.endsWith("/token") ? Response.json({ id_token }) : others(request),
    );

    const page = await new Person(provider).open("/me");

    expect(page.status).toBe(403);
    expect(page.text).toContain("token-invalid");
  }
});

test("a link that somebody else began signs nobody in", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const mallory = new Person(provider);
  const back = await authorizationBack(mallory, provider);

  const victim = await new Person(provider).open(back);

  expect(victim.status).toBe(400);
  expect(victim.text).toContain("other-browser");
  expect(provider.seen).not.toContain("POST /token");
});

test("a code brings one person in, once", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const anna = new Person(provider);
  const back = await authorizationBack(anna, provider);
  expect((await anna.open(back)).status).toBe(200);

  const again = await anna.open(back);

  expect(again.status).toBe(400);
  expect(again.text).toContain("code-spent");
});

test("an answer in another provider's name is refused before its code is used", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const anna = new Person(provider);
  for (const iss of ["https://id.elsewhere.example", undefined]) {
    const back = new URL(await authorizationBack(anna, provider));
    if (iss) back.searchParams.set("iss", iss);
    else back.searchParams.delete("iss");

    expect((await anna.open(back.href)).text).toContain("provider-misbehaves");
  }
  expect(provider.seen).not.toContain("POST /token");
});

test.each(["", "?state=", "?state=abc&code=1", `?state=${"A".repeat(5_000)}`, "?code=1&error=x"])(
  "the way back refuses %s",
  async (query) => {
    const provider = providerAtFetch();
    await setProvider();

    const page = await new Person(provider).open(`/sign-in/callback${query}`);

    expect(page.status).toBe(400);
    expect(page.text).toContain("state-unknown");
  },
);

test("a sign-in ends after an hour", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const anna = new Person(provider);
  const back = await authorizationBack(anna, provider);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61 * 60_000 });
  onTestFinished(() => void vi.useRealTimers());

  expect((await anna.open(back)).text).toContain("state-unknown");
});

test("what a provider says is read by whoever is signed in as text, never as HTML", async () => {
  const provider = providerAtFetch();
  await setProvider();
  provider.account = { ...provider.account, name: "<script>alert(1)</script>" };

  const me = await new Person(provider).open("/me");

  expect(me.text).not.toContain("<script>");
  expect(me.text).toContain("&lt;script&gt;");
});

test("the provider's settings keep their secret, and a change without it keeps it too", async () => {
  const provider = providerAtFetch();
  await setProvider();
  const read = await ask("GET", path);
  expect(read.json).toMatchObject({
    client_secret: "********",
    redirect_uri: `${origin}/sign-in/callback`,
    account_claim: "email",
  });
  const row = await env.DB.prepare("SELECT * FROM sign_in_provider").first();
  expect(JSON.stringify(row)).not.toContain(clientSecret);

  await setProvider({ client_secret: undefined, session_hours: 1 });

  expect((await new Person(provider).open("/me")).status).toBe(200);
  const other = await ask("PUT", path, { json: { ...settings, client_id: "x", client_secret: undefined } });
  expect(other.json.errors).toMatchObject([{ pointer: "/client_secret", code: "missing" }]);
});

test.each<[string, object]>([
  ["an issuer that spells itself otherwise", { issuer: "https://id.example.com/" }],
  ["an address where no provider is", { issuer: "https://id.example.com/tenant" }],
  ["an address without TLS", { issuer: "http://id.example.com" }],
  ["this machine, for a server that is not on it", { issuer: "http://localhost:9000" }],
  ["scopes without openid", { scopes: ["email"] }],
  ["a domain that is none", { allowed_domains: ["example"] }],
])("%s is refused as provider", async (_title, change) => {
  providerAtFetch();

  const put = await ask("PUT", path, { json: { ...settings, ...change } });

  expect(put.status, put.text).toBe(400);
  expect((await ask("GET", path)).status).toBe(404);
});

test("whoever was signed in by another issuer must sign in again", async () => {
  const first = providerAtFetch();
  await setProvider();
  const anna = new Person(first);
  await anna.open("/me");
  const second = providerAtFetch("https://login.example.org");
  await setProvider({ issuer: second.issuer });

  const page = await anna.step(new URL("/me", origin), {});

  expect(page.headers.get("Location")).toContain("https://login.example.org/authorize");
});
