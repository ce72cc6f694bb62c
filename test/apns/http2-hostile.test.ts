import { describe, expect, test } from "vitest";
import { type ErrorCode, errorCodes, Http2Failure } from "../../src/apns/h2/failure.ts";
import {
  buildFrame,
  buildUint32,
  flags,
  frameTypes,
  readUint32,
  settingIds,
} from "../../src/apns/h2/frames.ts";
import { encodeInteger, maxHeaderListSize } from "../../src/apns/h2/hpack.ts";
import { maxBodyLength } from "../../src/apns/h2/response.ts";
import { Http2Session } from "../../src/apns/h2/session.ts";
import type { HeaderField } from "../../src/apns/h2/static-table.ts";
import { type Bytes, concat, utf8 } from "../../src/base/bytes.ts";
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

// Servers that break the rules, in the order of RFC 9113, each against a whole session with a request under way on stream 1.
// A rule that concerns the connection ends it with a GOAWAY; one that concerns a stream costs that stream and nothing else.

const post: HeaderField[] = [
  [":method", "POST"],
  [":scheme", "https"],
  [":path", "/3/device/00"],
];
const ok: HeaderField[] = [[":status", "200"]];
const ends = flags.END_STREAM;
const whole = flags.END_HEADERS;
const options = { requestTimeoutMs: 5000, maxStreams: 1000 };

const frame = (type: keyof typeof frameTypes, streamId: number, payload: Uint8Array = utf8(""), more = 0) =>
  buildFrame(frameTypes[type], more, streamId, payload);
const zeros = (length: number) => new Uint8Array(length);
const answer = (streamId = 1) => headersFrame(streamId, ok, ends);
const framesIn = (stream: TestStream) => framesOf(concat(stream.written).subarray(prefaceLength));
const hasOpened = (streamId: number) => (all: Uint8Array) =>
  framesOf(all.subarray(prefaceLength)).some(
    (one) => one.type === frameTypes.HEADERS && one.streamId === streamId,
  );

async function underWay(more: Partial<typeof options> = {}) {
  const stream = new TestStream();
  stream.say(settingsFrame());
  const opened = await Http2Session.open(stream, { ...options, ...more });
  if (!opened.ok) throw new Error(opened.refusal.detail);
  const session = opened.value;
  const request = session.request(post, utf8("{}"));
  await stream.until(hasOpened(1));
  return { stream, session, request };
}

/** Another request is made and answered: what went before did not hurt the connection. */
async function expectService({ stream, session }: { stream: TestStream; session: Http2Session }) {
  const another = session.request(post, utf8("{}"));
  await stream.until(hasOpened(3));
  stream.say(answer(3));
  expect(await another).toMatchObject({ value: { status: 200 } });
}

/** Its own literal of a header block: index 0 in the name, plain strings. */
const literal = (first: number, name: string, value: string): Bytes =>
  concat([
    Uint8Array.of(first),
    encodeInteger(0, 7, name.length),
    utf8(name),
    encodeInteger(0, 7, value.length),
    utf8(value),
  ]);
const status200 = Uint8Array.of(0x88);
const block = (...parts: Uint8Array[]) => frame("HEADERS", 1, concat(parts), whole | ends);
const unfinished = () => frame("HEADERS", 1, headerBlock(...ok));

type Case = [title: string, say: () => Uint8Array | Uint8Array[]];
type Broken = [...Case, code: ErrorCode];

