import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { chromiumPath, settled, visit } from "../../support/node/browser.ts";
import type { RealServer } from "../../support/node/real-server.ts";
import { stageBrowser, stageServer } from "../../support/node/stage.ts";

// Cloudflare Access in front of the console. With the asset layer before it, the platform tells the Worker nothing of who came
// through: the assertion of each request is verified, as it came over HTTP.

const team = "https://example.cloudflareaccess.com";
const outside = globalThis.fetch;

let server: RealServer;
let key: Awaited<ReturnType<typeof generateKeyPair>>;
beforeAll(async () => {
  key = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(key.publicKey)), kid: "one", alg: "RS256", use: "sig" };
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) =>
    new Request(input as Request, init).url === `${team}/cdn-cgi/access/certs`
      ? Promise.resolve(Response.json({ keys: [jwk] }))
      : outside(input, init),
  );
  server = await stageServer();
  const set = await server.api("PUT", "/sign-in/administrators", {
    kind: "access",
    issuer: team,
    client_id: "tag",
    rules: [{ email: "ada@example.com", role: "operator" }],
  });
  expect(set.status, await set.clone().text()).toBe(200);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const assertion = (claims: Record<string, unknown> = {}): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  const told = { iss: team, aud: ["tag"], sub: "s", email: "ada@example.com", iat: now, exp: now + 60 };
  return new SignJWT({ ...told, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .sign(key.privateKey);
};

const session = (headers: Record<string, string>): Promise<Response> =>
  outside(`${server.origin}/api/v1/session`, { headers: { "X-Edgemdm-Request": "console", ...headers } });

test("who comes through Access is signed in without a token, with the role of the rules", async () => {
  const answer = await session({ "Cf-Access-Jwt-Assertion": await assertion() });

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ role: "operator", by: "access" });
});

test.each<[string, Record<string, unknown>, number]>([
  ["for another application", { aud: ["another"] }, 401],
  ["of another team", { iss: "https://evil.cloudflareaccess.com" }, 401],
  ["that is over", { exp: 1_000 }, 401],
  ["of nobody whom the rules name", { email: "eve@example.com" }, 403],
])("an assertion %s lets nobody in", async (_title, claims, status) => {
  const answer = await session({ "Cf-Access-Jwt-Assertion": await assertion(claims) });

  expect(answer.status).toBe(status);
});

test("what only looks like an assertion lets nobody in, and neither does none", async () => {
  expect((await session({ "Cf-Access-Jwt-Assertion": "e30.e30.e30" })).status).toBe(401);
  expect((await session({})).status).toBe(401);
});

test("a page of another site gets nothing by the cookie of Access", async () => {
  const headers = { "Cf-Access-Jwt-Assertion": await assertion(), "Sec-Fetch-Site": "cross-site" };

  expect((await session(headers)).status).toBe(403);
});

test.skipIf(!chromiumPath)(
  "whom Access lets through sees the console at once, and is asked for nothing",
  async () => {
    const { page, context, complaints, close } = await visit(await stageBrowser(), server.origin);
    await context.setExtraHTTPHeaders({ "Cf-Access-Jwt-Assertion": await assertion() });
    await page.goto(`${server.origin}/console/devices`);
    await settled(page);

    await page.locator(".sidebar").getByText("ada@example.com").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Devices");
    expect(complaints).toEqual([]);
    await close();
  },
);
