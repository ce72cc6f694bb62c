import { type Bytes, concat, equalBytes, fromHex, utf8 } from "../../base/bytes.ts";
import { TlsFailure } from "./failure.ts";
import type { KeyShare } from "./key-exchange.ts";
import {
  type ApplicationProtocol,
  buildMessage,
  type Extensions,
  extensionTypes,
  handshakeTypes,
  parseExtensions,
} from "./messages.ts";
import { Reader } from "./reader.ts";
import { signatureSchemes } from "./signature-schemes.ts";
import { type Suite, suites, tls12, tls13 } from "./suites.ts";
import { u8, u16, vector8, vector16 } from "./writer.ts";

/** ClientHello and ServerHello, RFC 8446 sections 4.1.2 and 4.1.3: what we offer, and what the server made of it. */
export type ClientHello = {
  random: Bytes;
  /** Not a session: TLS 1.3 looks like 1.2 to boxes in between when one is there (appendix D.4). */
  sessionId: Bytes;
  serverName: string;
  protocol: ApplicationProtocol;
  keyShares: readonly KeyShare[];
};

/** `cookie`: what the server wants to hear in a second hello, to see that we are where we say (section 4.2.2). */
export function buildClientHello(
  { random, sessionId, serverName, protocol, keyShares }: ClientHello,
  cookie?: Uint8Array,
): Bytes {
  const shares = keyShares.map(({ group, publicKey }) => concat([u16(group), vector16(publicKey)]));
  const extensions = [
    ...serverNameExtension(serverName),
    extension(extensionTypes.supportedVersions, vector8(u16(tls13), u16(tls12))),
    extension(extensionTypes.supportedGroups, vector16(...keyShares.map(({ group }) => u16(group)))),
    extension(extensionTypes.keyShare, vector16(...shares)),
    extension(extensionTypes.signatureAlgorithms, vector16(...signatureSchemes.map(({ code }) => u16(code)))),
    extension(extensionTypes.applicationProtocols, vector16(vector8(utf8(protocol)))),
    extension(extensionTypes.extendedMasterSecret),
    extension(extensionTypes.ecPointFormats, vector8(u8(0))),
    extension(extensionTypes.renegotiationInfo, vector8()),
    ...(cookie ? [extension(extensionTypes.cookie, vector16(cookie))] : []),
  ];
  return buildMessage(
    handshakeTypes.clientHello,
    u16(tls12),
    random,
    vector8(sessionId),
    vector16(...suites.map(({ code }) => u16(code))),
    vector8(u8(0)),
    vector16(...extensions),
  );
}

const extension = (type: number, ...content: Bytes[]): Bytes => concat([u16(type), vector16(...content)]);

const hostNameType = 0;

/** RFC 6066 section 3: names only, an address is not sent. */
const serverNameExtension = (serverName: string): Bytes[] =>
  /^[0-9.]+$|:/.test(serverName)
    ? []
    : [extension(extensionTypes.serverName, vector16(u8(hostNameType), vector16(utf8(serverName))))];

export type ServerHello = { random: Uint8Array; suite: Suite } & (
  | { version: "retry"; cookie: Uint8Array }
  | { version: typeof tls13; group: number; publicKey: Uint8Array }
  | { version: typeof tls12; extensions: Extensions }
);

const helloRetryRequest = fromHex(
  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c",
) as Bytes;
/** "DOWNGRD" and the version it went down to (section 4.1.3). */
const downgradeMark = utf8("DOWNGRD");

export function readServerHello(body: Uint8Array, client: ClientHello): ServerHello {
  const reader = new Reader(body, "ServerHello");
  const legacyVersion = reader.u16();
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  const suiteCode = reader.u16();
  const compression = reader.u8();
  const extensionBytes = reader.isAtEnd ? new Uint8Array() : reader.vector(2);
  reader.end();

  if (legacyVersion !== tls12) throw unsupportedVersion(legacyVersion);
  if (sessionId.length > 32) throw reader.malformed(`has a session id of ${sessionId.length} bytes`);
  if (compression !== 0) throw new TlsFailure("illegal-parameter", "the server wants to compress");
  const isTls13 = hasSupportedVersions(extensionBytes);
  const suite = suites.find(
    ({ code, version }) => code === suiteCode && version === (isTls13 ? tls13 : tls12),
  );
  if (suite === undefined) {
    throw new TlsFailure("illegal-parameter", `the server chose suite 0x${suiteCode.toString(16)}`);
  }
  const isEcho = equalBytes(sessionId, client.sessionId);
  if (isTls13 !== isEcho) {
    throw new TlsFailure("illegal-parameter", isTls13 ? "another session id" : "a session that never was");
  }
  if (!isTls13) return readTls12(random, suite, extensionBytes);
  return equalBytes(random, helloRetryRequest)
    ? readRetry(random, suite, extensionBytes)
    : readTls13(random, suite, extensionBytes);
}

