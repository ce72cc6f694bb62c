import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../support/node/built-worker.ts";
import { FakeUnlock } from "../support/node/fake-unlock.ts";
import { type TestPki, testClient, testIdentity, testPki, testTopic } from "../support/test-pki.ts";

// The built Worker asks a stand-in of Apple's activation service, with the push certificate, over sockets and TLS of its own.

const adminToken = "an-admin-token-of-at-least-32-characters";
const code = "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4";
let pki: TestPki;
let apple: FakeUnlock;
let harness: ReturnType<typeof createTestHarness>;
let address: URL;

beforeAll(async () => {
  pki = await testPki("P-256", "RSA-2048");
  apple = await FakeUnlock.start(pki.server, pki.root);
  harness = createTestHarness({
    workers: [
      {
        ...(await builtWorker()),
        secrets: { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken },
        vars: { UNLOCK_URL: apple.url, UNLOCK_ROOTS: pki.root.certificatePem },
      },
    ],
  });
  address = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
});
afterAll(async () => {
  await harness.close();
  await apple.stop();
});

const upload = (identity: TestPki["client"]) =>
  fetch(new URL("/v1/pushcert", address), {
    method: "PUT",
    headers: { Authorization: `Basic ${btoa(`nanomdm:${adminToken}`)}` },
    body: identity.certificatePem + identity.keyPem,
  });

const wish = { topic: testTopic, serial: "C8TJ500QF1MN", productType: "MacBookPro17,1", escrowKey: code };

async function unlock(given: Record<string, string>, token = adminToken) {
  const answer = await fetch(new URL("/v1/escrowkeyunlock", address), {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`nanomdm:${token}`)}` },
    body: new URLSearchParams({ orgName: "Müller & Co", guid: "ada@example.com", ...given }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

async function list(path: string): Promise<Record<string, unknown>[]> {
  const answer = await fetch(new URL(path, address), { headers: { Authorization: `Bearer ${adminToken}` } });
  return ((await answer.json()) as { items: Record<string, unknown>[] }).items;
}

test("without a push certificate of that topic Apple is not asked", async () => {
  const answer = await unlock(wish);

  expect(answer).toEqual({
    status: 500,
    json: { error: expect.stringContaining(`no push certificate of topic ${testTopic} is stored`) },
  });
  expect(apple.asked).toEqual([]);
});

test("a Mac is unlocked, in the name of the push certificate; the log and the audit log have it", async () => {
  expect((await upload(pki.client)).status).toBe(200);
  apple.locked.set("C8TJ500QF1MN", { productType: "MacBookPro17,1", code });

  const answer = await unlock(wish);

  expect(answer).toEqual({ status: 200, json: { status: 200 } });
  expect(apple.locked.size).toBe(0);
  expect(apple.asked.at(-1)).toEqual({
    topic: testTopic,
    serial: "C8TJ500QF1MN",
    orgName: "Müller & Co",
    guid: "ada@example.com",
  });
  expect((await list("/api/v1/events?name=activation_lock.unlock_asked"))[0]).toMatchObject({
    detail: { serial_number: "C8TJ500QF1MN", status: 200 },
  });
  expect(JSON.stringify(await list("/api/v1/events"))).not.toContain(code);
  expect((await list("/api/v1/audit"))[0]).toMatchObject({
    method: "POST",
    target: expect.stringContaining("C8TJ500QF1MN"),
    status: 200,
  });
});

test("a phone is named by its IMEI too; what Apple says of a wrong code or model goes on as it comes", async () => {
  const phone = { ...wish, serial: "F2LXH0AA", productType: "iPhone16,1", imei: "356938035643809" };
  apple.locked.set("F2LXH0AA", { productType: "iPhone16,1", imei: "356938035643809", code });

  expect((await unlock({ ...phone, escrowKey: "AAAAA-AAAAA-AAAA-AAAA-AAAA-AAAA" })).status).toBe(404);
  expect((await unlock({ ...phone, productType: "iPhone15,1" })).status).toBe(400);
  expect((await unlock(phone)).status).toBe(200);
  expect((await unlock(phone)).status).toBe(404);

  apple.trouble = 500;
  onTestFinished(() => {
    apple.trouble = undefined;
  });
  expect((await unlock(phone)).status).toBe(500);
});

test.each([
  ["topic", ""],
  ["serial", ""],
  ["serial", "A B"],
  ["productType", ""],
  ["escrowKey", ""],
  ["orgName", ""],
  ["guid", "a\nb"],
  ["imei", "1".repeat(65)],
])("a wrong %s (%j) is refused before Apple is asked", async (field, value) => {
  const before = apple.asked.length;

  const answer = await unlock({ ...wish, [field]: value });

  expect(answer).toEqual({ status: 400, json: { error: expect.stringContaining(field) } });
  expect(apple.asked.length).toBe(before);
});

test("only an admin may, and only by POST", async () => {
  const made = await fetch(new URL("/api/v1/tokens", address), {
    method: "POST",
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "op", role: "operator" }),
  });
  const { token } = (await made.json()) as { token: string };

  expect((await unlock(wish, token)).status).toBe(403);
  expect((await unlock(wish, "nonsense")).status).toBe(401);
  const got = await fetch(new URL("/v1/escrowkeyunlock", address), {
    headers: { Authorization: `Basic ${btoa(`nanomdm:${adminToken}`)}` },
  });
  expect(got.status).toBe(405);
});

test("a push certificate that Apple does not take is an error that names the server", async () => {
  const stranger = await testIdentity({ commonName: "another root", isCa: true });
  const topic = "com.apple.mgmt.External.99999999-1111-2222-3333-444444444444";
  expect((await upload(await testClient(stranger, "RSA-2048", { topic }))).status).toBe(200);

  const refused = await unlock({ ...wish, topic });

  expect(refused.status).toBe(500);
  // Node ends such a connection without an alert.
  expect(refused.json.error).toMatch(/^localhost:\d+: the connection /);
  expect(apple.asked.map((one) => one.topic)).not.toContain(topic);
});
