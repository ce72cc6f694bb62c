import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { ByteStream } from "../../src/apns/byte-stream.ts";
import type { TlsConnection } from "../../src/apns/tls/connection.ts";
import { TlsFailure, type TlsFailureReason } from "../../src/apns/tls/failure.ts";
import { startTls } from "../../src/apns/tls/handshake.ts";
import {
  expandLabel,
  finishedKey,
  handshakeSecret,
  hkdfExtract,
  masterSecret,
  trafficKeys,
  trafficSecrets,
  updatedSecret,
} from "../../src/apns/tls/key-schedule.ts";
import { buildMessage, handshakeTypes } from "../../src/apns/tls/messages.ts";
import { prf } from "../../src/apns/tls/prf.ts";
import { protection12, protection13 } from "../../src/apns/tls/protection.ts";
import { contentTypes, type Record, RecordSplitter, recordHeader } from "../../src/apns/tls/record.ts";
import { handshakeSigner } from "../../src/apns/tls/signature-schemes.ts";
import { type Suite, suites } from "../../src/apns/tls/suites.ts";
import { u8, u16, vector8, vector16, vector24 } from "../../src/apns/tls/writer.ts";
import { type Bytes, concat, fromHex, toHex, utf8 } from "../../src/base/bytes.ts";
import { type TestIdentity, testClient, testIdentity, testServer } from "../support/test-pki.ts";
import {
  asIs,
  changing,
  type Established,
  extensionOf,
  helloMessage,
  type MessageName,
  retryRandom as retry,
  type Script,
  serveTls12,
  serveTls13,
  streamPair,
  tls12Extensions,
} from "../support/tls-server.ts";

// The TLS client against a server that breaks one rule at a time; against OpenSSL it is tested in tls-handshake.node.test.ts.

const hex = (text: string): Bytes => fromHex(text.replaceAll(/\s/g, "")) as Bytes;
const suite = suites.find(({ code }) => code === 0x1301) as Suite;