describe("a server is let be", () => {
  test.each<Case>([
    ["4.1: with frames of unknown types", () => [buildFrame(0xbe, 0xff, 0, zeros(9)), answer()]],
    ["4.1: with the reserved bit of a stream's number set", () => headersFrame(0x80000001, ok, ends)],
    [
      "4.1: with flags that nobody knows",
      () => frame("HEADERS", 1, headerBlock(...ok), whole | ends | (0xd2 & ~0x28)),
    ],
    ["5.1: that closes a stream with RST_STREAM after its answer", () => [answer(), resetFrame(1, 0)]],
    ["5.1: with WINDOW_UPDATE for a stream that it has ended", () => [answer(), windowUpdateFrame(1, 9)]],
    [
      "5.3: with priorities",
      () => [frame("PRIORITY", 1, zeros(5)), frame("PRIORITY", 77, zeros(5)), answer()],
    ],
    ["5.5: with settings that nobody knows", () => [settingsFrame([0xbeef, 7]), answer()]],
    [
      "6.1: with padding that is not zeros",
      () => [headersFrame(1, ok), dataFrame(1, Uint8Array.of(2, 0x61, 7, 7), flags.PADDED | ends)],
    ],
    ["6.5: with an acknowledgement of nothing", () => [frame("SETTINGS", 0, utf8(""), flags.ACK), answer()]],
    [
      "6.5.2: with a setting twice",
      () => [
        settingsFrame([settingIds.MAX_FRAME_SIZE, 16_384], [settingIds.MAX_FRAME_SIZE, 20_000]),
        answer(),
      ],
    ],
    [
      "6.7: with pings, and answers to pings that were none",
      () => [frame("PING", 0, zeros(8)), frame("PING", 0, zeros(8), flags.ACK), answer()],
    ],
    ["6.9: with more window than we need", () => [windowUpdateFrame(0, 2 ** 31 - 1 - 65_535), answer()]],
    [
      "8.1: with interim answers",
      () => [
        headersFrame(1, [[":status", "100"]]),
        headersFrame(1, [
          [":status", "103"],
          ["link", "<x>"],
        ]),
        answer(),
      ],
    ],
    ["8.1: with a trailer", () => [headersFrame(1, ok), headersFrame(1, [["checksum", "1"]], ends)]],
    ["8.1: that wants the rest of the request no more", () => [answer(), resetFrame(1, errorCodes.NO_ERROR)]],
    [
      "RFC 7541 4.2: that empties its table and fills it again",
      () =>
        block(Uint8Array.of(0x20, 0x3f, 0xe1, 0x1f), status200, literal(0x40, "a", "b"), Uint8Array.of(0xbe)),
    ],
    [
      "RFC 7541 4.4: with an entry larger than its table",
      () => block(Uint8Array.of(0x20), status200, literal(0x40, "a", "b")),
    ],
    [
      "RFC 7541 5.1: with an integer of more bytes than it needs",
      () =>
        block(
          status200,
          Uint8Array.of(0x00, 0x01, 0x61, 0x7f, 0x81, 0x80, 0x80, 0x00),
          zeros(128).fill(0x62),
        ),
    ],
  ])("%s", async (_title, say) => {
    const { stream, session, request } = await underWay();

    stream.say(...[say()].flat());

    expect(await request).toMatchObject({ value: { status: 200 } });
    await expectService({ stream, session });
  });
});

