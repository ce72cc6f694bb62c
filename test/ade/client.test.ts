import { expect, test } from "vitest";
import { accountCall, getProfileCall } from "../../src/ade/calls.ts";
import { adeClient } from "../../src/ade/client.ts";
import { assignProfile } from "../../src/ade/device-calls.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import { clock, day, minute, talkToApple } from "./apple.ts";

const refused = (reason: string, more: object = {}) => ({ ok: false, refusal: { reason, ...more } });

test("the first call opens a session, and the next ones use it", async () => {
  const { apple, server, client } = talkToApple();

  const account = await client.call(accountCall());
  await client.call(accountCall());

  expect(account.ok && account.value.server_uuid).toBe(server.uuid);
  expect(apple.requests.map(({ path }) => path)).toEqual(["/session", "/account", "/account"]);
  const [logIn] = apple.requests;
  expect(logIn?.headers.get("User-Agent")).toBe("edgemdm/0.1");
  expect(logIn?.headers.get("X-Server-Protocol-Version")).toBe("10");
});

test("calls at the same time go one after the other, with one session", async () => {
  const { apple, client } = talkToApple();
  apple.sessions.rotateEvery = 1;

  const answers = await Promise.all(Array.from({ length: 8 }, () => client.call(accountCall())));

  expect(answers.every(({ ok }) => ok)).toBe(true);
  expect(apple.count("/session")).toBe(1);
});

test("a session that Apple replaces is followed, also when the answer is an error", async () => {
  const { apple, client } = talkToApple();
  apple.sessions.rotateEvery = 1;

  for (let turn = 0; turn < 4; turn++) {
    expect((await client.call(accountCall())).ok).toBe(true);
    expect((await client.call(getProfileCall("nothing"))).ok).toBe(false);
  }

  expect(apple.count("/session")).toBe(1);
  const used = apple.requests.map(({ headers }) => headers.get("X-ADM-Auth-Session"));
  expect(new Set(used.slice(1)).size).toBe(8);
});

test.each([401, 403] as const)(
  "a lost session (%i) is opened again once, and the call is sent again",
  async (status) => {
    const { apple, client } = talkToApple();
    apple.knobs.lostSession = status;
    await client.call(accountCall());
    apple.sessions.endAll();

    const account = await client.call(accountCall());

    expect(account.ok).toBe(true);
    expect(apple.requests.slice(2).map(({ path }) => path)).toEqual(["/account", "/session", "/account"]);
  },
);

test("a session that ended by the clock is opened again", async () => {
  const { pass } = clock();
  const { apple, client } = talkToApple();
  await client.call(accountCall());
  pass(31 * minute);

  expect((await client.call(accountCall())).ok).toBe(true);
  expect(apple.count("/session")).toBe(2);
});

test("a call that is refused again with a new session is not sent a third time", async () => {
  const { apple, client } = talkToApple();
  for (let turn = 0; turn < 2; turn++)
    apple.answerNext("/account", () => new Response("UNAUTHORIZED", { status: 401 }));

  expect(await client.call(accountCall())).toMatchObject(refused("token-rejected", { status: 401 }));
  expect(apple.requests.map(({ path }) => path)).toEqual(["/session", "/account", "/session", "/account"]);
});

test("a token whose maker is gone is dead, and the remedy says what to do", async () => {
  const { server, client } = talkToApple();
  server.adminIsGone = true;

  const answer = await client.call(accountCall());

  expect(answer).toMatchObject(refused("token-dead", { code: "FORBIDDEN", retry: "schedule" }));
  expect(!answer.ok && answer.refusal.remedy).toContain("Download a new token");
});

test("terms that nobody accepted are told on any call, and are over when somebody did", async () => {
  const { apple, client } = talkToApple();
  await client.call(accountCall());
  apple.knobs.termsNotSigned = true;

  const answer = await client.call(accountCall());
  expect(answer).toMatchObject(refused("terms-not-accepted", { code: "T_C_NOT_SIGNED", status: 403 }));
  expect(!answer.ok && answer.refusal.remedy).toContain("accept the new terms");
  expect(apple.count("/session")).toBe(1);

  apple.knobs.termsNotSigned = false;
  expect((await client.call(accountCall())).ok).toBe(true);
});

test("an expired token, a forged one and a wrong clock are refused as what they are", async () => {
  const { pass } = clock();
  const { apple, server, client } = talkToApple();
  const [token] = server.tokens;
  if (!token) throw new Error("no token");
  const forged = adeClient({ token: { ...token, access_secret: "AS_other" } });

  expect(await forged.call(accountCall())).toMatchObject(refused("token-rejected", { status: 401 }));
  pass(366 * day);
  expect(await client.call(accountCall())).toMatchObject(refused("token-expired", { status: 403 }));
  apple.answerNext("/session", () => new Response("oauth_problem_adviceBad Request", { status: 400 }));
  expect(await client.call(accountCall())).toMatchObject(refused("bad-signature", { retry: "never" }));
});