describe("the key schedule of TLS 1.3 agrees with RFC 8448", () => {
  // Section 3, simple 1-RTT handshake.
  const sharedSecret = hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
  const helloHash = hex("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
  const clientHandshake = hex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  const serverHandshake = hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");

  test("from the shared secret to the secrets of the handshake", async () => {
    const secret = await handshakeSecret("SHA-256", sharedSecret);
    const secrets = await trafficSecrets("SHA-256", secret, "hs", helloHash);

    expect(toHex(secret)).toBe("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
    expect(secrets).toEqual({ client: clientHandshake, server: serverHandshake });
    expect(toHex(await masterSecret("SHA-256", secret))).toBe(
      "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919",
    );
  });

  test("keys, nonces and the key of Finished", async () => {
    const server = await trafficKeys(suite, serverHandshake);
    const client = await trafficKeys(suite, clientHandshake);

    expect(toHex(server.key)).toBe("3fce516009c21727d0f2e4e86ee403bc");
    expect(toHex(server.iv)).toBe("5d313eb2671276ee13000b30");
    expect(toHex(client.key)).toBe("dbfaa693d1762c5b666af5d950258d01");
    expect(toHex(client.iv)).toBe("5bd3c71b836e0b76bb73265f");
    const label = (secret: Bytes) => expandLabel("SHA-256", secret, "finished", new Uint8Array(), 32);
    expect(toHex(await label(serverHandshake))).toBe(
      "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8",
    );
    expect(toHex(await label(clientHandshake))).toBe(
      "b80ad01015fb2f0bd65ff7d4da5d6bf83f84821d1f87fdc7d3c75b5a7b42d9c4",
    );
    expect(await finishedKey("SHA-256", serverHandshake)).toBeDefined();
  });

  test("the first extraction, with either hash", async () => {
    const early = async (hash: "SHA-256" | "SHA-384", length: number) =>
      toHex(await hkdfExtract(hash, new Uint8Array(length), new Uint8Array(length)));

    expect(await early("SHA-256", 32)).toBe(
      "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a",
    );
    expect(await early("SHA-384", 48)).toBe(
      "7ee8206f5570023e6dc7519eb1073bc4e791ad37b5c382aa10ba18e2357e716971f9362f2c2fe2a76bfd78dfec4ea9b5",
    );
  });
});

test("the PRF of TLS 1.2 agrees with the vector that implementers share for SHA-256", async () => {
  const secret = hex("9bbe436ba940f017b17652849a71db35");
  const seed = hex("a0ba9f936cda311827a6f796ffd5198c");

  expect(toHex(await prf("SHA-256", secret, "test label", seed, 100))).toBe(
    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
  );
});

describe("records", () => {
  const split = (bytes: Uint8Array, size: number): Record[] => {
    const splitter = new RecordSplitter();
    const records: Record[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      splitter.push(bytes.subarray(at, at + size));
      for (let record = splitter.next(); record; record = splitter.next()) records.push(record);
    }
    return records;
  };
  const record = (type: number, content: Uint8Array) => concat([recordHeader(type, content.length), content]);
  const keys = { key: new Uint8Array(16).fill(7), iv: new Uint8Array(12).fill(9) };
  const salted = { key: keys.key, iv: keys.iv.slice(0, 4) };
  const opening = (sealed: Uint8Array): Record => split(sealed, sealed.length)[0] as Record;

  test("are the same for any way the network cuts them", () => {
    const bytes = concat([
      record(22, utf8("one")),
      record(21, new Uint8Array()),
      record(23, new Uint8Array(300)),
    ]);

    for (let size = 1; size <= bytes.length; size++) {
      expect(split(bytes, size).map(({ type, content }) => [type, content.length])).toEqual([
        [22, 3],
        [21, 0],
        [23, 300],
      ]);
    }
  });

  test.each([
    [
      "another protocol",
      "485454502f312e31",
      "malformed",
      "a record of type 72: the other side does not speak TLS",
    ],
    ["another major version", "1604", "malformed", "a record of version 4"],
    ["a length that no record has", "1703034101", "record-too-long", "a record of 16641 bytes"],
  ])("are refused as soon as %s shows", (_title, text, reason, message) => {
    const splitter = new RecordSplitter();
    splitter.push(hex(text));

    expect(() => splitter.next()).toThrow(expect.objectContaining({ reason, message }));
  });

  test.each([
    ["1.3", () => protection13(keys)],
    ["1.2", () => protection12(salted)],
  ])("sealed in TLS %s open again in their order, and in no other", async (_version, protection) => {
    const [sealer, opener, late] = await Promise.all([protection(), protection(), protection()]);
    const first = opening(await sealer.seal(23, utf8("first")));
    const second = opening(await sealer.seal(22, utf8("second")));

    expect(await opener.open(first)).toMatchObject({ type: 23, content: utf8("first") });
    expect(await opener.open(second)).toMatchObject({ type: 22, content: utf8("second") });
    await expect(opener.open(second)).rejects.toMatchObject({ reason: "bad-record" });
    await expect(late.open(second)).rejects.toMatchObject({ reason: "bad-record" });
  });

  test.each([
    ["1.3", () => protection13(keys)],
    ["1.2", () => protection12(salted)],
  ])("sealed in TLS %s do not open with any bit changed, header included", async (_version, protection) => {
    const sealed = await (await protection()).seal(23, utf8("content"));
    for (let at = 0; at < sealed.length; at++) {
      const altered = sealed.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      const opener = await protection();
      const outcome = await Promise.resolve()
        .then(() => opening(altered))
        .then((one) =>
          one ? opener.open(one) : Promise.reject(new TlsFailure("cut-off", "a length that grew")),
        )
        .catch((failure: unknown) => failure);
      expect(outcome, `byte ${at}`).toBeInstanceOf(TlsFailure);
    }
  });

  test("of nothing but padding are refused, padding after content is not", async () => {
    const inner = async (content: Uint8Array) => {
      const key = await crypto.subtle.importKey("raw", keys.key, "AES-GCM", false, ["encrypt"]);
      const header = recordHeader(23, content.length + 16);
      const parameters = { name: "AES-GCM", iv: keys.iv, additionalData: header };
      const sealed = await crypto.subtle.encrypt(parameters, key, content as Bytes);
      return opening(concat([header, new Uint8Array(sealed)]));
    };

    expect(await (await protection13(keys)).open(await inner(hex("6869160000")))).toMatchObject({
      type: 22,
      content: utf8("hi"),
    });
    await expect((await protection13(keys)).open(await inner(hex("000000")))).rejects.toMatchObject({
      reason: "unexpected-message",
    });
    const long = await inner(concat([new Uint8Array(16_385), u8(23)]));
    await expect((await protection13(keys)).open(long)).rejects.toMatchObject({ reason: "record-too-long" });
    const padded = await inner(concat([utf8("x"), u8(23), new Uint8Array(16_384)]));
    await expect((await protection13(keys)).open(padded)).rejects.toMatchObject({
      reason: "record-too-long",
    });
  });

  test("of any bytes are records or a named failure", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (bytes, size) => {
        try {
          split(bytes, size);
        } catch (failure) {
          expect(failure).toBeInstanceOf(TlsFailure);
        }
      }),
      { seed: 8446, numRuns: 2000 },
    );
  });
});