describe("a server that breaks one stream loses that one", () => {
  test.each<[...Case, detail: string]>([
    ["6.9: by a window update of nothing", () => windowUpdateFrame(1, 0), "WINDOW_UPDATE by 0"],
    [
      "6.9.1: by a window that bursts",
      () => windowUpdateFrame(1, 2 ** 31 - 1),
      "a window of more than 2^31-1",
    ],
    ["8.1: by a body before its header", () => dataFrame(1, utf8("x")), "a body before its header"],
    ["8.1: by an end without a header", () => dataFrame(1, utf8(""), ends), "a body before its header"],
    ["8.1: by two headers", () => [headersFrame(1, ok), headersFrame(1, ok)], "a second header"],
    [
      "8.1: by an end at an interim status",
      () => headersFrame(1, [[":status", "100"]], ends),
      "interim status 100",
    ],
    [
      "8.1: by a trailer that does not end it",
      () => [headersFrame(1, ok), headersFrame(1, [["a", "b"]])],
      "a second header",
    ],
    [
      "8.1.1: by less than it announced",
      () => [headersFrame(1, [...ok, ["content-length", "9"]]), dataFrame(1, utf8("x"), ends)],
      "a body of 1 bytes where content-length says 9",
    ],
    [
      "8.1.1: by a body that it did not announce",
      () => [headersFrame(1, [...ok, ["content-length", "0"]]), dataFrame(1, utf8("x"), ends)],
      "a body of 1 bytes where content-length says 0",
    ],
    [
      "8.1.1: by two lengths",
      () => headersFrame(1, [...ok, ["content-length", "3"], ["content-length", "0"]], ends),
      "more than one content-length",
    ],
    ["8.2: by an upper-case name", () => headersFrame(1, [...ok, ["Apns-Id", "1"]]), "forbidden characters"],
    ["8.2.1: by an empty name", () => headersFrame(1, [...ok, ["", "1"]]), "forbidden characters"],
    ["8.2.1: by a name with a space", () => headersFrame(1, [...ok, ["a b", "1"]]), "forbidden characters"],
    [
      "8.2.1: by a name with a control character",
      () => headersFrame(1, [...ok, ["a\x7f", "1"]]),
      "forbidden characters",
    ],
    [
      "8.2.1: by a name with a letter beyond ASCII",
      () => headersFrame(1, [...ok, ["\xe4", "1"]]),
      "forbidden characters",
    ],
    [
      "8.2.1: by a name with a colon inside",
      () => headersFrame(1, [...ok, ["a:b", "1"]]),
      "forbidden characters",
    ],
    [
      "8.2.1: by a line break in a value",
      () => headersFrame(1, [...ok, ["a", "b\r\nc: d"]]),
      "forbidden characters in a",
    ],
    [
      "8.2.1: by a zero in a value",
      () => headersFrame(1, [...ok, ["a", "b\0"]]),
      "forbidden characters in a",
    ],
    [
      "8.2.1: by a value that begins with a space",
      () => headersFrame(1, [...ok, ["a", " b"]]),
      "forbidden characters in a",
    ],
    [
      "8.2.1: by a value that ends with a tab",
      () => headersFrame(1, [...ok, ["a", "b\t"]]),
      "forbidden characters in a",
    ],
    [
      "8.2.1: by a bad value in its trailer",
      () => [headersFrame(1, ok), headersFrame(1, [["a", "\n"]], ends)],
      "forbidden characters in a",
    ],
    [
      "8.2.2: by a connection",
      () => headersFrame(1, [...ok, ["connection", "close"]]),
      "the field connection of HTTP/1.1",
    ],
    [
      "8.2.2: by keeping it alive",
      () => headersFrame(1, [...ok, ["keep-alive", "5"]]),
      "the field keep-alive",
    ],
    [
      "8.2.2: by a proxy's connection",
      () => headersFrame(1, [...ok, ["proxy-connection", "x"]]),
      "the field proxy-connection",
    ],
    [
      "8.2.2: by chunks",
      () => headersFrame(1, [...ok, ["transfer-encoding", "chunked"]]),
      "the field transfer-encoding",
    ],
    ["8.2.2: by an upgrade", () => headersFrame(1, [...ok, ["upgrade", "h2c"]]), "the field upgrade"],
    [
      "8.3: by a pseudo-header of requests",
      () => headersFrame(1, [...ok, [":path", "/"]]),
      "unknown field :path",
    ],
    [
      "8.3: by a pseudo-header that nobody knows",
      () => headersFrame(1, [...ok, [":x", "/"]]),
      "unknown field :x",
    ],
    [
      "8.3: by a late pseudo-header",
      () => headersFrame(1, [["a", "b"], ...ok]),
      "misplaced or unknown field :status",
    ],
    [
      "8.3: by a pseudo-header in its trailer",
      () => [headersFrame(1, ok), headersFrame(1, ok, ends)],
      "a pseudo-header in a trailer",
    ],
    ["8.3.2: by no status", () => headersFrame(1, [["a", "b"]]), "without one :status"],
    ["8.3.2: by two statuses", () => headersFrame(1, [...ok, ...ok]), "without one :status"],
    [
      "8.3.2: by a status that is no number",
      () => headersFrame(1, [[":status", "20x"]]),
      "without one :status",
    ],
    [
      "8.3.2: by a status of four digits",
      () => headersFrame(1, [[":status", "2000"]]),
      "without one :status",
    ],
    ["8.6: by switching to another protocol", () => headersFrame(1, [[":status", "101"]]), "the status 101"],
    [
      "10.5: by a body that is too long",
      () => [headersFrame(1, ok), dataFrame(1, zeros(maxBodyLength)), dataFrame(1, utf8("x"))],
      "a body of more than 16384 bytes",
    ],
  ])("%s", async (_title, say, detail) => {
    const { stream, session, request } = await underWay();

    stream.say(...[say()].flat());

    const refused = await request;
    expect(refused).toMatchObject({ refusal: { reason: "unanswered" } });
    expect(refused.ok ? "" : refused.refusal.detail).toContain(detail);
    await expectService({ stream, session });
    expect(framesIn(stream)).toContainEqual(
      expect.objectContaining({ type: frameTypes.RST_STREAM, streamId: 1 }),
    );
  });

  test.each([
    ["REFUSED_STREAM", "not-sent"],
    ["INTERNAL_ERROR", "unanswered"],
    ["HTTP_1_1_REQUIRED", "unanswered"],
  ] as const)("7: by resetting it with %s", async (code, reason) => {
    const { stream, session, request } = await underWay();

    stream.say(resetFrame(1, errorCodes[code]));

    expect(await request).toMatchObject({ refusal: { reason } });
    await expectService({ stream, session });
  });

  test("7: by resetting it with a code that nobody knows", async () => {
    const { stream, session, request } = await underWay();

    stream.say(resetFrame(1, 0xbeef));

    expect(await request).toMatchObject({
      refusal: { detail: "the server reset the stream: INTERNAL_ERROR" },
    });
    await expectService({ stream, session });
  });
});

