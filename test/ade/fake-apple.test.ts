import { expect, test } from "vitest";
import { oauthHeader } from "../../src/ade/oauth.ts";
import { FakeApple } from "../support/fake-apple/apple.ts";

// The fake refuses what Apple refuses: here it is asked without the client, so that a mistake of ours would show.

const at = Date.parse("2026-08-01T08:00:00Z");
const url = "https://mdmenrollment.apple.com/session";
const agent = { "User-Agent": "edgemdm/0.1", "Content-Type": "application/json" };

function portal() {
  let time = at;
  const apple = new FakeApple(() => time);
  const server = apple.addServer();
  const token = server.issueToken();
  const header = (nonce = "n1", timestamp = time / 1000) => oauthHeader(token, { url, timestamp, nonce });
  const logIn = async (Authorization: string, headers: Record<string, string> = agent) =>
    apple.fetch(new Request(url, { headers: { ...headers, Authorization } }));
  const ask = (path: string, session: string, init: RequestInit = {}) =>
    apple.fetch(
      new Request(`https://mdmenrollment.apple.com${path}`, {
        ...init,
        headers: { ...agent, "X-ADM-Auth-Session": session },
      }),
    );
  const pass = (ms: number): void => {
    time += ms;
  };
  const session = async (): Promise<string> => {
    const answer = await logIn(await header(crypto.randomUUID()));
    return ((await answer.json()) as { auth_session_token: string }).auth_session_token;
  };
  return { apple, server, token, header, logIn, ask, session, pass };
}

test("a right signature opens a session, and the same one never again", async () => {
  const { header, logIn } = portal();

  expect((await logIn(await header())).status).toBe(200);
  expect((await logIn(await header())).status).toBe(401);
  expect((await logIn(await header("n2"))).status).toBe(200);
});

test.each<[string, (header: string) => string, number]>([
  ["another signature", (header) => header.replace(/oauth_signature="./, 'oauth_signature="%00'), 401],
  ["another nonce than was signed", (header) => header.replace("n1", "n9"), 401],
  ["an unknown consumer", (header) => header.replace("CK_", "CK_0"), 401],
  ["another method", (header) => header.replace("HMAC-SHA1", "PLAINTEXT"), 400],
  ["a parameter too many", (header) => `${header}, oauth_callback="x"`, 400],
  ["a parameter twice", (header) => `${header}, oauth_nonce="n1"`, 400],
  ["no nonce", (header) => header.replace(', oauth_nonce="n1"', ""), 400],
  ["another realm", (header) => header.replace("ADM", "MDM"), 400],
  ["no OAuth", () => "Basic abc", 400],
])("%s opens none", async (_, change, status) => {
  const { header, logIn } = portal();

  expect((await logIn(change(await header()))).status).toBe(status);
});

test("a clock that is six minutes wrong opens none, one of four does", async () => {
  const { header, logIn } = portal();

  expect((await logIn(await header("n1", at / 1000 - 360))).status).toBe(401);
  expect((await logIn(await header("n2", at / 1000 + 240))).status).toBe(200);
});

test("a caller without a name or a content type opens none", async () => {
  const { header, logIn } = portal();

  expect(await (await logIn(await header(), { "Content-Type": "application/json" })).text()).toBe(
    "USER_AGENT_MISSING",
  );
  expect((await logIn(await header(), { "User-Agent": "edgemdm/0.1" })).status).toBe(400);
});

test("a session that was replaced is good once more, and ends", async () => {
  const { apple, ask, session } = portal();
  apple.sessions.rotateEvery = 1;
  const first = await session();

  const next = (await ask("/account", first)).headers.get("X-ADM-Auth-Session") ?? "";
  expect((await ask("/account", first)).status).toBe(200);
  expect((await ask("/account", first)).status).toBe(401);
  expect((await ask("/account", next)).status).toBe(200);
});

test("a session ends by the clock, and the token after a year", async () => {
  const { ask, session, header, logIn, pass } = portal();
  const first = await session();

  pass(31 * 60_000);
  expect((await ask("/account", first)).status).toBe(401);
  pass(366 * 24 * 60 * 60_000);
  expect(await (await logIn(await header())).text()).toBe("token_expiredForbidden");
});

test("wrong methods, paths and bodies have their refusals", async () => {
  const { apple, ask, session } = portal();
  const id = await session();
  const said = async (path: string, init: RequestInit) => {
    const answer = await ask(path, id, init);
    return `${answer.status} ${await answer.text()}`;
  };

  expect(await said("/nowhere", {})).toBe("404 NOT_FOUND");
  expect(await said("/devices/sync", { method: "PUT", body: "{}" })).toBe("405 METHOD_NOT_ALLOWED");
  expect(await said("/devices/sync", { method: "POST", body: "{" })).toBe("400 MALFORMED_REQUEST_BODY");
  expect(await said("/devices/sync", { method: "POST", body: "{}" })).toBe("400 CURSOR_REQUIRED");
  expect(await said("/devices/sync", { method: "POST", body: '{"cursor":"x"}' })).toBe("400 INVALID_CURSOR");
  expect(await said("/server/devices", { method: "POST", body: '{"limit":0}' })).toBe(
    "400 MALFORMED_REQUEST_BODY",
  );
  expect(await said("/devices", { method: "POST", body: '{"devices":[]}' })).toBe("400 DEVICE_ID_REQUIRED");
  const many = JSON.stringify({ devices: Array.from({ length: 1001 }, () => "A") });
  expect(await said("/devices", { method: "POST", body: many })).toBe("400 MALFORMED_REQUEST_BODY");
  expect(await said("/profile/devices", { method: "POST", body: '{"devices":["A"]}' })).toBe(
    "400 PROFILE_UUID_REQUIRED",
  );
  apple.knobs.quotedErrors = true;
  expect(await said("/devices/sync", { method: "POST", body: "{}" })).toBe('400 "CURSOR_REQUIRED"');
});

test("a page holds a hundred devices unless more are asked for, and never more than a thousand", async () => {
  const { server, ask, session } = portal();
  const id = await session();
  server.addDevices(1500);
  const page = async (body: object) => {
    const answer = await ask("/server/devices", id, { method: "POST", body: JSON.stringify(body) });
    return (await answer.json()) as { devices: object[]; cursor: string; more_to_follow: boolean };
  };

  expect((await page({})).devices.length).toBe(100);
  const first = await page({ limit: 5000 });
  expect(first).toMatchObject({ devices: { length: 1000 }, more_to_follow: true });
  const last = await page({ limit: 5000, cursor: first.cursor });
  expect(last).toMatchObject({ devices: { length: 500 }, more_to_follow: false });
  const again = await ask("/server/devices", id, {
    method: "POST",
    body: JSON.stringify({ cursor: last.cursor }),
  });
  expect(await again.text()).toBe("EXHAUSTED_CURSOR");
});

test("servers of one portal have tokens, devices and cursors of their own", async () => {
  const { apple, server, ask, session } = portal();
  const other = apple.addServer("other");
  server.addDevices(1);
  other.addDevices(1);

  const answer = await ask("/server/devices", await session(), { method: "POST", body: "{}" });
  const { devices } = (await answer.json()) as { devices: { serial_number: string }[] };
  expect(devices.map(({ serial_number }) => serial_number)).toEqual([...server.devices.keys()]);
  expect(other.devices.has(devices[0]?.serial_number ?? "")).toBe(false);
});