let root: TestIdentity;
let server: TestIdentity;
let client: TestIdentity;
let stranger: TestIdentity;

beforeAll(async () => {
  root = await testIdentity({ commonName: "Test Root", isCa: true });
  [server, client, stranger] = await Promise.all([
    testServer(root, "P-256"),
    testClient(root, "P-256"),
    testServer(root, "P-256"),
  ]);
});

const shakeHands = (stream: ByteStream): Promise<TlsConnection> =>
  startTls(stream, {
    serverName: "localhost",
    protocol: "h2",
    roots: [root.certificate],
    now: Date.now(),
    client: { certificates: [client.certificate.der], signer: handshakeSigner(client.keys.pkcs8) },
  });

type Serve = typeof serveTls13;

/** Both sides of a handshake, as far as each came. */
async function meet(serve: Serve, script?: Script) {
  const [near, far] = streamPair();
  const settle = <Value>(attempt: Promise<Value>) =>
    attempt.then(
      (value) => ({ value, failure: undefined }),
      (failure: unknown) => ({ value: undefined, failure: failure as TlsFailure }),
    );
  // Whoever fails first hangs up, so that the other does not wait.
  const there = serve(far, server, script).catch(async (failure: unknown) => {
    await far.close();
    throw failure;
  });
  const [ours, theirs] = await Promise.all([settle(shakeHands(near)), settle(there)]);
  return { ours, theirs };
}

async function connected(serve: Serve): Promise<{ tls: TlsConnection; peer: Established; far: ByteStream }> {
  const [near, far] = streamPair();
  const [tls, peer] = await Promise.all([shakeHands(near), serve(far, server)]);
  return { tls, peer, far };
}

/** What the server does, and what we call it. */
type Case = [title: string, script: () => Script, reason: TlsFailureReason];

const bodyOf = (message: Bytes): Bytes => message.slice(4);
const withBody = (message: Bytes, ...body: Uint8Array[]): Bytes => buildMessage(message[0] ?? 0, ...body);
const drop = (name: MessageName): Script => changing(name, () => []);
/** ServerHello: version 2, random 32, session id 1 + 32 (TLS 1.3) or 1 (TLS 1.2), suite 2, compression 1, extensions. */
const editHello = (edit: (body: Bytes, sessionEnd: number) => void): Script =>
  changing("serverHello", (message) => {
    const body = bodyOf(message);
    edit(body, 35 + (body[34] ?? 0));
    return withBody(message, body);
  });

const common: Case[] = [
  ["ends early", () => changing("serverHello", (m) => withBody(m, bodyOf(m).slice(0, 30))), "malformed"],
  [
    "has bytes after its end",
    () => changing("serverHello", (m) => withBody(m, bodyOf(m), u8(0))),
    "malformed",
  ],
  ["says it is SSL 3", () => editHello((b) => b.set([3, 0])), "unsupported-version"],
  [
    "chooses a suite that was not offered",
    () => editHello((b, at) => b.set([0x13, 0x03], at)),
    "illegal-parameter",
  ],
  ["compresses", () => editHello((b, at) => b.set([1], at + 2)), "illegal-parameter"],
  [
    "is something else",
    () => changing("serverHello", () => buildMessage(handshakeTypes.finished)),
    "unexpected-message",
  ],
  [
    "claims a length beyond reason",
    () => changing("serverHello", () => Uint8Array.of(2, 0xff, 0xff, 0xff)),
    "malformed",
  ],
];

test("TLS 1.3: a server that wants a second hello with its cookie in it gets one", async () => {
  const [near, far] = streamPair();

  const [tls, peer] = await Promise.all([shakeHands(near), serveTls13(far, server, asIs, utf8("cookie"))]);
  await peer.wire.write(contentTypes.applicationData, utf8("hello"));

  expect(await tls.read()).toEqual(utf8("hello"));
});

