import { once } from "node:events";
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerOptions,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { PushRequest } from "../../src/apns/apns.ts";
import { type ApnsConnectionOptions, connectOver } from "../../src/apns/connection.ts";
import { Http2Session } from "../../src/apns/h2/session.ts";
import type { HeaderField } from "../../src/apns/h2/static-table.ts";
import type { ApnsConnection } from "../../src/apns/transport.ts";
import { type Answer, FakeApns, type FakeApnsOptions } from "../support/node/fake-apns.ts";
import { socketStream } from "../support/node/socket-stream.ts";
import { type TestPki, testPki, testTopic } from "../support/test-pki.ts";

// Push connections against Node's HTTP/2, in Node: what Apple's service may do to us, one conversation each.

let pki: TestPki;
beforeAll(async () => {
  pki = await testPki("P-256", "P-256");
});

async function connect(
  options: Partial<FakeApnsOptions> = {},
  more: Partial<ApnsConnectionOptions> = {},
): Promise<{ apns: FakeApns; connection: ApnsConnection }> {
  const apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root, ...options });
  onTestFinished(() => apns.stop());
  const connection = await connectOver(await socketStream(apns.port), {
    host: "localhost",
    certificates: [pki.client.certificate.der],
    privateKey: pki.client.keys.pkcs8,
    roots: [pki.root.certificate],
    now: Date.now(),
    requestTimeoutMs: 10_000,
    maxStreams: 1000,
    ...more,
  });
  if (!connection.ok) throw new Error(connection.refusal.detail);
  onTestFinished(() => connection.value.close());
  return { apns, connection: connection.value };
}

const pushTo = (token: number): PushRequest => ({
  token: Uint8Array.of(token, ...new Uint8Array(31)),
  topic: testTopic,
  PushMagic: "magic",
  expiration: 1_800_000_000,
  priority: 10,
});

/** Answers by the first byte of the token. */
const byToken =
  (answers: Answer[]) =>
  ({ token }: { token: string }): Answer =>
    answers[Number.parseInt(token.slice(0, 2), 16)] ?? { status: 200 };

test("each push gets its own answer, whatever the others get", async () => {
  const { apns, connection } = await connect();
  apns.answer = byToken([
    { status: 200 },
    { status: 410, reason: "Unregistered", timestamp: 1_700_000_000_000 },
    { status: 400, reason: "BadDeviceToken" },
    { status: 429, reason: "TooManyRequests" },
    { status: 503, reason: "ServiceUnavailable" },
    { status: 403, reason: "BadCertificate" },
    { reset: constants.NGHTTP2_REFUSED_STREAM },
    { reset: constants.NGHTTP2_INTERNAL_ERROR },
  ]);

  const outcomes = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((token) => connection.push(pushTo(token))));

  expect(outcomes).toMatchObject([
    { outcome: "delivered", id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    { outcome: "unregistered", since: 1_700_000_000_000 },
    { outcome: "unregistered", reason: "BadDeviceToken" },
    { outcome: "retry", scope: "token" },
    { outcome: "retry", scope: "connection" },
    { outcome: "certificate-trouble" },
    { outcome: "retry", reason: "the server reset the stream: REFUSED_STREAM" },
    { outcome: "retry", reason: "the server reset the stream: INTERNAL_ERROR" },
  ]);
  expect(connection.isUsable).toBe(true);
});

test("the fake is as strict as Apple: another topic than the certificate's is refused", async () => {
  const { apns, connection } = await connect();

  const outcome = await connection.push({ ...pushTo(0), topic: "com.apple.mgmt.External.other" });

  expect(outcome).toEqual({ outcome: "topic-trouble", reason: "TopicDisallowed" });
  expect(apns.pushes).toEqual([]);
});

test("the id that we give comes back, and what Apple needs is there", async () => {
  const { apns, connection } = await connect();
  const id = crypto.randomUUID();

  expect(await connection.push({ ...pushTo(1), id })).toEqual({ outcome: "delivered", id });

  expect(apns.pushes[0]).toMatchObject({
    token: `01${"00".repeat(31)}`,
    topic: testTopic,
    PushMagic: "magic",
  });
  expect(apns.pushes[0]?.headers).toMatchObject({
    "apns-push-type": "mdm",
    "apns-priority": "10",
    "apns-expiration": "1800000000",
  });
});

test("after a goodbye, what was not seen is to be sent again and the rest is answered", async () => {
  const { apns, connection } = await connect();
  apns.answer = async ({ token }) => {
    if (token.startsWith("01")) return { goAway: { code: 0, lastStreamId: 1, reason: "Shutdown" } };
    while (connection.isUsable) await new Promise((resolve) => setTimeout(resolve, 5));
    return { status: 200 };
  };

  const outcomes = await Promise.all([0, 1].map((token) => connection.push(pushTo(token))));

  expect(outcomes).toMatchObject([{ outcome: "delivered" }, { outcome: "retry", scope: "connection" }]);
  expect(await connection.ended).toMatchObject({ outcome: { outcome: "retry", reason: "Shutdown" } });
  expect(await connection.push(pushTo(2))).toMatchObject({ outcome: "retry", reason: "Shutdown" });
});

