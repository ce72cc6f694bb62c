import type { ByteStream } from "../../src/apns/byte-stream.ts";
import { hmac } from "../../src/apns/tls/hmac.ts";
import { generateKeyShares, groups, type KeyShare } from "../../src/apns/tls/key-exchange.ts";
import {
  finishedKey,
  handshakeSecret,
  masterSecret,
  type TrafficSecrets,
  trafficKeys,
  trafficSecrets,
} from "../../src/apns/tls/key-schedule.ts";
import {
  buildCertificates12,
  buildCertificates13,
  buildMessage,
  extensionTypes,
  handshakeTypes,
} from "../../src/apns/tls/messages.ts";
import { connectionKeys, extendedMasterSecret, verifyData } from "../../src/apns/tls/prf.ts";
import { protection12, protection13 } from "../../src/apns/tls/protection.ts";
import { Reader } from "../../src/apns/tls/reader.ts";
import { handshakeSigner } from "../../src/apns/tls/signature-schemes.ts";
import { type Suite, suites, tls12, tls13 } from "../../src/apns/tls/suites.ts";
import { Wire } from "../../src/apns/tls/wire.ts";
import { u8, u16, vector8, vector16 } from "../../src/apns/tls/writer.ts";
import { type Bytes, concat, equalBytes, fromHex, utf8 } from "../../src/base/bytes.ts";
import type { TestIdentity } from "./test-pki.ts";

// A TLS server that does everything right, except what its script changes: each message passes through the script before
// it is sent, and enters the transcript as it was sent. So a test breaks one rule at a time, with every MAC in order.

export type MessageName =
  | "serverHello"
  | "encryptedExtensions"
  | "certificateRequest"
  | "certificate"
  | "certificateVerify"
  | "serverKeyExchange"
  | "serverHelloDone"
  | "finished";

/** What is sent instead of a message: none, one or several. */
export type Script = (name: MessageName, message: Bytes) => Bytes[];
/** The random of a ServerHello that is a HelloRetryRequest. */
export const retryRandom = fromHex(
  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c",
) as Bytes;

export const asIs: Script = (_name, message) => [message];

/** Changes one message and leaves the others. */
export const changing =
  (name: MessageName, change: (message: Bytes) => Bytes[] | Bytes): Script =>
  (each, message) => {
    if (each !== name) return [message];
    const changed = change(message);
    return Array.isArray(changed) ? changed : [changed];
  };

export type Established = { wire: Wire; suite: Suite; secrets: TrafficSecrets | undefined };

type ClientHello = {
  random: Uint8Array;
  sessionId: Uint8Array;
  shares: Map<number, Uint8Array>;
  cookie: Uint8Array | undefined;
};

export const extensionOf = (type: number, content: Uint8Array): Bytes =>
  concat([u16(type), vector16(content)]);
const h2 = extensionOf(extensionTypes.applicationProtocols, vector16(vector8(utf8("h2"))));
const ecdsaP256 = 0x0403;

export const helloMessage = (
  random: Uint8Array,
  sessionId: Uint8Array,
  suite: number,
  ...extensions: Bytes[]
) =>
  buildMessage(
    handshakeTypes.serverHello,
    u16(tls12),
    random,
    vector8(sessionId),
    u16(suite),
    u8(0),
    vector16(...extensions),
  );

export async function serveTls13(
  stream: ByteStream,
  identity: TestIdentity,
  script: Script = asIs,
  /** Asks for a second hello with this in it. */
  cookie?: Bytes,
): Promise<Established> {
  const wire = new Wire(stream);
  const send = (name: MessageName, message: Bytes) => wire.writeMessages(...script(name, message));
  let hello = await readClientHello(wire);
  const share = await x25519();
  const suite = suiteOf(0x1301);
  const { hash } = suite;
  const random = crypto.getRandomValues(new Uint8Array(32));
  const version = extensionOf(extensionTypes.supportedVersions, u16(tls13));
  if (cookie) {
    await wire.startOver(hash);
    const wanted = extensionOf(extensionTypes.cookie, vector16(cookie));
    await wire.writeMessages(helloMessage(retryRandom, hello.sessionId, suite.code, version, wanted));
    wire.ignoresChangeCipherSpec = true;
    hello = await readClientHello(wire);
    if (!equalBytes(hello.cookie ?? u8(0), cookie)) throw new Error("the cookie did not come back");
  }
  const keyShare = extensionOf(
    extensionTypes.keyShare,
    concat([u16(share.group), vector16(share.publicKey)]),
  );
  await send("serverHello", helloMessage(random, hello.sessionId, suite.code, version, keyShare));

  const secret = await handshakeSecret(
    hash,
    await share.agree(hello.shares.get(share.group) ?? new Uint8Array()),
  );
  const secrets = await trafficSecrets(hash, secret, "hs", await wire.transcriptHash(hash));
  await wire.writeChangeCipherSpec();
  await wire.protectWriting(await protection13(await trafficKeys(suite, secrets.server)));
  wire.protectReading(await protection13(await trafficKeys(suite, secrets.client)));
  wire.ignoresChangeCipherSpec = true;

  const { encryptedExtensions, certificateRequest, certificateVerify, finished } = handshakeTypes;
  await send("encryptedExtensions", buildMessage(encryptedExtensions, vector16(h2)));
  const algorithms = extensionOf(extensionTypes.signatureAlgorithms, vector16(u16(ecdsaP256)));
  await send("certificateRequest", buildMessage(certificateRequest, vector8(), vector16(algorithms)));
  await send("certificate", buildCertificates13([identity.certificate.der]));
  const signed = concat([
    new Uint8Array(64).fill(0x20),
    utf8("TLS 1.3, server CertificateVerify\0"),
    await wire.transcriptHash(hash),
  ]);
  const { scheme, signature } = await handshakeSigner(identity.keys.pkcs8).sign(tls13, [ecdsaP256], signed);
  await send("certificateVerify", buildMessage(certificateVerify, u16(scheme), vector16(signature)));
  const mac = await hmac(await finishedKey(hash, secrets.server), await wire.transcriptHash(hash));
  await send("finished", buildMessage(finished, mac));

  const master = await masterSecret(hash, secret);
  const application = await trafficSecrets(hash, master, "ap", await wire.transcriptHash(hash));
  await wire.protectWriting(await protection13(await trafficKeys(suite, application.server)));
  for (const type of [handshakeTypes.certificate, certificateVerify, finished]) await wire.readMessage(type);
  wire.protectReading(await protection13(await trafficKeys(suite, application.client)));
  return { wire, suite, secrets: application };
}