describe("TLS 1.3: a server is refused", () => {
  const random = new Uint8Array(32).fill(1);
  const version = extensionOf(43, u16(0x0304));
  const share = (group: number, key: Uint8Array) => extensionOf(51, concat([u16(group), vector16(key)]));
  const rebuilt = (...extensions: Bytes[]): Script =>
    changing("serverHello", (m) => helloMessage(random, m.slice(39, 71), 0x1301, ...extensions));
  const point = new Uint8Array(32).fill(9);
  const withExtensions = (...extensions: Bytes[]): Script =>
    changing("encryptedExtensions", (m) => withBody(m, vector16(...extensions)));
  const h2 = extensionOf(16, vector16(vector8(utf8("h2"))));
  const retrying = (...extensions: Bytes[]): Script =>
    changing("serverHello", (m) => helloMessage(retry, m.slice(39, 71), 0x1301, version, ...extensions));
  const withAuthorities = (names: Bytes): Script =>
    changing("certificateRequest", (m) =>
      withBody(m, vector8(), vector16(extensionOf(13, vector16(u16(0x0403))), extensionOf(47, names))),
    );

  test.each<Case>([
    ...common.map(([title, ...rest]): Case => [`whose hello ${title}`, ...rest]),
    ["whose hello has another session id", () => editHello((b) => b.set([0xee], 40)), "illegal-parameter"],
    [
      "whose hello has an extension twice",
      () => rebuilt(version, version, share(29, point)),
      "illegal-parameter",
    ],
    [
      "whose hello has an extension that belongs elsewhere",
      () => rebuilt(version, share(29, point), h2),
      "illegal-parameter",
    ],
    [
      "whose hello has an extension that we never sent",
      () => rebuilt(version, share(29, point), extensionOf(0xbeef, u8(0))),
      "unsupported-extension",
    ],
    [
      "that says what belongs to TLS 1.2",
      () => withExtensions(h2, extensionOf(23, new Uint8Array())),
      "illegal-parameter",
    ],
    ["that acknowledges our name with more", () => withExtensions(h2, extensionOf(0, u8(0))), "malformed"],
    ["that names authorities and none", () => withAuthorities(vector16()), "malformed"],
    ["that names an authority without a name", () => withAuthorities(vector16(vector16())), "malformed"],
    [
      "that wants another hello, and says why in no words",
      () => retrying(extensionOf(44, vector16())),
      "malformed",
    ],
    [
      "that wants another hello for a group that it has the share of",
      () => retrying(extensionOf(44, vector16(u8(1))), extensionOf(51, u16(29))),
      "illegal-parameter",
    ],
    [
      "that wants another hello with something that nobody knows",
      () => retrying(extensionOf(44, vector16(u8(1))), extensionOf(0xbeef, u8(1))),
      "unsupported-extension",
    ],
    [
      "whose hello chooses a version that does not exist",
      () => rebuilt(extensionOf(43, u16(0x0305)), share(29, point)),
      "unsupported-version",
    ],
    ["whose hello has no key share", () => rebuilt(version), "missing-extension"],
    [
      "whose hello has a key share of an unknown group",
      () => rebuilt(version, share(25, point)),
      "illegal-parameter",
    ],
    [
      "whose hello has a key share of another length",
      () => rebuilt(version, share(29, point.slice(1))),
      "illegal-parameter",
    ],
    [
      "whose key share gives no secret",
      () => rebuilt(version, share(29, new Uint8Array(32))),
      "illegal-parameter",
    ],
    [
      "whose key share is no point of the curve",
      () => rebuilt(version, share(23, concat([u8(4), new Uint8Array(64).fill(1)]))),
      "illegal-parameter",
    ],
    [
      "that wants another hello and has no key share for it",
      () => editHello((b) => b.set(retry, 2)),
      "illegal-parameter",
    ],
    [
      "whose hello goes on after the keys changed",
      () => changing("serverHello", (m) => [m, u8(8)]),
      "unexpected-message",
    ],
    ["that has no protocol for us", () => withExtensions(), "no-application-protocol"],
    [
      "that chooses HTTP/1.1",
      () => withExtensions(extensionOf(16, vector16(vector8(utf8("http/1.1"))))),
      "no-application-protocol",
    ],
    [
      "that chooses two protocols",
      () => withExtensions(extensionOf(16, vector16(vector8(utf8("h2")), vector8(utf8("h2"))))),
      "malformed",
    ],
    [
      "that takes early data",
      () => withExtensions(h2, extensionOf(42, new Uint8Array())),
      "unsupported-extension",
    ],
    ["that asks for no certificate", () => drop("certificateRequest"), "client-certificate-not-requested"],
    [
      "that asks for a certificate with a context",
      () => changing("certificateRequest", (m) => withBody(m, vector8(u8(1)), vector16())),
      "malformed",
    ],
    [
      "that takes no signatures",
      () => changing("certificateRequest", (m) => withBody(m, vector8(), vector16())),
      "missing-extension",
    ],
    [
      "that takes only signatures that we cannot make",
      () =>
        changing("certificateRequest", (m) =>
          withBody(m, vector8(), vector16(extensionOf(13, vector16(u16(0x0807))))),
        ),
      "client-key-not-accepted",
    ],
    [
      "without a certificate",
      () => changing("certificate", (m) => withBody(m, vector8(), vector24())),
      "server-certificate-malformed",
    ],
    [
      "whose certificate is none",
      () =>
        changing("certificate", (m) => withBody(m, vector8(), vector24(vector24(utf8("hi")), vector16()))),
      "server-certificate-malformed",
    ],
    [
      "with too many certificates",
      () =>
        changing("certificate", (m) =>
          withBody(m, vector8(), vector24(...Array.from({ length: 9 }, () => bodyOf(m).slice(4)))),
        ),
      "server-certificate-malformed",
    ],
    [
      "with an extension to its certificate that we did not ask for",
      () =>
        changing("certificate", (m) =>
          withBody(m, vector8(), vector24(vector24(server.certificate.der), vector16(extensionOf(5, u8(1))))),
        ),
      "unsupported-extension",
    ],
    ["that proves no key", () => drop("certificateVerify"), "unexpected-message"],
    [
      "that has the certificate of another and not the key",
      () =>
        changing("certificate", (m) =>
          withBody(m, vector8(), vector24(vector24(stranger.certificate.der), vector16())),
        ),
      "bad-signature",
    ],
    [
      "whose signature is altered",
      () =>
        changing("certificateVerify", (m) => {
          const b = bodyOf(m);
          b[20] = (b[20] ?? 0) ^ 1;
          return withBody(m, b);
        }),
      "bad-signature",
    ],
    [
      "whose signature is no DER",
      () => changing("certificateVerify", (m) => withBody(m, u16(0x0403), vector16(utf8("signed")))),
      "bad-signature",
    ],
    [
      "that signs by a scheme that fits another key",
      () => changing("certificateVerify", (m) => withBody(m, u16(0x0804), bodyOf(m).slice(2))),
      "illegal-parameter",
    ],
    [
      "that signs by a scheme that was not offered",
      () => changing("certificateVerify", (m) => withBody(m, u16(0x0203), bodyOf(m).slice(2))),
      "illegal-parameter",
    ],
    [
      "that saw another handshake",
      () => changing("finished", (m) => withBody(m, new Uint8Array(32))),
      "bad-finished",
    ],
    [
      "whose Finished is cut off",
      () => changing("finished", (m) => withBody(m, bodyOf(m).slice(1))),
      "bad-finished",
    ],
    ["whose Finished comes too early", () => drop("encryptedExtensions"), "unexpected-message"],
    [
      "whose Finished is followed by more under old keys",
      () => changing("finished", (m) => [m, u8(4)]),
      "unexpected-message",
    ],
  ])("%s", async (_title, script, reason) => {
    const { ours, theirs } = await meet(serveTls13, script());

    expect(ours.failure).toBeInstanceOf(TlsFailure);
    expect(ours.failure?.reason).toBe(reason);
    expect(theirs.failure).toBeDefined();
  });

  /** A server that answers each hello with the next of these messages, and nothing else. */
  async function answered(...answers: ((sessionId: Bytes) => Bytes)[]) {
    const [near, far] = streamPair();
    const failure = shakeHands(near).catch((thrown: unknown) => thrown);
    for (const answer of answers) {
      let hello = (await far.read()) ?? new Uint8Array();
      // Before its second hello a client says ChangeCipherSpec.
      if (hello[0] === contentTypes.changeCipherSpec) hello = (await far.read()) ?? hello;
      const message = answer(hello.slice(44, 76));
      await far.write(concat([recordHeader(contentTypes.handshake, message.length), message]));
    }
    return failure;
  }
  const cookie = extensionOf(44, vector16(utf8("cookie")));

  test("that wants another hello twice", async () => {
    const again = (sessionId: Bytes) => helloMessage(retry, sessionId, 0x1301, version, cookie);

    expect(await answered(again, again)).toMatchObject({
      reason: "unexpected-message",
      message: "the server wants yet another hello",
    });
  });

  test("that wants another hello and then another suite", async () => {
    const failure = await answered(
      (sessionId) => helloMessage(retry, sessionId, 0x1301, version, cookie),
      (sessionId) => helloMessage(random, sessionId, 0x1302, version, share(29, point)),
    );

    expect(failure).toMatchObject({
      reason: "illegal-parameter",
      message: "the server chose two suites, one after the other",
    });
  });

  test("that sends data before its hello, be it none", async () => {
    const [near, far] = streamPair();
    const failure = shakeHands(near).catch((thrown: unknown) => thrown);
    await far.read();

    await far.write(recordHeader(contentTypes.applicationData, 0));

    expect(await failure).toMatchObject({ reason: "unexpected-message" });
  });

  test("and told why", async () => {
    const { theirs } = await meet(
      serveTls13,
      changing("finished", (m) => withBody(m, new Uint8Array(32))),
    );

    expect(theirs.failure).toMatchObject({ message: "the server ended the connection: decrypt_error" });
  });
});

