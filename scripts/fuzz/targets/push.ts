// What a server that we push to may send, or somebody in between: TLS and HTTP/2.

import { Http2Connection } from "../../../src/apns/h2/connection.ts";
import { Http2Failure } from "../../../src/apns/h2/failure.ts";
import { HpackDecoder } from "../../../src/apns/h2/hpack.ts";
import { decodeHuffman } from "../../../src/apns/h2/huffman.ts";
import { TlsFailure } from "../../../src/apns/tls/failure.ts";
import { startTls } from "../../../src/apns/tls/handshake.ts";
import { RecordSplitter } from "../../../src/apns/tls/record.ts";
import { handshakeSigner } from "../../../src/apns/tls/signature-schemes.ts";
import { concat, toHex, utf8 } from "../../../src/base/bytes.ts";
import {
  dataFrame,
  goAwayFrame,
  headerBlock,
  headersFrame,
  resetFrame,
  settingsFrame,
  windowUpdateFrame,
} from "../../../test/support/http2-peer.ts";
import { testPki } from "../../../test/support/test-pki.ts";
import {
  type MessageName,
  type Script,
  serveTls12,
  serveTls13,
  streamPair,
} from "../../../test/support/tls-server.ts";
import { allowing, bytes, type Target } from "../target.ts";

const answer: [string, string][] = [
  [":status", "200"],
  ["apns-id", "EC1BF194-B3B2-424A-89A9-5A918A6E6B5D"],
];

const http2: Target = {
  name: "http2",
  words: [
    settingsFrame(),
    settingsFrame([3, 1], [4, 65_535], [5, 16_384]),
    headersFrame(1, answer, 1),
    dataFrame(1, utf8("{}"), 1),
    goAwayFrame(1, 0, "bye"),
    resetFrame(1, 7),
    windowUpdateFrame(0, 1),
    Uint8Array.of(0, 0, 0, 9, 4, 0, 0, 0, 1),
    Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0),
  ],
  seeds: () => [
    concat([settingsFrame([3, 10]), headersFrame(1, answer), dataFrame(1, utf8('{"reason":"x"}'), 1)]),
    concat([settingsFrame(), goAwayFrame(0, 2, "over"), headersFrame(1, answer, 1)]),
    concat([settingsFrame(), windowUpdateFrame(1, 10), resetFrame(1, 8), settingsFrame([4, 1])]),
  ],
  read(input) {
    const connection = new Http2Connection();
    const open = () => {
      if (connection.canOpenStream) connection.openStream([[":method", "POST"]], utf8("{}"));
    };
    open();
    const step = 1 + ((input[0] ?? 0) % 61);
    for (let at = 0; at < input.length; at += step) {
      const events = allowing(Http2Failure, () => connection.receive(input.slice(at, at + step)));
      if (events === undefined) break;
      open();
    }
    connection.takeOutput();
  },
};

const hpack: Target = {
  name: "hpack",
  words: [headerBlock(...answer), Uint8Array.of(0x3f, 0xe1, 0x1f), Uint8Array.of(0x40), Uint8Array.of(0x20)],
  seeds: () => [headerBlock(...answer), concat([Uint8Array.of(0x20, 0x82, 0x86, 0x84, 0x41, 0x8c)])],
  read(input) {
    const decoder = new HpackDecoder();
    const half = input.length >> 1;
    for (const block of [input.subarray(0, half), input.subarray(half)]) {
      allowing(Http2Failure, () => decoder.decode(block));
    }
    decodeHuffman(input);
  },
};

const record: Target = {
  name: "tls-record",
  words: [Uint8Array.of(22, 3, 3), Uint8Array.of(20, 3, 3, 0, 1, 1), Uint8Array.of(21, 3, 3, 0, 2, 2, 40)],
  seeds: () => [Uint8Array.of(22, 3, 3, 0, 2, 1, 1), Uint8Array.of(20, 3, 3, 0, 1, 1, 21, 3, 3, 0, 2, 1, 0)],
  read(input) {
    const splitter = new RecordSplitter();
    const step = 1 + ((input[0] ?? 0) % 7);
    return allowing(TlsFailure, () => {
      for (let at = 0; at < input.length; at += step) {
        splitter.push(input.subarray(at, at + step));
        while (splitter.next()) void 0;
      }
    });
  },
};