describe("a server that breaks the connection is told so and left", () => {
  const continued = (count: number, payload: Uint8Array) => [
    unfinished(),
    ...Array.from({ length: count }, () => frame("CONTINUATION", 1, payload)),
  ];
  const longList = headerBlock(...ok, ["a", "b".repeat(maxHeaderListSize)]);
  test.each<Broken>([
    [
      "3.4: that speaks HTTP/1.1 all of a sudden",
      () => utf8("HTTP/1.1 400 Bad Request\r\n\r\n"),
      "FRAME_SIZE_ERROR",
    ],
    ["4.2: DATA that is too long", () => Uint8Array.of(0, 0x40, 1, 0, 0, 0, 0, 0, 1), "FRAME_SIZE_ERROR"],
    ["4.2: HEADERS that are too long", () => Uint8Array.of(0, 0x40, 1, 1, 4, 0, 0, 0, 1), "FRAME_SIZE_ERROR"],
    [
      "4.2: an unknown frame that is too long",
      () => Uint8Array.of(0xff, 0xff, 0xff, 0xee, 0, 0, 0, 0, 0),
      "FRAME_SIZE_ERROR",
    ],
    ["4.3: another frame inside a header", () => [unfinished(), dataFrame(1, utf8("x"))], "PROTOCOL_ERROR"],
    ["4.3: another stream's header inside a header", () => [unfinished(), answer(3)], "PROTOCOL_ERROR"],
    ["4.3: SETTINGS inside a header", () => [unfinished(), settingsFrame()], "PROTOCOL_ERROR"],
    [
      "4.3: an unknown frame inside a header",
      () => [unfinished(), buildFrame(0xee, 0, 1, utf8("x"))],
      "PROTOCOL_ERROR",
    ],
    ["5.1: HEADERS on a stream that we never opened", () => headersFrame(3, ok), "PROTOCOL_ERROR"],
    ["5.1: DATA on a stream that we never opened", () => dataFrame(3, utf8("x")), "PROTOCOL_ERROR"],
    ["5.1: RST_STREAM for a stream that we never opened", () => resetFrame(9, 0), "PROTOCOL_ERROR"],
    ["5.1: WINDOW_UPDATE for a stream that we never opened", () => windowUpdateFrame(9, 1), "PROTOCOL_ERROR"],
    ["5.1: DATA on a stream that it has ended", () => [answer(), dataFrame(1, utf8("x"))], "STREAM_CLOSED"],
    ["5.1: HEADERS on a stream that it has ended", () => [answer(), answer()], "STREAM_CLOSED"],
    [
      "5.1: CONTINUATION on a stream that it has ended",
      () => [answer(), frame("CONTINUATION", 1)],
      "STREAM_CLOSED",
    ],
    [
      "5.1: DATA on a stream that it has reset",
      () => [resetFrame(1, 0), dataFrame(1, utf8("x"))],
      "STREAM_CLOSED",
    ],
    ["5.1: HEADERS on a stream that it has reset", () => [resetFrame(1, 0), answer()], "STREAM_CLOSED"],
    [
      "5.1: HEADERS after an end that was refused",
      () => [dataFrame(1, utf8(""), ends), answer()],
      "STREAM_CLOSED",
    ],
    ["5.1.1: a stream of the server's", () => headersFrame(2, ok), "PROTOCOL_ERROR"],
    ["6.1: DATA on the connection", () => dataFrame(0, utf8("x")), "PROTOCOL_ERROR"],
    [
      "6.1: padding longer than its frame",
      () => dataFrame(1, Uint8Array.of(9, 0), flags.PADDED),
      "PROTOCOL_ERROR",
    ],
    [
      "6.1: padding as long as its frame",
      () => dataFrame(1, Uint8Array.of(2, 0), flags.PADDED),
      "PROTOCOL_ERROR",
    ],
    ["6.1: a padded frame without a length", () => dataFrame(1, utf8(""), flags.PADDED), "FRAME_SIZE_ERROR"],
    ["6.2: HEADERS on the connection", () => headersFrame(0, ok), "PROTOCOL_ERROR"],
    [
      "6.2: a header shorter than its priority",
      () => frame("HEADERS", 1, zeros(4), flags.PRIORITY),
      "FRAME_SIZE_ERROR",
    ],
    [
      "6.2: a header with more padding than it has",
      () => frame("HEADERS", 1, Uint8Array.of(2, 0x88), flags.PADDED | whole),
      "PROTOCOL_ERROR",
    ],
    ["6.3: PRIORITY on the connection", () => frame("PRIORITY", 0, zeros(5)), "PROTOCOL_ERROR"],
    ["6.3: PRIORITY of another size", () => frame("PRIORITY", 1, zeros(4)), "FRAME_SIZE_ERROR"],
    ["6.4: RST_STREAM on the connection", () => resetFrame(0, 0), "PROTOCOL_ERROR"],
    ["6.4: RST_STREAM of another size", () => frame("RST_STREAM", 1, zeros(3)), "FRAME_SIZE_ERROR"],
    ["6.5: SETTINGS on a stream", () => frame("SETTINGS", 1), "PROTOCOL_ERROR"],
    ["6.5: SETTINGS of another size", () => frame("SETTINGS", 0, zeros(5)), "FRAME_SIZE_ERROR"],
    [
      "6.5: an acknowledgement with settings in it",
      () => frame("SETTINGS", 0, zeros(6), flags.ACK),
      "FRAME_SIZE_ERROR",
    ],
    ["6.5.2: push, switched on", () => settingsFrame([settingIds.ENABLE_PUSH, 1]), "PROTOCOL_ERROR"],
    ["6.5.2: push, neither on nor off", () => settingsFrame([settingIds.ENABLE_PUSH, 2]), "PROTOCOL_ERROR"],
    [
      "6.5.2: a first window that is too large",
      () => settingsFrame([settingIds.INITIAL_WINDOW_SIZE, 2 ** 31]),
      "FLOW_CONTROL_ERROR",
    ],
    [
      "6.5.2: a frame size that is too small",
      () => settingsFrame([settingIds.MAX_FRAME_SIZE, 16_383]),
      "PROTOCOL_ERROR",
    ],
    [
      "6.5.2: a frame size that is too large",
      () => settingsFrame([settingIds.MAX_FRAME_SIZE, 2 ** 24]),
      "PROTOCOL_ERROR",
    ],
    [
      "6.6: a pushed request",
      () => frame("PUSH_PROMISE", 1, concat([buildUint32(2), status200]), whole),
      "PROTOCOL_ERROR",
    ],
    [
      "6.6: a pushed request on the connection",
      () => frame("PUSH_PROMISE", 0, buildUint32(2), whole),
      "PROTOCOL_ERROR",
    ],
    ["6.7: PING on a stream", () => frame("PING", 1, zeros(8)), "PROTOCOL_ERROR"],
    ["6.7: PING of another size", () => frame("PING", 0, zeros(7)), "FRAME_SIZE_ERROR"],
    ["6.8: GOAWAY on a stream", () => frame("GOAWAY", 1, zeros(8)), "PROTOCOL_ERROR"],
    ["6.8: GOAWAY that is cut off", () => frame("GOAWAY", 0, zeros(7)), "FRAME_SIZE_ERROR"],
    [
      "6.8: GOAWAY that takes back an earlier one",
      () => [goAwayFrame(1, 0), goAwayFrame(3, 0)],
      "PROTOCOL_ERROR",
    ],
    ["6.9: WINDOW_UPDATE of another size", () => frame("WINDOW_UPDATE", 0, zeros(3)), "FRAME_SIZE_ERROR"],
    ["6.9: a connection window that grows by nothing", () => windowUpdateFrame(0, 0), "PROTOCOL_ERROR"],
    ["6.9.1: a connection window that bursts", () => windowUpdateFrame(0, 2 ** 31 - 1), "FLOW_CONTROL_ERROR"],
    [
      "6.9.2: a first window that makes an open one burst",
      () => [
        windowUpdateFrame(1, 2 ** 31 - 1 - 65_535),
        settingsFrame([settingIds.INITIAL_WINDOW_SIZE, 2 ** 31 - 1]),
      ],
      "FLOW_CONTROL_ERROR",
    ],
    ["6.10: CONTINUATION of nothing", () => frame("CONTINUATION", 1), "PROTOCOL_ERROR"],
    [
      "6.10: CONTINUATION on the connection",
      () => [unfinished(), frame("CONTINUATION", 0)],
      "PROTOCOL_ERROR",
    ],
    [
      "6.10: CONTINUATION of another stream's header",
      () => [unfinished(), frame("CONTINUATION", 3)],
      "PROTOCOL_ERROR",
    ],
    [
      "6.10: CONTINUATION after the end of a header",
      () => [headersFrame(1, ok), frame("CONTINUATION", 1)],
      "PROTOCOL_ERROR",
    ],
    ["10.5.1: a header of pieces without end", () => continued(20, utf8("")), "ENHANCE_YOUR_CALM"],
    ["10.5.1: a header block that is too long", () => continued(3, zeros(16_384)), "ENHANCE_YOUR_CALM"],
    [
      "10.5.1: a header list that is too long",
      () => [
        frame("HEADERS", 1, longList.subarray(0, 9000)),
        frame("CONTINUATION", 1, longList.subarray(9000), whole),
      ],
      "ENHANCE_YOUR_CALM",
    ],
    [
      "10.5.1: a header that says one large entry again and again",
      () => block(status200, literal(0x40, "a", "b".repeat(4000)), zeros(8000).fill(0xbe)),
      "ENHANCE_YOUR_CALM",
    ],
    ["RFC 7541 2.3.3: entry 0 of the table", () => block(Uint8Array.of(0x80)), "COMPRESSION_ERROR"],
    ["RFC 7541 2.3.3: an entry that is not there", () => block(Uint8Array.of(0xbe)), "COMPRESSION_ERROR"],
    [
      "RFC 7541 2.3.3: the name of an entry that is not there",
      () => block(Uint8Array.of(0x7f, 0x00, 0x01, 0x61)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 4.2: a change of the table after a field",
      () => block(status200, Uint8Array.of(0x20)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 4.4: an entry that has been put out",
      () =>
        block(status200, literal(0x40, "a", "b"), literal(0x40, "c", "d".repeat(4063)), Uint8Array.of(0xbf)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 5.1: an integer without end",
      () => block(Uint8Array.of(0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 5.1: an integer that ends with its block",
      () => block(Uint8Array.of(0xff)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 5.2: a string longer than its block",
      () => block(Uint8Array.of(0x00, 0x05, 0x61)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 5.2: a string with an end-of-string symbol",
      () => block(Uint8Array.of(0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 5.2: a string padded with zeros",
      () => block(Uint8Array.of(0x00, 0x81, 0x18, 0x00)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 5.2: a string padded by a byte too many",
      () => block(Uint8Array.of(0x00, 0x82, 0x1f, 0xff, 0x00)),
      "COMPRESSION_ERROR",
    ],
    [
      "RFC 7541 6.3: a table larger than was offered",
      () => block(Uint8Array.of(0x3f, 0xe2, 0x1f), status200),
      "COMPRESSION_ERROR",
    ],
  ])("%s", async (_title, say, code) => {
    const { stream, session } = await underWay();

    stream.say(...[say()].flat());

    const { cause } = await session.ended;
    // After the server's own GOAWAY its reason is the one that is told; ours is in the frame.
    if (!isGoodbye(cause)) expect(cause).toMatchObject({ code });
    const last = framesIn(stream).at(-1);
    expect(last?.type).toBe(frameTypes.GOAWAY);
    expect(readUint32(last?.payload ?? zeros(8), 4)).toBe(errorCodes[code]);
    expect(stream.isClosed).toBe(true);
    expect(session.isUsable).toBe(false);
    expect(session.unanswered).toBe(0);
  });

  test.each<[title: string, begin: () => Uint8Array]>([
    ["with a ping", () => frame("PING", 0, zeros(8))],
    ["with an acknowledgement of settings", () => frame("SETTINGS", 0, utf8(""), flags.ACK)],
    ["with GOAWAY", () => goAwayFrame(0, 0)],
    ["with a frame that nobody knows", () => buildFrame(0xee, 0, 0, utf8("x"))],
    ["in HTTP/1.1", () => utf8("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ])("3.4: one that begins %s", async (_title, begin) => {
    const stream = new TestStream();
    stream.say(begin());

    const opened = await Http2Session.open(stream, options);

    expect(opened.ok).toBe(false);
    expect(opened.ok ? undefined : opened.refusal.cause).toBeInstanceOf(Http2Failure);
    expect(stream.isClosed).toBe(true);
  });
});

describe("a flood of what brings nothing ends the connection", () => {
  test.each<[title: string, drop: () => Uint8Array]>([
    ["pings", () => frame("PING", 0, zeros(8))],
    ["answers to pings", () => frame("PING", 0, zeros(8), flags.ACK)],
    ["settings", () => settingsFrame()],
    ["acknowledgements", () => frame("SETTINGS", 0, utf8(""), flags.ACK)],
    ["priorities", () => frame("PRIORITY", 1, zeros(5))],
    ["frames that nobody knows", () => buildFrame(0xee, 0, 0, utf8(""))],
    ["data without data", () => dataFrame(3, utf8(""))],
    ["data that is all padding", () => dataFrame(3, concat([Uint8Array.of(255), zeros(255)]), flags.PADDED)],
    ["window updates", () => windowUpdateFrame(0, 1)],
    ["resets of a stream that is over", () => resetFrame(1, 0)],
    ["interim answers", () => headersFrame(3, [[":status", "103"]])],
    ["goodbyes", () => goAwayFrame(3, 0)],
  ])("%s", async (_title, drop) => {
    const { stream, session, request } = await underWay();
    stream.say(answer());
    await request;
    const another = session.request(post, utf8("{}"));
    await stream.until(hasOpened(3));
    // A body of nothing follows a header.
    const bodies = drop()[3] === frameTypes.DATA ? [headersFrame(3, ok)] : [];

    stream.say(...bodies, ...Array.from({ length: 101 }, () => concat(Array.from({ length: 100 }, drop))));

    expect(await another).toMatchObject({ refusal: { reason: "unanswered" } });
    await session.ended;
    const last = framesIn(stream).at(-1);
    expect(last?.type).toBe(frameTypes.GOAWAY);
    expect(readUint32(last?.payload ?? zeros(8), 4)).toBe(errorCodes.ENHANCE_YOUR_CALM);
  });

  test("a thousand answered pushes among them do not", async () => {
    const { stream, session, request } = await underWay();
    stream.say(answer());
    await request;

    for (let round = 0; round < 30; round++) {
      const answers = Array.from({ length: 50 }, () => session.request(post, utf8("{}")));
      const first = 3 + round * 100;
      await stream.until(hasOpened(first + 98));
      const noise = Array.from({ length: 400 }, () => windowUpdateFrame(0, 1));
      stream.say(concat(noise), concat(Array.from({ length: 50 }, (_, index) => answer(first + 2 * index))));
      for (const one of await Promise.all(answers)) expect(one.ok).toBe(true);
    }

    expect(session.isUsable).toBe(true);
  });
});

describe("a server that holds us up", () => {
  test.each<[title: string, settings: [number, number]]>([
    ["with no window for a body", [settingIds.INITIAL_WINDOW_SIZE, 0]],
    ["with no stream to open", [settingIds.MAX_CONCURRENT_STREAMS, 0]],
  ])("%s costs a push its time and no more", async (_title, settings) => {
    const { stream, session, request } = await underWay({ requestTimeoutMs: 40 });
    stream.say(answer(), settingsFrame(settings));
    await request;

    const held = await session.request(post, utf8("{}"));

    expect(held).toMatchObject({ refusal: { reason: "timed-out" } });
    expect(session.unanswered).toBe(0);
  });

  test("by saying goodbye and no more is left when the last push has waited long enough", async () => {
    const { stream, session, request } = await underWay({ requestTimeoutMs: 40 });

    stream.say(goAwayFrame(1, errorCodes.NO_ERROR));

    expect(await request).toMatchObject({ refusal: { reason: "timed-out" } });
    await session.ended;
    expect(stream.isClosed).toBe(true);
  });

  test("answers a push that we gave up, and goes on", async () => {
    const { stream, session, request } = await underWay({ requestTimeoutMs: 40 });
    expect(await request).toMatchObject({ refusal: { reason: "timed-out" } });

    stream.say(headersFrame(1, ok), dataFrame(1, utf8("late")), dataFrame(1, utf8(""), ends));

    await expectService({ stream, session });
  });

  test("that goes on with a push that we gave up, after its end, has broken the connection", async () => {
    const { stream, session, request } = await underWay({ requestTimeoutMs: 40 });
    expect(await request).toMatchObject({ refusal: { reason: "timed-out" } });

    stream.say(answer(), answer());

    expect((await session.ended).cause).toMatchObject({ code: "STREAM_CLOSED" });
  });
});

const isGoodbye = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "event" in cause && cause.event === "going-away";