/** Section 4.1.4. The server has a share of every group that we offer, so a cookie is all that it can still want. */
function readRetry(random: Uint8Array, suite: Suite, bytes: Uint8Array): ServerHello {
  const { supportedVersions, keyShare, cookie } = extensionTypes;
  const extensions = parseExtensions(bytes, "HelloRetryRequest", [supportedVersions, keyShare, cookie]);
  checkVersion(extensions);
  const wanted = extensions.get(cookie);
  if (wanted === undefined || extensions.has(keyShare)) {
    throw new TlsFailure("illegal-parameter", "the server wants a key exchange that is not offered");
  }
  const reader = new Reader(wanted, "cookie");
  const value = reader.vector(2, 1);
  reader.end();
  return { version: "retry", random, suite, cookie: value };
}

function checkVersion(extensions: Extensions): void {
  const reader = new Reader(
    needExtension(extensions, extensionTypes.supportedVersions),
    "supported versions",
  );
  const chosen = reader.u16();
  reader.end();
  if (chosen !== tls13) throw unsupportedVersion(chosen);
}

function readTls13(random: Uint8Array, suite: Suite, bytes: Uint8Array): ServerHello {
  const { supportedVersions, keyShare } = extensionTypes;
  const extensions = parseExtensions(bytes, "ServerHello", [supportedVersions, keyShare]);
  checkVersion(extensions);
  const share = new Reader(needExtension(extensions, keyShare), "key share");
  const group = share.u16();
  const publicKey = share.vector(2, 1);
  share.end();
  return { version: tls13, random, suite, group, publicKey };
}

function readTls12(random: Uint8Array, suite: Suite, bytes: Uint8Array): ServerHello {
  const extensions = parseExtensions(bytes, "ServerHello", tls12Extensions);
  // Signed or not, a server that knows 1.3 says here that somebody made it choose 1.2.
  const mark = random.subarray(24, 31);
  if (equalBytes(mark, downgradeMark) && (random[31] ?? 2) <= 1) {
    throw new TlsFailure("downgraded", "the server could speak TLS 1.3, but somebody made it choose 1.2");
  }
  // RFC 7627: without it, the secret could be that of somebody else's handshake too.
  needEmpty(extensions, extensionTypes.extendedMasterSecret, "the extended master secret");
  const renegotiation = new Reader(
    needExtension(extensions, extensionTypes.renegotiationInfo),
    "renegotiation info",
  );
  if (renegotiation.vector(1).length > 0) {
    throw new TlsFailure("illegal-parameter", "the server takes this for a renegotiation");
  }
  renegotiation.end();
  checkPointFormats(extensions);
  return { version: tls12, random, suite, extensions };
}

/** RFC 8422 section 5.1.2: we send points uncompressed, and the server must take them so. */
function checkPointFormats(extensions: Extensions): void {
  const content = extensions.get(extensionTypes.ecPointFormats);
  if (content === undefined) return;
  const reader = new Reader(content, "point formats");
  const formats = reader.vector(1, 1);
  reader.end();
  if (!formats.includes(0))
    throw new TlsFailure("illegal-parameter", "the server takes no uncompressed points");
}

/** What TLS 1.2 answers in its ServerHello; the application protocol is read from it by handshake-12.ts. */
const tls12Extensions: readonly number[] = [
  extensionTypes.serverName,
  extensionTypes.ecPointFormats,
  extensionTypes.applicationProtocols,
  extensionTypes.extendedMasterSecret,
  extensionTypes.renegotiationInfo,
];

function hasSupportedVersions(bytes: Uint8Array): boolean {
  const reader = new Reader(bytes, "ServerHello");
  let isThere = false;
  while (!reader.isAtEnd) {
    if (reader.u16() === extensionTypes.supportedVersions) isThere = true;
    reader.vector(2);
  }
  return isThere;
}

function needExtension(extensions: Extensions, type: number): Uint8Array {
  const content = extensions.get(type);
  if (content) return content;
  throw new TlsFailure("missing-extension", `ServerHello has no extension ${type}`);
}

function needEmpty(extensions: Extensions, type: number, name: string): void {
  const content = extensions.get(type);
  if (content === undefined) throw new TlsFailure("missing-extension", `the server does not know ${name}`);
  if (content.length > 0) throw new TlsFailure("malformed", `${name} with ${content.length} bytes in it`);
}

const unsupportedVersion = (version: number): TlsFailure =>
  new TlsFailure(
    "unsupported-version",
    `the server speaks version 0x${version.toString(16)}, TLS 1.2 is needed`,
  );