const parties = await testPki("P-256", "P-256");
const names: readonly MessageName[] = [
  "serverHello",
  "encryptedExtensions",
  "certificateRequest",
  "certificate",
  "certificateVerify",
  "serverKeyExchange",
  "serverHelloDone",
  "finished",
];

/**
 * A handshake whose keys and MACs are all in order, but for one message. First byte: the version; second: which message;
 * then pieces of five bytes or so that are put into it: where, how many bytes go, how many come, and those.
 */
const handshake: Target = {
  name: "tls-handshake",
  longest: 200,
  words: [
    Uint8Array.of(0, 43, 0, 2, 3, 4),
    Uint8Array.of(0, 16, 0, 5, 0, 3, 2, 104, 50),
    Uint8Array.of(0x04, 0x03),
  ],
  seeds: () =>
    [0, 1].flatMap((version) => names.map((_, index) => Uint8Array.of(version, index, 4, 0, 1, 1, 0))),
  async read([version = 0, index = 0, ...edits]) {
    const name = names[index % names.length];
    const script: Script = (each, whole) => [each === name ? edited(whole, edits) : whole];
    const [near, far] = streamPair();
    const serve = version % 2 === 0 ? serveTls13 : serveTls12;
    // The server of the tests refuses us as it likes; what matters is what we do.
    const there = serve(far, parties.server, script).then(
      () => {},
      () => far.close(),
    );
    try {
      const connection = await startTls(near, options());
      await connection.close();
    } catch (error) {
      if (!(error instanceof TlsFailure)) throw error;
    }
    await far.close();
    await there;
  },
};

const options = () => ({
  serverName: "localhost",
  protocol: "h2" as const,
  roots: [parties.root.certificate],
  now: Date.now(),
  client: {
    certificates: [parties.client.certificate.der],
    signer: handshakeSigner(parties.client.keys.pkcs8),
  },
});

/** Lengths inside the message are what is to be got wrong, so the length of the message itself is put right. */
function edited(message: Uint8Array, edits: readonly number[]): Uint8Array<ArrayBuffer> {
  let body: number[] = [...message.subarray(4)];
  for (let at = 0; at + 2 < edits.length; ) {
    const [place = 0, removed = 0, added = 0] = edits.slice(at, at + 3);
    const count = added % 16;
    const where = body.length === 0 ? 0 : place % body.length;
    body = body.toSpliced(where, removed % 16, ...edits.slice(at + 3, at + 3 + count));
    at += 3 + count;
  }
  return Uint8Array.of(message[0] ?? 0, 0, body.length >> 8, body.length & 0xff, ...body);
}

/** Whatever a server says before there are keys. */
const client: Target = {
  name: "tls-client",
  longest: 2_000,
  words: [Uint8Array.of(22, 3, 3, 0), Uint8Array.of(2, 0, 0, 0x46, 3, 3), Uint8Array.of(0, 43, 0, 2, 3, 4)],
  seeds: () => [
    concat([Uint8Array.of(22, 3, 3, 0, 74, 2, 0, 0, 70, 3, 3), new Uint8Array(68)]),
    Uint8Array.of(21, 3, 3, 0, 2, 2, 40),
    bytes("HTTP/1.1 400 Bad Request\r\n\r\n"),
  ],
  async read(input) {
    let given = false;
    const stream = {
      async read() {
        if (given || input.length === 0) return undefined;
        given = true;
        return input;
      },
      async write() {},
      async close() {},
    };
    try {
      await startTls(stream, options());
      throw new Error(`a handshake without a key: ${toHex(input)}`);
    } catch (error) {
      if (!(error instanceof TlsFailure)) throw error;
    }
  },
};

export const pushTargets = [http2, hpack, record, handshake, client];