describe("TLS 1.2: a server is refused", () => {
  const random = new Uint8Array(32).fill(1);
  const none = new Uint8Array();
  const [renegotiation, extendedMaster, h2] = tls12Extensions as [Bytes, Bytes, Bytes];
  const rebuilt = (...extensions: Bytes[]): Script =>
    changing("serverHello", () => helloMessage(random, none, 0xc02b, ...extensions));
  const marked = (mark: string): Script => editHello((b) => b.set(hex(`444f574e475244${mark}`), 26));
  const exchange = (edit: (body: Bytes) => void): Script =>
    changing("serverKeyExchange", (m) => {
      const body = bodyOf(m);
      edit(body);
      return withBody(m, body);
    });

  test.each<Case>([
    ...common.map(([title, ...rest]): Case => [`whose hello ${title}`, ...rest]),
    ["whose hello says that it was made to choose TLS 1.2", () => marked("01"), "downgraded"],
    ["whose hello says that it was made to choose TLS 1.1", () => marked("00"), "downgraded"],
    ["without the extended master secret", () => rebuilt(renegotiation, h2), "missing-extension"],
    [
      "with something in the extended master secret",
      () => rebuilt(renegotiation, h2, extensionOf(23, u8(0))),
      "malformed",
    ],
    ["that knows no safe renegotiation", () => rebuilt(extendedMaster, h2), "missing-extension"],
    [
      "that takes this for a renegotiation",
      () => rebuilt(extendedMaster, h2, extensionOf(0xff01, vector8(u8(1)))),
      "illegal-parameter",
    ],
    ["that has no protocol for us", () => rebuilt(renegotiation, extendedMaster), "no-application-protocol"],
    [
      "that hands out tickets",
      () => rebuilt(...tls12Extensions, extensionOf(35, none)),
      "unsupported-extension",
    ],
    [
      "that chooses a suite of TLS 1.3",
      () => editHello((b, at) => b.set([0x13, 0x01], at)),
      "illegal-parameter",
    ],
    [
      "that chooses a suite for another kind of key",
      () => editHello((b, at) => b.set([0xc0, 0x2f], at)),
      "illegal-parameter",
    ],
    [
      "without a certificate",
      () => changing("certificate", (m) => withBody(m, vector24())),
      "server-certificate-malformed",
    ],
    ["without a key exchange", () => drop("serverKeyExchange"), "unexpected-message"],
    ["whose key exchange describes its own curve", () => exchange((b) => b.set([1])), "malformed"],
    ["whose key exchange is in another group", () => exchange((b) => b.set([25], 2)), "bad-signature"],
    [
      "whose key exchange is altered",
      () => exchange((b) => b.set([b[10] === 1 ? 2 : 1], 10)),
      "bad-signature",
    ],
    [
      "whose key exchange is cut off",
      () => changing("serverKeyExchange", (m) => withBody(m, bodyOf(m).slice(0, 50))),
      "malformed",
    ],
    ["that asks for no certificate", () => drop("certificateRequest"), "client-certificate-not-requested"],
    [
      "that takes only signatures that we cannot make",
      () =>
        changing("certificateRequest", (m) =>
          withBody(m, vector8(u8(64)), vector16(u16(0x0401)), vector16()),
        ),
      "client-key-not-accepted",
    ],
    [
      "that takes only certificates of another kind",
      () =>
        changing("certificateRequest", (m) => withBody(m, vector8(u8(1)), vector16(u16(0x0403)), vector16())),
      "client-key-not-accepted",
    ],
    [
      "that names an authority without a name",
      () =>
        changing("certificateRequest", (m) =>
          withBody(m, vector8(u8(64)), vector16(u16(0x0403)), vector16(vector16())),
        ),
      "malformed",
    ],
    [
      "that takes only points that we do not send",
      () => rebuilt(...tls12Extensions, extensionOf(11, vector8(u8(1)))),
      "illegal-parameter",
    ],
    [
      "that acknowledges our name with more",
      () => rebuilt(...tls12Extensions, extensionOf(0, u8(0))),
      "malformed",
    ],
    [
      "whose ServerHelloDone says something",
      () => changing("serverHelloDone", (m) => withBody(m, u8(0))),
      "malformed",
    ],
    [
      "whose flight goes on where we speak",
      () => changing("serverHelloDone", (m) => [m, u8(0)]),
      "unexpected-message",
    ],
    [
      "that saw another handshake",
      () => changing("finished", (m) => withBody(m, new Uint8Array(12))),
      "bad-finished",
    ],
    [
      "whose Finished is cut off",
      () => changing("finished", (m) => withBody(m, bodyOf(m).slice(1))),
      "bad-finished",
    ],
    [
      "that finishes with something else",
      () => changing("finished", () => buildMessage(handshakeTypes.helloRequest)),
      "unexpected-message",
    ],
  ])("%s", async (_title, script, reason) => {
    const { ours } = await meet(serveTls12, script());

    expect(ours.failure).toBeInstanceOf(TlsFailure);
    expect(ours.failure?.reason).toBe(reason);
  });

  test("that claims to resume a session that never was", async () => {
    const [near, far] = streamPair();
    const failure = shakeHands(near).catch((thrown: unknown) => thrown);
    const hello = (await far.read()) ?? new Uint8Array();
    const sessionId = hello.slice(44, 76);
    const message = helloMessage(random, sessionId, 0xc02b, ...tls12Extensions);

    await far.write(concat([recordHeader(contentTypes.handshake, message.length), message]));

    expect(await failure).toMatchObject({ reason: "illegal-parameter", message: "a session that never was" });
  });
});

