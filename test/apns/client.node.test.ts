import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { FakeApns, type FakeApnsOptions } from "../support/node/fake-apns.ts";
import { PushWorker, pushOrder } from "../support/node/push-worker.ts";
import { type TestPki, testClient, testIdentity, testPki } from "../support/test-pki.ts";

// The push client where it lives: in workerd, in a Durable Object, over cloudflare:sockets, to Node's HTTP/2.

let worker: PushWorker;
let rsa: TestPki;
let ec: TestPki;

beforeAll(async () => {
  [worker, rsa, ec] = await Promise.all([
    PushWorker.start(),
    testPki("RSA-2048", "RSA-2048"),
    testPki("P-256", "P-256"),
  ]);
});
afterAll(() => worker.stop());

async function serve(pki: TestPki, options: Partial<FakeApnsOptions> = {}): Promise<FakeApns> {
  const apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root, ...options });
  onTestFinished(() => apns.stop());
  return apns;
}

const tokens = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, "0"));

test.each([
  ["TLSv1.3", "RSA"],
  ["TLSv1.3", "EC"],
  ["TLSv1.2", "RSA"],
  ["TLSv1.2", "EC"],
] as const)("a push arrives over %s with %s keys", async (version, keys) => {
  const pki = keys === "RSA" ? rsa : ec;
  const apns = await serve(pki, { version });

  const report = await worker.push(pushOrder(apns.port, pki));

  expect(report.outcomes).toEqual([{ outcome: "delivered", id: expect.any(String) }]);
  expect(apns.pushes).toMatchObject([{ token: "00".repeat(32), PushMagic: "5B0E2C4D-test" }]);
});

test("a Durable Object keeps its connection from one request to the next", async () => {
  const apns = await serve(ec);

  const first = await worker.push(pushOrder(apns.port, ec, { keepOpen: true }));
  const second = await worker.push(pushOrder(apns.port, ec));

  expect([first.isReused, second.isReused]).toEqual([false, true]);
  expect(second.outcomes).toMatchObject([{ outcome: "delivered" }]);
  expect(apns.connections).toBe(1);
});

test("a thousand pushes are under way at once", async () => {
  const apns = await serve(rsa);
  let waiting = 0;
  let release: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    release = resolve;
  });
  apns.answer = async () => {
    waiting++;
    if (waiting === 1000) release();
    await all;
    return { status: 200 };
  };

  const report = await worker.push(pushOrder(apns.port, rsa, { tokens: tokens(1000) }));

  expect(report.outcomes.every(({ outcome }) => outcome === "delivered")).toBe(true);
});

test("ten thousand pushes go over one connection, a hundred at a time", async () => {
  const apns = await serve(ec, { settings: { maxConcurrentStreams: 100 } });

  const report = await worker.push(pushOrder(apns.port, ec, { tokens: tokens(10_000) }));

  expect(report.outcomes.filter(({ outcome }) => outcome === "delivered")).toHaveLength(10_000);
  expect(new Set(apns.pushes.map(({ token }) => token)).size).toBe(10_000);
  expect(apns.connections).toBe(1);
});

test("a server from elsewhere is not trusted, not even under its right name", async () => {
  const apns = await serve(ec);

  const report = await worker.push(pushOrder(apns.port, { root: rsa.root, client: ec.client }));

  expect(report.refusal).toMatchObject({ reason: "server-not-trusted" });
  expect(apns.pushes).toEqual([]);
});

test("a push certificate that the server does not take is reported as such or as a lost connection", async () => {
  const apns = await serve(ec);
  const stranger = await testClient(await testIdentity({ commonName: "Stranger", isCa: true }), "P-256");

  const report = await worker.push(pushOrder(apns.port, { root: ec.root, client: stranger }));

  // Node's server cuts the connection and sends no alert; what an alert becomes, tls-handshake.node.test.ts knows.
  expect(report.refusal).toMatchObject({ reason: "protocol", failure: "cut-off" });
});

test("nobody listening is an answer, and so is a server that never speaks", async () => {
  const silent = createServer(() => {});
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as { port: number };

  const late = await worker.push(pushOrder(port, ec, { connectTimeoutMs: 200 }));
  const absent = await worker.push(pushOrder(1, ec));

  expect(late.refusal).toEqual({ reason: "timed-out", detail: `localhost:${port} did not answer in 200 ms` });
  expect(absent.refusal).toMatchObject({ reason: "unreachable" });
});

test("pushes whose connection is cut are to be tried again", async () => {
  const apns = await serve(ec);
  apns.answer = () => ({ cut: true });

  const report = await worker.push(pushOrder(apns.port, ec, { tokens: tokens(3) }));

  expect(report.outcomes).toHaveLength(3);
  for (const outcome of report.outcomes)
    expect(outcome).toMatchObject({ outcome: "retry", scope: "connection" });
});

test("a server that stops reading holds nobody: pushes are given up and the connection closes", async () => {
  const apns = await serve(ec, { settings: { maxConcurrentStreams: 100_000 } });
  const deaf = createServer((near) => {
    const far = connect(apns.port, "127.0.0.1");
    far.pipe(near);
    near.on("error", () => {});
    far.on("error", () => {});
    let heard = 0;
    near.on("data", (chunk: Buffer) => {
      heard += chunk.length;
      far.write(chunk);
      if (heard > 20_000) near.pause();
    });
  });
  deaf.listen(0, "127.0.0.1");
  await once(deaf, "listening");
  onTestFinished(() => void deaf.close());
  const { port } = deaf.address() as { port: number };

  // More bytes than the sockets on the way hold.
  const pushes = { tokens: tokens(3000), topic: "x".repeat(4000) };
  const report = await worker.push(
    pushOrder(port, ec, { ...pushes, maxStreams: 100_000, requestTimeoutMs: 500 }),
  );

  expect(report.outcomes).toHaveLength(3000);
  expect(report.outcomes.at(-1)).toMatchObject({ outcome: "retry", reason: "no answer within 500 ms" });
});
