import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Http2Connection, type Http2Event } from "../../src/apns/h2/connection.ts";
import { errorCodes, Http2Failure } from "../../src/apns/h2/failure.ts";
import { buildFrame, buildUint32, flags, frameTypes, settingIds } from "../../src/apns/h2/frames.ts";
import { Http2Session } from "../../src/apns/h2/session.ts";
import type { HeaderField } from "../../src/apns/h2/static-table.ts";
import { concat, fromUtf8, utf8 } from "../../src/base/bytes.ts";
import {
  dataFrame,
  framesOf,
  goAwayFrame,
  headerBlock,
  headersFrame,
  prefaceLength,
  resetFrame,
  settingsFrame,
  TestStream,
  windowUpdateFrame,
} from "../support/http2-peer.ts";

const post: HeaderField[] = [
  [":method", "POST"],
  [":scheme", "https"],
  [":path", "/3/device/00"],
];
const answer200: HeaderField[] = [[":status", "200"]];
const ends = flags.END_STREAM;

describe("a connection", () => {
  let connection: Http2Connection;
  const sent = () => framesOf(connection.takeOutput());
  const sentTypes = () => sent().map(({ type }) => type);

  beforeEach(() => {
    connection = new Http2Connection();
    connection.takeOutput();
    connection.receive(settingsFrame());
    connection.takeOutput();
  });

  test("begins with the preface and its settings", () => {
    const output = new Http2Connection().takeOutput() ?? new Uint8Array();

    expect(fromUtf8(output.subarray(0, prefaceLength))).toBe("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    const [settings, ...more] = framesOf(output.subarray(prefaceLength));
    expect(more).toEqual([]);
    expect(settings?.type).toBe(frameTypes.SETTINGS);
    expect([...(settings?.payload ?? [])]).toEqual([0, 2, 0, 0, 0, 0, 0, 6, 0, 0, 0x40, 0]);
  });

  test("is ready with the server's settings, acknowledges them, and opens no stream before the first", () => {
    const fresh = new Http2Connection();
    fresh.openStream(post, new Uint8Array());
    expect(fresh.canOpenStream).toBe(false);
    fresh.takeOutput();

    expect(fresh.receive(settingsFrame())).toEqual([{ event: "ready" }]);

    expect(framesOf(fresh.takeOutput())).toMatchObject([{ type: frameTypes.SETTINGS, flags: flags.ACK }]);
    expect(fresh.canOpenStream).toBe(true);
  });

  test("sends a request as HEADERS and DATA and reports the response", () => {
    const streamId = connection.openStream(post, utf8("{}"));

    expect(sent()).toMatchObject([
      { type: frameTypes.HEADERS, streamId: 1, flags: flags.END_HEADERS },
      { type: frameTypes.DATA, streamId: 1, flags: ends, payload: utf8("{}") },
    ]);
    const events = connection.receive(
      concat([
        headersFrame(1, [
          [":status", "410"],
          ["apns-id", "x"],
        ]),
        dataFrame(1, utf8("go")),
        dataFrame(1, utf8("ne"), ends),
      ]),
    );
    expect(streamId).toBe(1);
    expect(events).toEqual([
      {
        event: "response",
        streamId: 1,
        status: 410,
        headers: new Map([["apns-id", "x"]]),
        body: utf8("gone"),
      },
    ]);
    expect(connection.openStreams).toBe(0);
  });

  test("a request without a body ends with its header; streams are numbered 1, 3, 5", () => {
    const ids = [1, 2, 3].map(() => connection.openStream(post, new Uint8Array()));

    expect(ids).toEqual([1, 3, 5]);
    expect(sent().map((frame) => frame.flags)).toEqual([5, 5, 5]);
  });

  test("interim responses and trailers surround the response and are not it", () => {
    connection.openStream(post, new Uint8Array());

    const events = connection.receive(
      concat([
        headersFrame(1, [[":status", "103"]]),
        headersFrame(1, answer200),
        dataFrame(1, utf8("x")),
        headersFrame(1, [["checksum", "1"]], ends),
      ]),
    );

    expect(events).toMatchObject([{ event: "response", status: 200, body: utf8("x") }]);
  });

  test("padding and priority are taken off", () => {
    connection.openStream(post, new Uint8Array());
    const block = headerBlock(...answer200);
    const padded = concat([Uint8Array.of(3), new Uint8Array(5), block, new Uint8Array(3)]);
    const more = flags.END_HEADERS | flags.PADDED | flags.PRIORITY;

    const events = connection.receive(
      concat([
        buildFrame(frameTypes.HEADERS, more, 1, padded),
        buildFrame(frameTypes.PRIORITY, 0, 1, new Uint8Array(5)),
        dataFrame(1, Uint8Array.of(2, 0x61, 0, 0), flags.PADDED | ends),
      ]),
    );

    expect(events).toMatchObject([{ event: "response", status: 200, body: utf8("a") }]);
  });

  test("a header comes in as many CONTINUATIONs as it likes, and bytes in any pieces", () => {
    connection.openStream(post, new Uint8Array());
    const block = headerBlock(...answer200, ["apns-id", "0123456789"]);
    const frames = concat([
      buildFrame(frameTypes.HEADERS, ends, 1, block.subarray(0, 3)),
      buildFrame(frameTypes.CONTINUATION, 0, 1, new Uint8Array()),
      buildFrame(frameTypes.CONTINUATION, 0, 1, block.subarray(3, 9)),
      buildFrame(frameTypes.CONTINUATION, flags.END_HEADERS, 1, block.subarray(9)),
    ]);

    const events = [...frames].flatMap((byte) => connection.receive(Uint8Array.of(byte)));

    expect(events).toMatchObject([
      { event: "response", status: 200, headers: new Map([["apns-id", "0123456789"]]) },
    ]);
  });

  test("a header of ours that is too long for a frame is continued", () => {
    connection.openStream([...post, ["x", "y".repeat(20_000)]], new Uint8Array());

    expect(sent()).toMatchObject([
      { type: frameTypes.HEADERS, flags: ends },
      { type: frameTypes.CONTINUATION, flags: flags.END_HEADERS },
    ]);
  });

  test("unknown frames and settings are ignored, pings answered, our own pings reported", () => {
    const ping = buildFrame(frameTypes.PING, 0, 0, utf8("12345678"));

    connection.ping();
    const events = connection.receive(
      concat([
        buildFrame(0xee, 0xff, 77, utf8("what?")),
        settingsFrame([0x99, 1], [settingIds.HEADER_TABLE_SIZE, 0], [settingIds.MAX_HEADER_LIST_SIZE, 1]),
        ping,
        buildFrame(frameTypes.PING, flags.ACK, 0, utf8("12345678")),
        buildFrame(frameTypes.PING, flags.ACK, 0, buildUint32(0, 1)),
        buildFrame(frameTypes.PING, flags.ACK, 0, buildUint32(0, 1)),
        buildFrame(frameTypes.SETTINGS, flags.ACK, 0, new Uint8Array()),
      ]),
    );

    expect(events).toEqual([{ event: "pong" }]);
    expect(sent()).toMatchObject([
      { type: frameTypes.PING, flags: 0 },
      { type: frameTypes.SETTINGS, flags: flags.ACK },
      { type: frameTypes.PING, flags: flags.ACK, payload: utf8("12345678") },
    ]);
  });

  describe("obeys limits of the server", () => {
    test("the number of streams, as it changes", () => {
      connection.receive(settingsFrame([settingIds.MAX_CONCURRENT_STREAMS, 2]));
      connection.openStream(post, new Uint8Array());
      connection.openStream(post, new Uint8Array());
      expect(connection.canOpenStream).toBe(false);
      expect(() => connection.openStream(post, new Uint8Array())).toThrow("ask canOpenStream first");

      connection.receive(headersFrame(3, answer200, ends));
      expect(connection.canOpenStream).toBe(true);
      connection.receive(settingsFrame([settingIds.MAX_CONCURRENT_STREAMS, 1]));
      expect(connection.canOpenStream).toBe(false);
    });

    test("the window of a stream, growing by update and by setting, and shrinking below zero", () => {
      connection.receive(settingsFrame([settingIds.INITIAL_WINDOW_SIZE, 10]));
      connection.takeOutput();
      const lengths = () =>
        sent().map((frame) => (frame.type === frameTypes.DATA ? frame.payload.length : frame.type));

      connection.openStream(post, new Uint8Array(40));
      expect(lengths()).toEqual([frameTypes.HEADERS, 10]);
      connection.receive(windowUpdateFrame(1, 5));
      expect(lengths()).toEqual([5]);
      connection.receive(settingsFrame([settingIds.INITIAL_WINDOW_SIZE, 0]));
      connection.receive(windowUpdateFrame(1, 12));
      expect(lengths()).toEqual([frameTypes.SETTINGS, 2]);
      connection.receive(settingsFrame([settingIds.INITIAL_WINDOW_SIZE, 65_535]));
      expect(lengths()).toEqual([frameTypes.SETTINGS, 23]);
    });

    test("the window of the connection, which all streams share", () => {
      connection.openStream(post, new Uint8Array(60_000));
      connection.openStream(post, new Uint8Array(10_000));
      const total = sent()
        .filter(({ type }) => type === frameTypes.DATA)
        .reduce((sum, { payload }) => sum + payload.length, 0);
      expect(total).toBe(65_535);

      connection.receive(windowUpdateFrame(0, 10_000));

      expect(sent()).toMatchObject([{ streamId: 3, flags: ends, payload: new Uint8Array(4465) }]);
    });

    test("the size of a frame", () => {
      connection.openStream(post, new Uint8Array(20_000));
      expect(
        sent()
          .map(({ payload }) => payload.length)
          .slice(1),
      ).toEqual([16_384, 3616]);

      connection.receive(settingsFrame([settingIds.MAX_FRAME_SIZE, 20_000]));
      connection.openStream(post, new Uint8Array(20_000));
      expect(sent().at(-1)?.payload.length).toBe(20_000);
    });
  });

  test("opens its own window again before the server runs dry, padding and lost streams included", () => {
    connection.openStream(post, new Uint8Array());
    connection.openStream(post, new Uint8Array());
    connection.receive(concat([headersFrame(1, answer200), headersFrame(3, answer200)]));
    connection.takeOutput();

    connection.receive(dataFrame(1, new Uint8Array(16_000)));
    connection.cancel(3);
    connection.receive(dataFrame(3, new Uint8Array(16_000)));
    expect(sentTypes()).toEqual([frameTypes.RST_STREAM]);
    connection.receive(dataFrame(3, concat([Uint8Array.of(200), new Uint8Array(900)]), flags.PADDED));

    expect(sent()).toMatchObject([
      { type: frameTypes.WINDOW_UPDATE, streamId: 0, payload: buildUint32(32_901) },
    ]);
  });

  test("a stream that was reset is unprocessed only when the server says so", () => {
    connection.openStream(post, new Uint8Array());
    connection.openStream(post, new Uint8Array());

    const events = connection.receive(
      concat([resetFrame(1, errorCodes.REFUSED_STREAM), resetFrame(3, errorCodes.INTERNAL_ERROR)]),
    );

    expect(events).toMatchObject([
      { event: "reset", streamId: 1, code: "REFUSED_STREAM", isProcessed: false },
      { event: "reset", streamId: 3, code: "INTERNAL_ERROR", isProcessed: true },
    ]);
  });

  test("GOAWAY separates what may be sent again from what may yet be answered", () => {
    for (let count = 0; count < 3; count++) connection.openStream(post, new Uint8Array());

    const events = connection.receive(
      concat([
        goAwayFrame(3, errorCodes.NO_ERROR, '{"reason":"Shutdown"}'),
        headersFrame(3, answer200, ends),
      ]),
    );

    expect(events).toMatchObject([
      { event: "going-away", code: "NO_ERROR", debug: '{"reason":"Shutdown"}' },
      { event: "reset", streamId: 5, isProcessed: false },
      { event: "response", streamId: 3 },
    ]);
    expect(connection.isGoingAway).toBe(true);
    expect(connection.canOpenStream).toBe(false);
    expect(connection.openStreams).toBe(1);
  });

  test("an answer before the whole request was sent frees the stream and stops the rest", () => {
    connection.receive(settingsFrame([settingIds.INITIAL_WINDOW_SIZE, 1]));
    connection.openStream(post, new Uint8Array(10));
    connection.takeOutput();

    const events = connection.receive(headersFrame(1, [[":status", "413"]], ends));

    expect(events).toMatchObject([{ event: "response", status: 413 }]);
    expect(sent()).toMatchObject([{ type: frameTypes.RST_STREAM, payload: buildUint32(errorCodes.CANCEL) }]);
  });

  test("frames for a stream that is over are let pass, and their header still feeds the table", () => {
    connection.openStream(post, new Uint8Array());
    connection.openStream(post, new Uint8Array());
    connection.cancel(1);
    const added = concat([Uint8Array.of(0x40, 1), utf8("a"), Uint8Array.of(1), utf8("b")]);

    const events = connection.receive(
      concat([
        buildFrame(frameTypes.HEADERS, flags.END_HEADERS, 1, concat([Uint8Array.of(0x88), added])),
        windowUpdateFrame(1, 5),
        resetFrame(1, 0),
        buildFrame(frameTypes.HEADERS, flags.END_HEADERS | ends, 3, Uint8Array.of(0x88, 0xbe)),
      ]),
    );

    expect(events).toMatchObject([{ event: "response", streamId: 3, headers: new Map([["a", "b"]]) }]);
  });

  test("more data than our window allows", () => {
    connection.openStream(post, new Uint8Array());
    connection.receive(headersFrame(1, answer200));
    const flood = Array.from({ length: 5 }, () => dataFrame(1, new Uint8Array(16_384)));

    // Its own stream is refused first, and the window opens again: no server runs into it by accident.
    expect(() => connection.receive(concat(flood))).not.toThrow();
  });

  test("any bytes at all are events or a named failure", () => {
    const frame = fc
      .tuple(
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 7 }),
        fc.uint8Array({ maxLength: 40 }),
      )
      .map(([type, frameFlags, streamId, payload]) => buildFrame(type, frameFlags, streamId, payload));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.uint8Array({ maxLength: 30 }), (frames, rest) => {
        const fuzzed = new Http2Connection();
        fuzzed.receive(settingsFrame());
        for (let count = 0; count < 3; count++) fuzzed.openStream(post, utf8("{}"));
        try {
          fuzzed.receive(concat([...frames, rest]));
        } catch (failure) {
          expect(failure).toBeInstanceOf(Http2Failure);
        }
      }),
      { seed: 9113, numRuns: 2000 },
    );
  });

  test("a conversation with any byte changed is events or a named failure, and never answers twice", () => {
    const conversation = concat([
      settingsFrame([settingIds.MAX_CONCURRENT_STREAMS, 100]),
      headersFrame(1, [...answer200, ["apns-id", "0123456789"]], ends),
      headersFrame(3, [[":status", "410"]]),
      dataFrame(3, utf8('{"reason":"Unregistered"}'), ends),
      windowUpdateFrame(0, 1000),
      goAwayFrame(5, 0, "bye"),
      headersFrame(5, answer200, ends),
    ]);
    for (let at = 0; at < conversation.length; at++) {
      for (const bits of [0x01, 0x80, 0xff]) {
        const bytes = conversation.slice();
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        const fuzzed = new Http2Connection();
        let events: Http2Event[] = fuzzed.receive(settingsFrame());
        for (let count = 0; count < 3; count++) fuzzed.openStream(post, utf8("{}"));
        try {
          events = events.concat(fuzzed.receive(bytes));
        } catch (failure) {
          expect(failure).toBeInstanceOf(Http2Failure);
        }
        const settled = events.flatMap((event) => ("streamId" in event ? [event.streamId] : []));
        expect(new Set(settled).size).toBe(settled.length);
      }
    }
  });
});

