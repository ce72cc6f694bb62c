import { beforeEach, expect, test, vi } from "vitest";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetProvider } from "../../src/sign-in/provider.ts";
import { ask } from "../support/admin.ts";
import { newKey } from "../support/fake-provider/provider.ts";
import { Person } from "../support/person.ts";

// Where there is no OpenID Connect provider: an invitation's code, or Cloudflare Access in front of the page.

const path = "/api/v1/sign-in/provider";

beforeEach(async () => {
  forgetProvider();
  forgetKeys();
  await ask("DELETE", path);
});

const stateOf = (text: string): string => /name="state" value="([^"]+)"/.exec(text)?.[1] ?? "";

const invite = async (more: object = {}): Promise<string> =>
  (await ask("POST", "/api/v1/enrollment/invitations", { json: { user: "anna@example.com", ...more } })).json
    .code;

test("without a provider people sign in by the code of an invitation, once for each use", async () => {
  const code = await invite();
  const anna = new Person();
  const form = await anna.open("/me");
  expect(form.text).toContain("Sign in with your invitation");

  const me = await anna.submit("/sign-in/code", { state: stateOf(form.text), code: ` ${code} ` });

  expect(me.text).toContain("anna@example.com");
  const other = new Person();
  const again = await other.open("/me");
  const refused = await other.submit("/sign-in/code", { state: stateOf(again.text), code });
  expect(refused.status).toBe(403);
  expect(refused.text).toContain("That code is not good");
});

test.each(["", "nonsense", "x".repeat(5_000)])("%s is no code, and may be corrected", async (code) => {
  const anna = new Person();
  const form = await anna.open("/me");

  const refused = await anna.submit("/sign-in/code", { state: stateOf(form.text), code });

  expect(refused.status).toBe(403);
  expect(stateOf(refused.text)).not.toBe("");
});

test("a code is entered where the sign-in began, and nowhere else", async () => {
  const form = await new Person().open("/me");
  const code = await invite();

  const elsewhere = await new Person().submit("/sign-in/code", { state: stateOf(form.text), code });

  expect(elsewhere.text).toContain("other-browser");
  const mine = new Person();
  const again = await mine.open("/me");
  expect((await mine.submit("/sign-in/code", { state: stateOf(again.text), code })).text).toContain(
    "anna@example.com",
  );
});

const team = "https://example.cloudflareaccess.com";

/** Access in front of the page: what it says of who comes through. */
async function access(claims: object = {}) {
  const { SignJWT } = await import("jose");
  const key = await newKey();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const { url } = new Request(input as RequestInfo);
    return url === `${team}/cdn-cgi/access/certs`
      ? Response.json({ keys: [key.jwk] })
      : new Response("", { status: 404 });
  });
  const now = Math.floor(Date.now() / 1000);
  const told = {
    iss: team,
    aud: ["tag"],
    sub: "s",
    email: "anna@example.com",
    iat: now,
    exp: now + 60,
    ...claims,
  };
  return new SignJWT(told).setProtectedHeader({ alg: "RS256", kid: key.kid }).sign(key.privateKey);
}

const behindAccess = () => ask("PUT", path, { json: { kind: "access", issuer: team, client_id: "tag" } });

test("behind Cloudflare Access its assertion says who comes", async () => {
  await behindAccess();
  const anna = new Person();
  anna.headers = { "Cf-Access-Jwt-Assertion": await access() };

  expect((await anna.open("/me")).text).toContain("anna@example.com");
});

test.each<[string, object | undefined, string]>([
  ["an assertion for another application", { aud: ["another"] }, "token-invalid"],
  ["an assertion of another team", { iss: "https://evil.cloudflareaccess.com" }, "token-invalid"],
  ["an assertion that is over", { exp: 1_000 }, "clock-differs"],
  ["a service token, which is nobody", { email: undefined, sub: "" }, "token-invalid"],
  ["whoever went around Access", undefined, "access-missing"],
])("%s signs nobody in", async (_title, claims, reason) => {
  await behindAccess();
  const anna = new Person();
  if (claims) anna.headers = { "Cf-Access-Jwt-Assertion": await access(claims) };

  const page = await anna.open("/me");

  expect(page.text).toContain(reason);
  expect(page.status).toBeGreaterThanOrEqual(400);
});

test("where there is a provider, a code does not lead around it", async () => {
  const code = await invite();
  const anna = new Person();
  const form = await anna.open("/me");
  await behindAccess();

  const refused = await anna.submit("/sign-in/code", { state: stateOf(form.text), code });

  expect(refused.status).toBe(400);
});
