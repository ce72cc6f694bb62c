import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SignJWT } from "jose";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { forgetAdministrators } from "../../../src/admin/sign-in/administrators.ts";
import { forgetKeys } from "../../../src/sign-in/keys.ts";
import { ask, origin, tokenFor } from "../../support/admin.ts";
import { newKey } from "../../support/fake-provider/provider.ts";

// Cloudflare Access in front of the API: people come through without a token, programs with theirs as ever.

const team = "https://example.cloudflareaccess.com";
const settings = {
  kind: "access",
  issuer: team,
  client_id: "tag",
  rules: [
    { email: "anna@example.com", role: "admin" },
    { group: "help", role: "helpdesk" },
  ],
};
let key = await newKey();
let others: Awaited<ReturnType<typeof newKey>>[] = [];
let asked = 0;

beforeEach(async () => {
  forgetAdministrators();
  forgetKeys();
  key = await newKey();
  others = [];
  asked = 0;
  const put = await ask("PUT", "/api/v1/sign-in/administrators", { json: settings });
  expect(put.status, put.text).toBe(200);
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const { url } = new Request(input as RequestInfo);
    if (url !== `${team}/cdn-cgi/access/certs`) return new Response("", { status: 404 });
    asked++;
    return Response.json({ keys: [...others, key].map(({ jwk }) => jwk) });
  });
});

async function assertion(claims: object = {}, signer = key): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const told = {
    iss: team,
    aud: ["tag"],
    sub: "7",
    email: "anna@example.com",
    iat: now,
    exp: now + 60,
    ...claims,
  };
  return new SignJWT(told).setProtectedHeader({ alg: "RS256", kid: signer.kid }).sign(signer.privateKey);
}

type More = { headers?: Record<string, string>; json?: unknown };
const through = async (method: string, path: string, jwt: string, { headers = {}, json }: More = {}) =>
  ask(method, path, { token: null, headers: { "Cf-Access-Jwt-Assertion": jwt, ...headers }, json });

test("a person who comes through Access acts under the own name", async () => {
  const jwt = await assertion();

  const who = await through("GET", "/api/v1/session", jwt);

  expect(who.json).toMatchObject({ name: "anna@example.com", by: "access", role: "admin", expires_at: null });
  const headers = { "X-Edgemdm-Request": "1" };
  expect((await through("PUT", "/api/v1/sets/by-access", jwt, { json: {}, headers })).status).toBe(201);
  const audit = await ask("GET", "/api/v1/audit?limit=1");
  expect(audit.json.items[0]).toMatchObject({ token_id: "access:7", token_name: "anna@example.com" });
  const out = await through("DELETE", "/api/v1/session", jwt, { headers });
  expect(out.json).toEqual({ provider_sign_out: `${team}/cdn-cgi/access/logout` });
});

test("a group of Access gives a role, and no more than that", async () => {
  const jwt = await assertion({ email: "bob@example.org", groups: [{ id: "1", name: "help" }] });

  expect((await through("GET", "/api/v1/session", jwt)).json).toMatchObject({ role: "helpdesk" });
  const refused = await through("GET", "/api/v1/tokens", jwt);
  expect(refused.status).toBe(403);
  expect(refused.json.detail).toContain('"bob@example.org" has the role helpdesk');
});

test("whom no rule fits gets nothing, and reads why", async () => {
  const refused = await through("GET", "/api/v1/session", await assertion({ email: "eve@example.org" }));

  expect(refused.status).toBe(403);
  expect(refused.json.detail).toContain("no rule for administrators fits eve@example.org");
});

test.each([
  ["for another application", async () => assertion({ aud: ["other"] })],
  ["of another team", async () => assertion({ iss: "https://evil.cloudflareaccess.com" })],
  ["that is over", async () => assertion({ exp: Math.floor(Date.now() / 1000) - 120 })],
  ["under another key", async () => assertion({}, await newKey())],
  ["of a service, without a person", async () => assertion({ sub: "", common_name: "x.access" })],
  ["that is none", async () => "nonsense"],
])("an assertion %s is worth nothing", async (_title, make) => {
  const refused = await through("GET", "/api/v1/session", await make());

  expect(refused.status).toBe(401);
  expect(refused.json.detail).toContain("Cloudflare Access is not good");
});