describe("a session", () => {
  const options = { requestTimeoutMs: 5000, maxStreams: 1000 };
  const opened = async (stream: TestStream, more: Partial<typeof options> = {}): Promise<Http2Session> => {
    stream.say(settingsFrame());
    const session = await Http2Session.open(stream, { ...options, ...more });
    if (!session.ok) throw new Error(session.refusal.detail);
    return session.value;
  };
  const framesIn = (all: Uint8Array) => framesOf(all.subarray(prefaceLength));
  const requests = (stream: TestStream, count: number) =>
    stream.until((all) => framesIn(all).filter(({ type }) => type === frameTypes.HEADERS).length === count);

  test("opens when the server's settings have come, and not if the connection ends before", async () => {
    const stream = new TestStream();
    stream.say(undefined);

    const session = await Http2Session.open(stream, options);

    expect(session).toMatchObject({ ok: false, refusal: { detail: "the server closed the connection" } });
  });

  test("matches answers to requests, whatever their order", async () => {
    const stream = new TestStream();
    const session = await opened(stream);

    const answers = Promise.all([session.request(post, utf8("a")), session.request(post, utf8("b"))]);
    await requests(stream, 2);
    stream.say(concat([headersFrame(3, [[":status", "410"]], ends), headersFrame(1, answer200, ends)]));

    expect(await answers).toMatchObject([{ value: { status: 200 } }, { value: { status: 410 } }]);
    expect(session.unanswered).toBe(0);
  });

  test("sends all requests of one turn in one write", async () => {
    const stream = new TestStream();
    const session = await opened(stream);
    const writes = stream.written.length;

    for (let count = 0; count < 100; count++) void session.request(post, utf8("{}"));
    await requests(stream, 100);

    expect(stream.written.length - writes).toBeLessThanOrEqual(2);
  });

  test("makes requests wait for a free stream, and sends them as streams get free", async () => {
    const stream = new TestStream();
    const session = await opened(stream, { maxStreams: 2 });

    const answers = Promise.all([1, 2, 3].map(() => session.request(post, new Uint8Array())));
    await requests(stream, 2);
    stream.say(concat([headersFrame(1, answer200, ends), headersFrame(3, answer200, ends)]));
    await requests(stream, 3);
    stream.say(headersFrame(5, answer200, ends));

    expect(await answers).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  });

  test("gives up on what takes too long: its stream is reset, and so are requests that wait", async () => {
    const stream = new TestStream();
    const session = await opened(stream, { maxStreams: 1, requestTimeoutMs: 30 });

    const answers = await Promise.all([1, 2].map(() => session.request(post, new Uint8Array())));

    expect(answers).toMatchObject([
      { refusal: { reason: "timed-out", detail: "no answer within 30 ms" } },
      { refusal: { reason: "timed-out" } },
    ]);
    await stream.until((all) => framesIn(all).some(({ type }) => type === frameTypes.RST_STREAM));
    expect(session.isUsable).toBe(true);
    expect(session.unanswered).toBe(0);
  });

  test("when the connection ends, what was sent is unanswered and what was not is not sent", async () => {
    const stream = new TestStream();
    const session = await opened(stream, { maxStreams: 1 });

    const answers = Promise.all([1, 2].map(() => session.request(post, new Uint8Array())));
    await requests(stream, 1);
    stream.say(new Error("the cable is cut"));

    expect(await answers).toMatchObject([
      { refusal: { reason: "unanswered", detail: "the cable is cut" } },
      { refusal: { reason: "not-sent" } },
    ]);
    expect(await session.ended).toMatchObject({ detail: "the cable is cut" });
    expect(await session.request(post, new Uint8Array())).toMatchObject({ refusal: { reason: "not-sent" } });
    expect(session.isUsable).toBe(false);
  });

  test("after GOAWAY nothing new is sent, what the server has seen may still be answered, then it closes", async () => {
    const stream = new TestStream();
    const session = await opened(stream);

    const answers = [1, 2].map(() => session.request(post, new Uint8Array()));
    await requests(stream, 2);
    stream.say(goAwayFrame(1, errorCodes.NO_ERROR, '{"reason":"Shutdown"}'));
    expect(await answers[1]).toMatchObject({ refusal: { reason: "not-sent" } });
    expect(session.isUsable).toBe(false);
    expect(await session.request(post, new Uint8Array())).toMatchObject({
      refusal: { reason: "not-sent", detail: 'the server went away: {"reason":"Shutdown"}' },
    });
    stream.say(headersFrame(1, answer200, ends));

    expect(await answers[0]).toMatchObject({ value: { status: 200 } });
    await session.ended;
    expect(stream.isClosed).toBe(true);
  });

  test("what the server breaks ends it, and the server is told", async () => {
    const stream = new TestStream();
    const session = await opened(stream);

    stream.say(windowUpdateFrame(0, 0));

    expect((await session.ended).cause).toBeInstanceOf(Http2Failure);
    expect(framesIn(concat(stream.written)).at(-1)?.type).toBe(frameTypes.GOAWAY);
  });

  test("a ping tells whether the server is there", async () => {
    const stream = new TestStream();
    const session = await opened(stream);

    const alive = session.ping(1000);
    stream.say(buildFrame(frameTypes.PING, flags.ACK, 0, buildUint32(0, 1)));
    expect(await alive).toBe(true);
    expect(await session.ping(10)).toBe(false);
    await session.close();
    expect(await session.ping(10)).toBe(false);
  });

  test("says goodbye when it is closed, once", async () => {
    const stream = new TestStream();
    const session = await opened(stream);
    const answer = session.request(post, new Uint8Array());

    await Promise.all([session.close(), session.close()]);

    expect(await answer).toMatchObject({ refusal: { detail: "we closed the connection" } });
    const last = framesIn(concat(stream.written)).at(-1);
    expect(last).toMatchObject({ type: frameTypes.GOAWAY, payload: buildUint32(0, errorCodes.NO_ERROR) });
    expect(stream.isClosed).toBe(true);
  });

  test("a server that takes no bytes cannot hold it: requests time out, and closing does not wait", async () => {
    const stream = new TestStream();
    const session = await opened(stream, { requestTimeoutMs: 20 });
    stream.beforeWrite = () => new Promise(() => {});

    const answer = await session.request(post, new Uint8Array());
    await session.close();

    expect(answer).toMatchObject({ refusal: { reason: "timed-out" } });
    expect(stream.isClosed).toBe(true);
  });

  test("a write that fails ends it, but the last word is the server's", async () => {
    const stream = new TestStream();
    const session = await opened(stream);
    stream.beforeWrite = async () => {
      stream.say(new Error("alert: certificate revoked"));
      throw new Error("broken pipe");
    };

    const answer = await session.request(post, new Uint8Array());

    expect(answer).toMatchObject({ refusal: { reason: "unanswered", detail: "alert: certificate revoked" } });
  });
});