export async function serveTls12(
  stream: ByteStream,
  identity: TestIdentity,
  script: Script = asIs,
): Promise<Established> {
  const wire = new Wire(stream);
  const send = (name: MessageName, message: Bytes) => wire.writeMessages(...script(name, message));
  const hello = await readClientHello(wire);
  const share = await x25519();
  const suite = suiteOf(0xc02b);
  const random = crypto.getRandomValues(new Uint8Array(32));
  await send("serverHello", helloMessage(random, new Uint8Array(), suite.code, ...tls12Extensions));
  await send("certificate", buildCertificates12([identity.certificate.der]));
  const parameters = concat([u8(3), u16(share.group), vector8(share.publicKey)]);
  const signed = concat([hello.random, random, parameters]);
  const { scheme, signature } = await handshakeSigner(identity.keys.pkcs8).sign(tls12, [ecdsaP256], signed);
  await send(
    "serverKeyExchange",
    buildMessage(handshakeTypes.serverKeyExchange, parameters, u16(scheme), vector16(signature)),
  );
  const request = [vector8(u8(64)), vector16(u16(ecdsaP256)), vector16()];
  await send("certificateRequest", buildMessage(handshakeTypes.certificateRequest, ...request));
  await send("serverHelloDone", buildMessage(handshakeTypes.serverHelloDone));

  await wire.readMessage(handshakeTypes.certificate);
  const exchange = await wire.readMessage(handshakeTypes.clientKeyExchange);
  const sharedSecret = await share.agree(new Reader(exchange.body, "ClientKeyExchange").vector(1));
  const master = await extendedMasterSecret(suite.hash, sharedSecret, await wire.transcriptHash(suite.hash));
  await wire.readMessage(handshakeTypes.certificateVerify);
  const keys = await connectionKeys(suite, master, hello.random, random);
  await wire.readChangeCipherSpec();
  wire.protectReading(await protection12(keys.client));
  await wire.readMessage(handshakeTypes.finished);
  await wire.writeChangeCipherSpec();
  await wire.protectWriting(await protection12(keys.server));
  const mac = await verifyData(suite.hash, master, "server", await wire.transcriptHash(suite.hash));
  await send("finished", buildMessage(handshakeTypes.finished, mac));
  return { wire, suite, secrets: undefined };
}

const emptyRenegotiation = extensionOf(extensionTypes.renegotiationInfo, vector8());
const extendedMaster = extensionOf(extensionTypes.extendedMasterSecret, new Uint8Array());
export const tls12Extensions: Bytes[] = [emptyRenegotiation, extendedMaster, h2];

async function readClientHello(wire: Wire): Promise<ClientHello> {
  const { body } = await wire.readMessage(handshakeTypes.clientHello);
  const reader = new Reader(body, "ClientHello");
  reader.u16();
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  reader.u16List(2);
  reader.vector(1);
  const extensions = new Reader(reader.vector(2), "ClientHello");
  const shares = new Map<number, Uint8Array>();
  let cookie: Uint8Array | undefined;
  while (!extensions.isAtEnd) {
    const type = extensions.u16();
    const content = new Reader(extensions.vector(2), "ClientHello");
    if (type === extensionTypes.cookie) cookie = content.vector(2);
    if (type !== extensionTypes.keyShare) continue;
    const list = new Reader(content.vector(2), "key shares");
    while (!list.isAtEnd) shares.set(list.u16(), list.vector(2));
  }
  return { random, sessionId, shares, cookie };
}

const suiteOf = (code: number): Suite => suites.find((suite) => suite.code === code) as Suite;

const x25519 = async (): Promise<KeyShare> =>
  (await generateKeyShares()).find(({ group }) => group === groups.x25519) as KeyShare;

/** Two ends of one connection in memory. */
export function streamPair(): [ByteStream, ByteStream] {
  const [one, two] = [new Pipe(), new Pipe()];
  const end = (incoming: Pipe, outgoing: Pipe): ByteStream => ({
    read: () => incoming.read(),
    async write(bytes) {
      outgoing.write(bytes);
    },
    async close() {
      incoming.end();
      outgoing.end();
    },
  });
  return [end(one, two), end(two, one)];
}

class Pipe {
  readonly #chunks: Uint8Array[] = [];
  #isOver = false;
  #wake: () => void = () => {};

  write(bytes: Uint8Array): void {
    if (this.#isOver) throw new Error("closed");
    this.#chunks.push(bytes);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#chunks.shift();
  }
}
