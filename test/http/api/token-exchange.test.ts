import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { forgetKeys } from "../../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../../src/sign-in/metadata.ts";
import { ask, origin, tokenFor } from "../../support/admin.ts";
import { FakeCi } from "../../support/fake-ci/issuer.ts";
import { newKey } from "../../support/fake-provider/provider.ts";

// A job of a CI service has no secret of ours. It shows the token that its service gives it, and gets ours for some minutes.

const rules = "/api/v1/token-exchange-rules";
const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const jwt = "urn:ietf:params:oauth:token-type:jwt";

let github: FakeCi;
let gitlab: FakeCi;

beforeEach(async () => {
  forgetMetadata();
  forgetKeys();
  github = FakeCi.github();
  gitlab = FakeCi.gitlab();
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    const there = [github, gitlab].find(({ issuer }) => request.url.startsWith(`${issuer}/`));
    return there?.fetch(request) ?? new Response("", { status: 404 });
  });
  onTestFinished(() => spy.mockRestore());
  for (const { id } of (await ask("GET", rules)).json.items) await ask("DELETE", `${rules}/${id}`);
});

const rule = (more: object = {}) => ({
  name: "deploy",
  issuer: github.issuer,
  subject: "repo:acme/devices:ref:refs/heads/main",
  role: "operator",
  ...more,
});
async function allowed(more: object = {}): Promise<string> {
  const made = await ask("POST", rules, { json: rule(more) });
  expect(made.status, made.text).toBe(201);
  return made.json.id;
}
const exchange = (subject_token: string, more: Record<string, string> = {}) =>
  ask("POST", "/api/v1/token-exchange", {
    token: null,
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: grantType,
      subject_token,
      subject_token_type: jwt,
      ...more,
    }).toString(),
  });

test("a job of GitHub Actions gets a token for some minutes, and acts under its own name", async () => {
  const id = await allowed({ rights: ["read-escrow"], lifetime_minutes: 5 });

  const given = await exchange(await github.token(origin));

  expect(given.status, given.text).toBe(200);
  expect(given.headers.get("Cache-Control")).toBe("no-store");
  expect(given.json).toEqual({
    access_token: expect.stringMatching(/^emdm_/),
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    token_type: "Bearer",
    expires_in: 300,
  });
  const token = given.json.access_token;
  const name = "deploy: repo:acme/devices:ref:refs/heads/main";
  expect((await ask("GET", "/api/v1/session", { token })).json).toMatchObject({
    name,
    by: "exchange",
    role: "operator",
    rights: ["read-escrow"],
  });
  const audit = await ask("GET", "/api/v1/audit?limit=1");
  expect(audit.json.items[0]).toMatchObject({
    token_name: name,
    route: "/api/v1/token-exchange",
    status: 200,
  });
  expect((await ask("GET", `${rules}/${id}`)).json.last_used_at).not.toBeNull();

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await ask("GET", "/api/v1/session", { token })).status).toBe(401);
});

test("a job of GitLab does too, by rules on other claims", async () => {
  await allowed({
    issuer: gitlab.issuer,
    subject: "project_path:acme/devices:*",
    claims: { ref_protected: "true", user_access_level: ["maintainer", "owner"] },
    role: "viewer",
  });

  expect((await exchange(await gitlab.token(origin))).status).toBe(200);
  gitlab.job = { ...gitlab.job, user_access_level: "developer" };
  const refused = await exchange(await gitlab.token(origin));
  expect(refused.status).toBe(400);
  expect(refused.json).toMatchObject({
    type: "/api/docs#problem-token-not-exchanged",
    error: "invalid_grant",
  });
  expect(refused.json.detail).toContain("no rule of this issuer fits the subject project_path:acme/devices");
});

test("of several rules that fit, the one with the greatest role counts", async () => {
  await allowed({ subject: "repo:acme/*", role: "viewer" });
  await allowed();
  await allowed({ subject: "repo:acme/devices:*", role: "helpdesk" });

  const token = (await exchange(await github.token(origin))).json.access_token;

  expect((await ask("GET", "/api/v1/session", { token })).json.role).toBe("operator");
});

test("a token is exchanged once, by whoever comes first", async () => {
  await allowed();
  const token = await github.token(origin);

  const answers = await Promise.all([exchange(token), exchange(token), exchange(token)]);

  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400]);
  expect((await exchange(token)).json.detail).toContain("exchanged already");
});

test("a token without a name is exchanged once too", async () => {
  await allowed();
  github.job = { ...github.job, jti: undefined };
  const token = await github.token(origin);

  expect([(await exchange(token)).status, (await exchange(token)).status]).toEqual([200, 400]);
});