describe.each<[string, Serve]>([
  ["1.3", serveTls13],
  ["1.2", serveTls12],
])("after a handshake of TLS %s", (version, serve) => {
  const read = (tls: TlsConnection) => tls.read().catch((thrown: unknown) => thrown);

  test("data goes both ways, in records of 16 KiB at most", async () => {
    const { tls, peer } = await connected(serve);
    const large = new Uint8Array(40_000).fill(7);

    await tls.write(large);
    await peer.wire.write(contentTypes.applicationData, utf8("hello"));

    const lengths = [];
    for (let left = large.length; left > 0; ) {
      const record = (await peer.wire.readRecord()) as Record;
      lengths.push(record.content.length);
      left -= record.content.length;
    }
    expect(lengths).toEqual([16_384, 16_384, 7232]);
    expect(await tls.read()).toEqual(utf8("hello"));
  });

  test("writes made at the same time leave in their order", async () => {
    const { tls, peer } = await connected(serve);

    await Promise.all(["1", "2", "3", "4"].map((text) => tls.write(utf8(text))));

    let text = "";
    while (text.length < 4)
      text += Buffer.from(((await peer.wire.readRecord()) as Record).content).toString();
    expect(text).toBe("1234");
  });

  test("a goodbye ends reading, and ours is heard", async () => {
    const { tls, peer } = await connected(serve);

    await peer.wire.writeAlert(0);
    expect(await tls.read()).toBeUndefined();
    await tls.close();

    expect(await peer.wire.readRecord()).toBeUndefined();
    expect(await tls.read()).toBeUndefined();
  });

  test("an end without a goodbye is not an end", async () => {
    const { tls, far } = await connected(serve);

    await far.close();

    expect(await read(tls)).toMatchObject({
      reason: "cut-off",
      message: "the connection ended without a goodbye",
    });
  });

  test.each<[string, (peer: Established) => Promise<void>, TlsFailureReason]>([
    ["an alert about our certificate", (peer) => peer.wire.writeAlert(44), "client-certificate-refused"],
    ["another alert", (peer) => peer.wire.writeAlert(80), "alert"],
    ["an alert that nobody knows", (peer) => peer.wire.writeAlert(200), "alert"],
    ["an alert of one byte", (peer) => peer.wire.write(contentTypes.alert, u8(0)), "malformed"],
    [
      "an empty handshake record",
      (peer) => peer.wire.write(contentTypes.handshake, new Uint8Array()),
      "cut-off",
    ],
    ["a change of ciphers", (peer) => peer.wire.writeChangeCipherSpec(), "unexpected-message"],
    [
      "a request for another certificate",
      (peer) => peer.wire.writeMessages(buildMessage(13, vector8(), vector16())),
      version === "1.3" ? "unexpected-message" : "renegotiation",
    ],
    [
      "a request for another handshake",
      (peer) => peer.wire.writeMessages(buildMessage(0)),
      version === "1.3" ? "unexpected-message" : "renegotiation",
    ],
    [
      "a hello",
      (peer) => peer.wire.writeMessages(buildMessage(2)),
      version === "1.3" ? "unexpected-message" : "renegotiation",
    ],
  ])("%s ends it", async (_title, say, reason) => {
    const { tls, peer, far } = await connected(serve);

    await say(peer);
    await far.close();

    expect(await read(tls)).toMatchObject({ reason });
    expect(await tls.read()).toBeUndefined();
  });

  test("a flood of records that bring nothing ends it", async () => {
    const { tls, peer } = await connected(serve);
    const userCanceled = 90;

    for (let count = 0; count < 32; count++) await peer.wire.writeAlert(userCanceled);
    await peer.wire.write(contentTypes.applicationData, utf8("still here"));
    expect(await read(tls)).toEqual(utf8("still here"));
    for (let count = 0; count < 33; count++) await peer.wire.writeAlert(userCanceled);

    expect(await read(tls)).toMatchObject({ message: "more than 32 records in a row that bring nothing" });
  });
});