test("after Access changed its keys, its assertions are good at once", async () => {
  expect((await through("GET", "/api/v1/session", await assertion())).status).toBe(200);
  expect((await through("GET", "/api/v1/session", await assertion())).status).toBe(200);
  expect(asked).toBe(1);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  others = [key];
  key = await newKey();

  expect((await through("GET", "/api/v1/session", await assertion())).status).toBe(200);
  expect(asked).toBe(2);
  vi.useRealTimers();
});

test("a token counts more than Access, and is needed where Access is not set", async () => {
  const jwt = await assertion();
  const viewer = await tokenFor("viewer");
  const both = { Authorization: `Bearer ${viewer}` };

  expect((await through("GET", "/api/v1/session", jwt, { headers: both })).json.role).toBe("viewer");
  const wrong = { Authorization: `Bearer ${viewer}x` };
  expect((await through("GET", "/api/v1/session", jwt, { headers: wrong })).status).toBe(401);
  await ask("DELETE", "/api/v1/sign-in/administrators");
  expect((await through("GET", "/api/v1/session", jwt)).status).toBe(401);
  expect((await ask("GET", "/api/v1/session", { token: viewer })).status).toBe(200);
});

describe("a browser that carries Access's cookie to", () => {
  const change = async (headers: Record<string, string>) =>
    through("PUT", "/api/v1/sets/by-browser", await assertion(), { json: {}, headers });
  const readSecret = async (headers: Record<string, string>) =>
    through("GET", "/api/v1/devices/none/escrow/filevault-key", await assertion(), { headers });

  const foreign = [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "none" },
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "https://evil.example", "X-Edgemdm-Request": "1" },
    {},
  ];
  test.each(foreign)("a change, sent by another site (%o), changes nothing", async (headers) => {
    const refused = await change(headers);

    expect(refused.status).toBe(403);
    expect(refused.json.detail).toContain("X-Edgemdm-Request");
    expect((await ask("GET", "/api/v1/sets/by-browser")).status).toBe(404);
  });

  test.each(foreign)("a secret, sent by another site (%o), shows nothing", async (headers) => {
    expect((await readSecret(headers)).status).toBe(403);
  });

  test.each([
    { "Sec-Fetch-Site": "same-origin" },
    { "Sec-Fetch-Site": "same-origin", Origin: origin },
    { Origin: origin },
    { "X-Edgemdm-Request": "1" },
  ])("a page of this server, or a program (%o), may", async (headers) => {
    expect((await readSecret(headers)).status).toBe(404);
  });

  test("reading, from the address bar, may; from another site it may not", async () => {
    const read = async (site: string) =>
      (await through("GET", "/api/v1/sets", await assertion(), { headers: { "Sec-Fetch-Site": site } }))
        .status;

    expect([await read("none"), await read("cross-site")]).toEqual([200, 403]);
  });
});

test("where the platform has verified it, ctx.access says who it is, if it is for this application", async () => {
  const { app } = await import("../../../src/app.ts");
  const withAccess = async (aud: string) => {
    const context = createExecutionContext();
    const identity = { email: "anna@example.com", user_uuid: "u-7" };
    Object.defineProperty(context, "access", { value: { aud, getIdentity: async () => identity } });
    const answer = await app.fetch(new Request(`${origin}/api/v1/session`), env, context);
    await waitOnExecutionContext(context);
    return answer;
  };

  expect(await (await withAccess("tag")).json()).toMatchObject({ id: "access:u-7", role: "admin" });
  expect((await withAccess("other")).status).toBe(401);
  expect(asked).toBe(0);
});
