import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { forgetAdministrators } from "../../src/admin/sign-in/administrators.ts";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { forgetProvider } from "../../src/sign-in/provider.ts";
import { ask, origin } from "../support/admin.ts";
import { clientSecret, providerAtFetch } from "../support/fake-provider/at-fetch.ts";
import { type FakeProvider, newKey } from "../support/fake-provider/provider.ts";
import { Person } from "../support/person.ts";

// The provider says that it signed a person out. What it does to devices is told in conversations/account-driven.

const client = {
  kind: "oidc",
  issuer: "https://id.example.com",
  client_id: "edgemdm",
  client_secret: clientSecret,
};
const peoplePath = "/api/v1/sign-in/provider";
const administratorsPath = "/api/v1/sign-in/administrators";

let provider: FakeProvider;

beforeEach(async () => {
  forgetProvider();
  forgetAdministrators();
  forgetMetadata();
  forgetKeys();
  provider = providerAtFetch();
  await ask("DELETE", administratorsPath);
  expect((await ask("PUT", peoplePath, { json: client })).status).toBe(200);
});

async function send(token: string): Promise<{ status: number; error?: string; why?: string }> {
  const answer = await exports.default.fetch(`${origin}/sign-in/backchannel-logout`, {
    method: "POST",
    body: new URLSearchParams({ logout_token: token }),
  });
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  const text = await answer.text();
  if (text === "") return { status: answer.status };
  const { error, error_description: why } = JSON.parse(text);
  return { status: answer.status, error, why };
}

const sessions = () => env.DB.prepare("SELECT count(*) AS n FROM sign_in_sessions").first("n");

async function signedIn(): Promise<Person> {
  await env.DB.prepare("DELETE FROM sign_in_sessions").run();
  const anna = new Person(provider);
  expect((await anna.open("/me")).status).toBe(200);
  return anna;
}

test("a person whom the provider signed out is signed out here, and nobody else is", async () => {
  await signedIn();
  provider.account = { sub: "u-2", email: "bob@example.com", email_verified: true };
  await new Person(provider).open("/me");

  expect(await send(await provider.logoutToken("u-1"))).toEqual({ status: 200 });

  const left = await env.DB.prepare("SELECT person FROM sign_in_sessions").all<{ person: string }>();
  expect(left.results.map(({ person }) => JSON.parse(person).subject)).toEqual(["u-2"]);
});

test("a token is taken once", async () => {
  const token = await provider.logoutToken("u-1");
  expect((await send(token)).status).toBe(200);
  await signedIn();

  const again = await send(token);

  expect(again).toEqual({ status: 400, error: "invalid_request", why: "this token was used already" });
  expect(await sessions()).toBe(1);
});

test("somebody who is unknown here is signed out already", async () => {
  await signedIn();

  expect(await send(await provider.logoutToken("u-unknown"))).toEqual({ status: 200 });
  expect(await sessions()).toBe(1);
});

const seconds = () => Math.floor(Date.now() / 1000);

test.each<[string, () => Record<string, unknown>, string]>([
  ["of another issuer", () => ({ iss: "https://other.example.com" }), "not from a provider"],
  ["for another client", () => ({ aud: "somebody-else" }), "aud"],
  ["with a nonce, as ID tokens have", () => ({ nonce: "n" }), "nonce"],
  ["without events", () => ({ events: undefined }), "events"],
  ["with another event", () => ({ events: { "https://example.com/other": {} } }), "events"],
  [
    "with an event that is no object",
    () => ({ events: { "http://schemas.openid.net/event/backchannel-logout": true } }),
    "events",
  ],
  ["that has expired", () => ({ iat: seconds() - 400, exp: seconds() - 300 }), "expired"],
  ["that is old, and is to be good for long", () => ({ iat: seconds() - 900, exp: seconds() + 900 }), "five"],
  ["from the future", () => ({ iat: seconds() + 900, exp: seconds() + 1_000 }), "future"],
  ["that names a session alone", () => ({ sub: undefined, sid: "s-1" }), "sub"],
  ["without a name of its own", () => ({ jti: undefined }), "jti"],
])("a token %s is refused, and signs nobody out", async (_, other, why) => {
  await signedIn();

  const answer = await send(await provider.logoutToken("u-1", other()));

  expect(answer).toMatchObject({ status: 400, error: "invalid_request" });
  expect(answer.why).toContain(why);
  expect(await sessions()).toBe(1);
});

test("a token under a key that is not the provider's, or of another type, is refused", async () => {
  await signedIn();
  expect(await send(await provider.logoutToken("u-1", {}, "at+jwt"))).toMatchObject({ status: 400 });
  provider.signWith = await newKey();
  expect(await send(await provider.logoutToken("u-1"))).toMatchObject({ status: 400 });
  expect(await sessions()).toBe(1);
});

test.each(["", "x", "a.b.c", "x".repeat(40_000), "x".repeat(100_000)])(
  "what is no token is refused before anybody is asked",
  async (token) => {
    const before = provider.seen.length;

    expect(await send(token)).toMatchObject({ status: 400, error: "invalid_request" });
    expect(provider.seen.length).toBe(before);
  },
);

test("while the provider does not answer nobody is signed out, and the same token works afterwards", async () => {
  await signedIn();
  const token = await provider.logoutToken("u-1");
  forgetKeys();
  forgetMetadata();
  provider.down = true;
  expect((await send(token)).status).toBe(400);
  expect(await sessions()).toBe(1);

  provider.down = false;
  expect((await send(token)).status).toBe(200);
  expect(await sessions()).toBe(0);
});

test("an administrator's API tokens end, those of another one do not", async () => {
  const rules = [{ email_domain: "example.com", role: "viewer" }];
  const put = await ask("PUT", administratorsPath, { json: { ...client, rules } });
  expect(put.status, put.text).toBe(200);
  const tokenOf = async (sub: string): Promise<string> => {
    provider.account = { sub, email: `${sub}@example.com`, email_verified: true };
    const person = new Person(provider);
    const asked = await person.open("/sign-in/admin");
    const pending = /name="sign-in" value="([^"]+)"/.exec(asked.text)?.[1] ?? "";
    const shown = await person.submit("/sign-in/admin", { "sign-in": pending });
    return /value="(emdm_[^"]+)"/.exec(shown.text)?.[1] ?? "";
  };
  const [anna, bob] = [await tokenOf("anna"), await tokenOf("bob")];
  const statusOf = async (token: string) => (await ask("GET", "/api/v1/session", { token })).status;
  expect([await statusOf(anna), await statusOf(bob)]).toEqual([200, 200]);

  expect(await send(await provider.logoutToken("anna"))).toEqual({ status: 200 });

  expect([await statusOf(anna), await statusOf(bob)]).toEqual([401, 200]);
});

test("a person is found by an index", async () => {
  for (const table of ["account_grants", "sign_in_sessions"]) {
    const plan = await env.DB.prepare(
      `EXPLAIN QUERY PLAN SELECT id FROM ${table} WHERE "${table}"."person" ->> '$.issuer' = ? AND "${table}"."person" ->> '$.subject' = ?`,
    )
      .bind("i", "s")
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail).join()).toContain(`${table}_person`);
  }
});

test("an hour later a token of before is still refused", async () => {
  const token = await provider.logoutToken("u-1", { exp: seconds() + 86_400 });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());

  expect((await send(token)).status).toBe(400);
});