test("a goodbye because of the certificate is certificate trouble", async () => {
  const { apns, connection } = await connect();
  apns.answer = () => ({ goAway: { code: 0, reason: "BadCertificate", hangUp: true } });

  const outcome = await connection.push(pushTo(0));

  expect(outcome).toEqual({ outcome: "certificate-trouble", reason: "BadCertificate" });
  expect((await connection.ended).outcome).toEqual(outcome);
});

test("a connection that is cut takes its pushes with it, and says so", async () => {
  const { apns, connection } = await connect();
  apns.answer = () => ({ cut: true });

  const outcomes = await Promise.all([0, 1, 2].map((token) => connection.push(pushTo(token))));

  for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: "retry", scope: "connection" });
  await connection.ended;
  expect(connection.isUsable).toBe(false);
  expect(connection.unanswered).toBe(0);
});

test("a push that is never answered is given up, and the connection goes on", async () => {
  const { apns, connection } = await connect({}, { requestTimeoutMs: 100 });
  apns.answer = byToken([{ stall: true }]);

  expect(await connection.push(pushTo(0))).toMatchObject({
    outcome: "retry",
    reason: "no answer within 100 ms",
  });
  expect(await connection.push(pushTo(1))).toMatchObject({ outcome: "delivered" });
  expect(await connection.ping(1000)).toBe(true);
});

test("never more pushes are under way than the server allows, though it changes its mind", async () => {
  const { apns, connection } = await connect({ settings: { maxConcurrentStreams: 5 } });
  let underWay = 0;
  let most = 0;
  apns.answer = async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    return { status: 200 };
  };

  await Promise.all(Array.from({ length: 100 }, (_, token) => connection.push(pushTo(token))));
  expect(most).toBe(5);
  const [session] = apns.sessions;
  session?.settings({ maxConcurrentStreams: 2 });
  if (session) await once(session, "localSettings");
  most = 0;
  await Promise.all(Array.from({ length: 20 }, (_, token) => connection.push(pushTo(token))));

  expect(most).toBe(2);
});

describe("HTTP/2 as Node speaks it", () => {
  const post: HeaderField[] = [
    [":method", "POST"],
    [":scheme", "http"],
    [":authority", "localhost"],
    [":path", "/"],
  ];

  async function open(options: ServerOptions, serve: (server: Http2Server) => void): Promise<Http2Session> {
    const server = createServer(options);
    const sessions: ServerHttp2Session[] = [];
    server.on("session", (session) => sessions.push(session));
    serve(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      for (const session of sessions) session.destroy();
      server.close();
    });
    const stream = await socketStream((server.address() as AddressInfo).port);
    const session = await Http2Session.open(stream, { requestTimeoutMs: 5000, maxStreams: 1000 });
    if (!session.ok) throw new Error(session.refusal.detail);
    onTestFinished(() => session.value.close());
    return session.value;
  }

  test("with padding in every frame", async () => {
    const session = await open({ paddingStrategy: constants.PADDING_STRATEGY_MAX }, (server) => {
      server.on("stream", (stream) => {
        stream.respond({ ":status": 410, "apns-id": "x" });
        stream.end("padded");
      });
    });

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => session.request(post, new Uint8Array(10))),
    );

    for (const answer of answers) {
      expect(answer).toMatchObject({
        ok: true,
        value: { status: 410, body: new TextEncoder().encode("padded") },
      });
    }
  });

  test("with headers that need a CONTINUATION, or are more than we take", async () => {
    const session = await open({ maxSendHeaderBlockLength: 100_000 }, (server) => {
      server.on("stream", (stream, headers) => {
        // A character that Huffman code makes longer, so that the block is longer than a frame.
        stream.respond({ ":status": 200, large: "\\".repeat(Number(headers["x-length"])) });
        stream.end();
      });
    });

    const fits = await session.request([...post, ["x-length", "15000"]], new Uint8Array());
    const tooLong = await session.request([...post, ["x-length", "40000"]], new Uint8Array());

    expect(fits).toMatchObject({ ok: true, value: { status: 200 } });
    expect(tooLong.ok).toBe(false);
  });

  test("with windows so small that a body goes in many pieces", async () => {
    const session = await open({ settings: { initialWindowSize: 7 } }, (server) => {
      server.on("stream", async (stream) => {
        let length = 0;
        for await (const part of stream) length += (part as Buffer).length;
        stream.respond({ ":status": 200 });
        stream.end(String(length));
      });
    });

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => session.request(post, new Uint8Array(1000))),
    );

    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: true, value: { body: new TextEncoder().encode("1000") } });
    }
  });

  test("with more in all than either connection window holds", async () => {
    const session = await open({}, (server) => {
      server.on("stream", async (stream) => {
        for await (const _part of stream);
        stream.respond({ ":status": 200 });
        stream.end(Buffer.alloc(8000));
      });
    });

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => session.request(post, new Uint8Array(4000))),
    );

    expect(answers.every((answer) => answer.ok && answer.value.body.length === 8000)).toBe(true);
  });
});