describe("nothing is given", () => {
  beforeEach(async () => {
    await allowed();
  });

  test.each([
    ["to another repository", { sub: "repo:acme/other:ref:refs/heads/main" }],
    ["to a repository that begins alike", { sub: "repo:acme/devices-evil:ref:refs/heads/main" }],
    ["to a pull request", { sub: "repo:acme/devices:pull_request" }],
    ["to another branch", { sub: "repo:acme/devices:ref:refs/heads/main2" }],
    ["to a job without a subject", { sub: undefined }],
    ["for a token that lasts for years", { exp: Math.floor(Date.now() / 1000) + 1e8 }],
    ["for a token of before", { exp: Math.floor(Date.now() / 1000) - 100 }],
    ["for a token of the future", { iat: Math.floor(Date.now() / 1000) + 500 }],
    ["for a token without an end", { exp: undefined }],
  ])("%s", async (_title, claims) => {
    github.job = { ...github.job, ...claims };

    expect((await exchange(await github.token(origin))).status).toBe(400);
  });

  test("for a token that is meant for another server", async () => {
    expect((await exchange(await github.token("https://other.example"))).status).toBe(400);
    expect((await exchange(await github.token(`${origin}/`))).status).toBe(400);
  });

  test("for a token under another key, and for one without a signature", async () => {
    const { SignJWT } = await import("jose");
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: github.issuer, aud: origin, iat: now, exp: now + 60, ...github.job };
    const key = await newKey();
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: key.kid })
      .sign(key.privateKey);
    const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
    const unsigned = `${encode({ alg: "none" })}.${encode(claims)}.`;

    expect((await exchange(forged)).status).toBe(400);
    expect((await exchange(unsigned)).status).toBe(400);
  });

  test.each(["nonsense", "a.b.c", "..", "x".repeat(40_000)])("for %s", async (token) => {
    expect((await exchange(token)).json).toMatchObject({ error: "invalid_grant" });
  });

  test("and an issuer that no rule names is not even asked", async () => {
    await exchange(await gitlab.token(origin));

    const refused = await exchange(await gitlab.token(origin));

    expect(refused.json.detail).toContain("no rule names the issuer https://gitlab.com");
    expect(gitlab.seen.filter((line) => line !== "GET /job/token")).toEqual([]);
  });

  test.each([
    [{ grant_type: "authorization_code" }],
    [{ subject_token_type: "urn:ietf:params:oauth:token-type:saml2" }],
    [{ requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" }],
    [{ actor_token: "x" }],
    [{ subject_token: "" }],
  ])("for a form with %o", async (wrong) => {
    expect((await exchange(await github.token(origin), wrong)).json).toMatchObject({
      error: "invalid_request",
    });
  });
});

test("the keys are kept, and found again after they changed", async () => {
  await allowed();
  const asked = () => github.seen.filter((line) => line === "GET /.well-known/jwks").length;
  await exchange(await github.token(origin));
  await exchange(await github.token(origin));
  expect(asked()).toBe(1);

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  onTestFinished(() => void vi.useRealTimers());
  await github.rollKeys();

  expect((await exchange(await github.token(origin))).status).toBe(200);
  expect(asked()).toBe(2);
});

test("while the issuer does not answer, the caller reads so", async () => {
  await allowed();
  forgetMetadata();
  const token = await github.token(origin);
  github.down = true;

  const refused = await exchange(token);

  expect(refused.status).toBe(502);
  expect(refused.json).toMatchObject({ error: "temporarily_unavailable" });
});

describe("a rule", () => {
  test("that is changed or deleted revokes what it gave", async () => {
    const id = await allowed();
    const first = (await exchange(await github.token(origin))).json.access_token;
    await ask("PUT", `${rules}/${id}`, { json: rule({ role: "viewer" }) });
    expect((await ask("GET", "/api/v1/session", { token: first })).status).toBe(401);
    const second = (await exchange(await github.token(origin))).json.access_token;
    expect((await ask("GET", "/api/v1/session", { token: second })).json.role).toBe("viewer");

    expect((await ask("DELETE", `${rules}/${id}`)).status).toBe(204);

    expect((await ask("GET", "/api/v1/session", { token: second })).status).toBe(401);
    expect((await exchange(await github.token(origin))).status).toBe(400);
    expect((await ask("GET", `${rules}/${id}`)).status).toBe(404);
    expect((await ask("PUT", `${rules}/${id}`, { json: rule() })).status).toBe(404);
  });

  test.each([
    ["everybody", { subject: "*" }],
    ["everybody of the issuer", { subject: "repo:*" }],
    ["all whose name begins alike", { subject: "repo:acme*" }],
    ["a star in the middle", { subject: "repo:*/devices:x" }],
    ["an issuer that is none", { issuer: "https://nobody.example" }],
    ["an issuer without TLS", { issuer: "http://gitlab.com" }],
    ["a claim without a value", { claims: { ref: [] } }],
    ["a life of years", { lifetime_minutes: 1e6 }],
    ["an unknown role", { role: "root" }],
  ])("for %s is refused", async (_title, wrong) => {
    expect((await ask("POST", rules, { json: rule(wrong) })).status).toBe(400);
  });

  test("for all of an issuer may stand where other claims say whose", async () => {
    await allowed({ subject: "repo:*", claims: { repository_owner_id: "65" } });

    expect((await exchange(await github.token(origin))).status).toBe(200);
    github.job = { ...github.job, repository_owner_id: "66" };
    expect((await exchange(await github.token(origin))).status).toBe(400);
  });

  test("is for admins alone", async () => {
    const token = await tokenFor("operator");

    expect((await ask("POST", rules, { json: rule(), token })).status).toBe(403);
    expect((await ask("GET", rules, { token })).status).toBe(403);
  });
});