describe("after a handshake of TLS 1.3", () => {
  const update = (request: number) => buildMessage(handshakeTypes.keyUpdate, u8(request));
  const ticket = buildMessage(handshakeTypes.newSessionTicket, new Uint8Array(50));

  async function rekeyed({ wire, suite: chosen, secrets }: Established, request: number): Promise<void> {
    const secret = await updatedSecret(chosen.hash, secrets?.server as Bytes);
    if (secrets) secrets.server = secret;
    const keys = await protection13(await trafficKeys(chosen, secret));
    await wire.write(contentTypes.handshake, update(request), keys);
  }

  test("the server changes its keys as often as it likes, tickets between them", async () => {
    const { tls, peer } = await connected(serveTls13);

    for (const text of ["one", "two", "three"]) {
      await peer.wire.writeMessages(ticket);
      await rekeyed(peer, 0);
      await peer.wire.write(contentTypes.applicationData, utf8(text));
      expect(await tls.read()).toEqual(utf8(text));
    }
  });

  test("no number of tickets is too high with data between them", async () => {
    const { tls, peer } = await connected(serveTls13);

    for (let round = 0; round < 5; round++) {
      for (let count = 0; count < 20; count++) await peer.wire.writeMessages(ticket);
      await peer.wire.write(contentTypes.applicationData, utf8("data"));
      expect(await tls.read()).toEqual(utf8("data"));
    }
  });

  test("asked for it, even several times, we change ours once, before our next word", async () => {
    const { tls, peer } = await connected(serveTls13);

    for (let count = 0; count < 3; count++) await rekeyed(peer, 1);
    await peer.wire.write(contentTypes.applicationData, utf8("now you"));
    expect(await tls.read()).toEqual(utf8("now you"));
    await tls.write(utf8("done"));

    const answer = await peer.wire.readMessage(handshakeTypes.keyUpdate);
    expect(answer.body).toEqual(u8(0));
    const secret = await updatedSecret(peer.suite.hash, peer.secrets?.client as Bytes);
    peer.wire.protectReading(await protection13(await trafficKeys(peer.suite, secret)));
    expect(await peer.wire.readRecord()).toMatchObject({ content: utf8("done") });
  });

  test.each<[string, Bytes, TlsFailureReason]>([
    ["a change of keys that asks for nonsense", update(2), "illegal-parameter"],
    ["a change of keys with more in its record", concat([update(0), u8(4)]), "unexpected-message"],
    ["data inside a ticket", ticket.slice(0, 20), "unexpected-message"],
    [
      "more tickets than anybody needs",
      concat(Array.from({ length: 33 }, () => ticket)),
      "unexpected-message",
    ],
  ])("%s ends it", async (_title, messages, reason) => {
    const { tls, peer } = await connected(serveTls13);

    await peer.wire.write(contentTypes.handshake, messages);
    await peer.wire.write(contentTypes.applicationData, utf8("x"));

    await expect(tls.read()).rejects.toMatchObject({ reason });
  });
});

