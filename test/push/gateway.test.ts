import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bindingConnection } from "../../src/apns/binding-client.ts";
import { ask } from "../support/admin.ts";
import { type BindingAnswer, FakeMtlsBinding } from "../support/mtls-binding.ts";
import { type TestPki, testClient, testPki } from "../support/test-pki.ts";

// The gateway of a topic whose pushes go through Cloudflare's binding, and what becomes known of a certificate that
// Apple does not take. Over sockets of our own: push.node.test.ts.

const token = new Uint8Array(32).fill(0xab);
let pki: TestPki;
let topics = 0;
let topic: string;
let binding: FakeMtlsBinding;

const gateway = () => env.PUSH.getByName(topic);
const push = (PushMagic = "magic") => gateway().push({ token, PushMagic });
const events = async (name: string) =>
  (await ask("GET", `/api/v1/events?name=push.${name}`)).json.items.filter(
    ({ detail }: { detail: { topic: string } }) => detail.topic === topic,
  );

beforeAll(async () => {
  pki = await testPki("P-256", "P-256");
});

beforeEach(async () => {
  topic = `com.apple.mgmt.External.gateway-${++topics}`;
  binding = new FakeMtlsBinding(topic);
  const { certificatePem, keyPem } = await testClient(pki.root, "P-256", { topic });
  const json = { certificate: certificatePem, private_key: keyPem };
  expect((await ask("POST", "/api/v1/push-certificates", { json })).status).toBe(201);
  await runInDurableObject(gateway(), (instance) => {
    const value = { ...env, PUSH_TRANSPORT: "binding", PUSH_MTLS: binding };
    Object.defineProperty(instance, "env", { value, configurable: true });
  });
});

describe("a push through the binding", () => {
  test("says to Apple what one over our own connection says, and brings back its name", async () => {
    const answer = await push();

    expect(answer).toEqual({ outcome: "delivered", id: expect.any(String) });
    expect(binding.pushes).toMatchObject([{ token: "ab".repeat(32), PushMagic: "magic" }]);
    const { headers } = binding.pushes[0] ?? { headers: new Headers() };
    expect(headers.get("apns-priority")).toBe("10");
    expect(Number(headers.get("apns-expiration"))).toBeGreaterThan(Date.now() / 1000);
  });

  test.each<[BindingAnswer, object]>([
    [
      { status: 410, reason: "Unregistered", timestamp: 7 },
      { outcome: "unregistered", since: 7 },
    ],
    [{ status: 400, reason: "DeviceTokenNotForTopic" }, { outcome: "token-for-other-topic" }],
    [
      { status: 429, reason: "TooManyRequests" },
      { outcome: "retry", scope: "token", afterSeconds: 60 },
    ],
    [
      { status: 503, reason: "ServiceUnavailable" },
      { outcome: "retry", scope: "connection" },
    ],
    ["lost", { outcome: "retry", reason: "Network connection lost." }],
  ])("that ends with %j is %j", async (said, outcome) => {
    binding.answer = () => said;

    expect(await push()).toMatchObject(outcome);
  });

  test("that nobody answers is given up", async () => {
    binding.answer = () => "silence";
    const connection = bindingConnection(binding, {
      host: "api.push.apple.com",
      port: 443,
      requestTimeoutMs: 20,
    });

    const request = { token, topic, PushMagic: "magic", expiration: 0, priority: 10 as const };
    expect(await connection.push(request)).toMatchObject({ outcome: "retry", scope: "connection" });
    expect(connection.unanswered).toBe(0);
  });

  test("goes out again at once when its connection was lost on the way", async () => {
    let losses = 2;
    binding.answer = () => (losses-- > 0 ? "lost" : { status: 200 });

    expect(await push()).toMatchObject({ outcome: "delivered" });
    expect(binding.pushes).toHaveLength(3);
  });
});

describe("a certificate that Apple does not take", () => {
  test("is one event and a problem of readiness for any number of devices, until pushes are sent again", async () => {
    binding.answer = () => ({ status: 403, reason: "BadCertificate" });

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        gateway().push({ token: new Uint8Array(32).fill(at), PushMagic: "magic" }),
      ),
    );
    const ready = await ask("GET", "/readyz");

    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(["certificate-trouble"]));
    expect(await events("trouble")).toMatchObject([{ detail: { reason: "BadCertificate" } }]);
    expect([ready.status, ready.json.detail]).toEqual([
      503,
      expect.stringContaining(`no pushes are sent to ${topic}: BadCertificate`),
    ]);

    binding.answer = () => ({ status: 200 });
    await gateway().certificateChanged();
    expect(await push()).toMatchObject({ outcome: "delivered" });

    expect(await events("trouble_over")).toHaveLength(1);
    expect((await ask("GET", "/readyz")).text).not.toContain(topic);
    expect(await events("certificate_in_use")).toHaveLength(1);
  });
});