test("a User-Agent that Apple does not want has a diagnosis of its own", async () => {
  const { client } = talkToApple({ userAgent: "curl/8" });

  expect(await client.call(accountCall())).toMatchObject(
    refused("user-agent-refused", { code: "USER_AGENT_INVALID", status: 400 }),
  );
});

test.each([
  ["seconds", false],
  ["a date", true],
])("too many calls say in %s when the next may come", async (_, asDate) => {
  clock();
  const { apple, client } = talkToApple();
  apple.knobs.httpDateRetryAfter = asDate;
  apple.knobs.tooMany = { calls: 1, seconds: 120 };

  expect(await client.call(accountCall())).toMatchObject(
    refused("too-many-requests", { retry: "backoff", retryAfterSeconds: 120 }),
  );
  expect((await client.call(accountCall())).ok).toBe(true);
});

test.each<[string, () => Response, string, string]>([
  ["an HTML page", () => html(200), "unreadable-answer", "an HTML page"],
  ["an HTML page as refusal", () => html(403), "unreadable-answer", "an HTML page"],
  ["an HTML page of a broken server", () => html(502), "apple-unavailable", "502 with an HTML page"],
  ["half an answer", () => new Response('{"server_uuid":"A'), "unreadable-answer", "no JSON object"],
  ["a list", () => Response.json([]), "unreadable-answer", "no JSON object"],
  ["nothing", () => new Response(""), "unreadable-answer", "lacks what it should hold"],
  ["another object", () => Response.json({ uuid: 1 }), "unreadable-answer", "lacks what it should hold"],
  ["a deep nest", () => new Response(`${"[".repeat(50_000)}`), "unreadable-answer", "nested deeper than 20"],
  ["a redirect", () => Response.redirect("https://example.com/"), "unreadable-answer", "(status 302)"],
  ["endless bytes", () => endless(), "unreadable-answer", "longer than any"],
  [
    "a status that nobody knows",
    () => new Response("TEAPOT", { status: 418 }),
    "request-refused",
    "418 TEAPOT",
  ],
])("%s instead of the account is a refusal with a name", async (_, answer, reason, detail) => {
  const { apple, client } = talkToApple();
  apple.answerNext("/account", answer);

  const account = await client.call(accountCall());

  expect(account).toMatchObject(refused(reason));
  expect(!account.ok && account.refusal.detail).toContain(detail);
});

const html = (status: number): Response =>
  new Response("<html>Sign in to the guest network. FORBIDDEN</html>", {
    status,
    headers: { "Content-Type": "text/html" },
  });

const endless = (): Response =>
  new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
      },
    }),
  );

test("an Apple that does not answer is given up in time, also amid its answer", async () => {
  const { apple, client } = talkToApple({ timeoutMs: 50 });
  apple.answerNext("/account", () => new Promise(() => {}));
  apple.answerNext("/account", () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));

  expect(await client.call(accountCall())).toMatchObject(refused("no-answer-in-time", { retry: "backoff" }));
  expect(await client.call(accountCall())).toMatchObject(refused("no-answer-in-time"));
  expect((await client.call(accountCall())).ok).toBe(true);
});

test("an Apple that cannot be reached is told, and the line goes on", async () => {
  const { apple, client } = talkToApple();
  apple.answerNext("/session", () => Promise.reject(new TypeError("network connection lost")));

  const answer = await client.call(accountCall());

  expect(answer).toMatchObject(refused("unreachable"));
  expect(!answer.ok && answer.refusal.detail).toBe("Apple could not be reached: network connection lost");
  expect((await client.call(accountCall())).ok).toBe(true);
});

test("a session that is no text for a header is refused", async () => {
  const { apple, client } = talkToApple();
  apple.answerNext("/session", () => Response.json({ auth_session_token: "a\r\nX: b" }));

  expect(await client.call(accountCall())).toMatchObject(refused("unreadable-answer"));
});

test("a server that takes only PUT is asked with PUT from then on", async () => {
  const { apple, server, client } = talkToApple();
  apple.knobs.assignMethod = "PUT";
  server.profiles.set("P1", {});
  const [device] = server.addDevices(1);
  const serial = device?.serial_number ?? "";

  expect((await assignProfile(client, "P1", [serial])).answers.get(serial)).toBe("SUCCESS");
  await assignProfile(client, "P1", [serial]);

  const methods = apple.requests
    .filter(({ path }) => path === "/profile/devices")
    .map(({ method }) => method);
  expect(methods).toEqual(["POST", "PUT", "PUT"]);
});

test("a simulator at another address is asked there, and no path leads away from it", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const client = adeClient({ token: server.issueToken(), baseUrl: "https://mdmenrollment.apple.com:8443/" });

  expect((await client.call(accountCall())).ok).toBe(true);
  expect(() => client.send({ method: "GET", path: "@example.com/account" })).toThrow("another host");
});