describe.each<[string, Serve, MessageName[]]>([
  [
    "1.3",
    serveTls13,
    ["serverHello", "encryptedExtensions", "certificateRequest", "certificate", "certificateVerify"],
  ],
  [
    "1.2",
    serveTls12,
    ["serverHello", "certificate", "serverKeyExchange", "certificateRequest", "serverHelloDone"],
  ],
])("TLS %s, fuzzed", (_version, serve, names) => {
  // The transcript has the messages as they were sent, so nothing but our own reading stands between them and us.
  test("a message with any bytes changed, or cut, is a handshake or a named failure", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat(200)),
        async (name, changes, length) => {
          const script = changing(name, (message) => {
            const altered = message.slice(0, length === null ? message.length : 4 + length);
            for (const [at, byte] of changes) if (at < altered.length) altered[at] = byte;
            return altered;
          });
          const [near, far] = streamPair();
          const ours = shakeHands(near).then(
            (tls) => tls.close(),
            (failure: unknown) => expect(failure).toBeInstanceOf(TlsFailure),
          );
          // A message that grew swallows the rest and waits for more: the network's end then ends it.
          const theirs = serve(far, server, script).catch(() => {});
          const patience = setTimeout(() => void far.close(), 50);
          await ours;
          clearTimeout(patience);
          await far.close();
          await theirs;
        },
      ),
      { seed: 8446, numRuns: 150 },
    );
  });
});
