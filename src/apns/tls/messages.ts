import { type Bytes, concat } from "../../base/bytes.ts";
import { TlsFailure } from "./failure.ts";
import { Reader } from "./reader.ts";
import { u8, u16, vector8, vector16, vector24 } from "./writer.ts";

/**
 * Handshake messages, RFC 8446 section 4 and, for TLS 1.2, RFC 5246 section 7.4: bytes to values and back.
 * The two hellos are in hello.ts.
 *
 * Leaves to others: whether what a message says is acceptable, in this place and at this time.
 */
export const handshakeTypes = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  keyUpdate: 24,
  /** Never sent: stands in the transcript for a hello that was not the last. */
  messageHash: 254,
} as const;

export const extensionTypes = {
  serverName: 0,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  applicationProtocols: 16,
  extendedMasterSecret: 23,
  supportedVersions: 43,
  cookie: 44,
  certificateAuthorities: 47,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** A message as it came, `bytes` with its header: the transcript is made of these. */
export type Message = { type: number; body: Uint8Array; bytes: Uint8Array };

export type Extensions = ReadonlyMap<number, Uint8Array>;

const nameOfType = new Map<number, string>(
  Object.entries(handshakeTypes).map(([name, type]) => [type, name]),
);
export const messageName = (type: number): string => nameOfType.get(type) ?? `message ${type}`;

export const buildMessage = (type: number, ...body: Uint8Array[]): Bytes =>
  concat([u8(type), vector24(...body)]);

const known: ReadonlySet<number> = new Set(Object.values(extensionTypes));

/** Only what the client offered may come back (section 4.2), where it belongs, and each of it once. */
export function parseExtensions(bytes: Uint8Array, what: string, allowed: readonly number[]): Extensions {
  const reader = new Reader(bytes, what);
  const extensions = new Map<number, Uint8Array>();
  while (!reader.isAtEnd) {
    const type = reader.u16();
    if (extensions.has(type))
      throw new TlsFailure("illegal-parameter", `${what} has extension ${type} twice`);
    if (!allowed.includes(type) && known.has(type)) {
      throw new TlsFailure("illegal-parameter", `${what} has extension ${type}, which belongs elsewhere`);
    }
    if (!allowed.includes(type)) {
      throw new TlsFailure("unsupported-extension", `${what} has extension ${type}, which was not offered`);
    }
    extensions.set(type, reader.vector(2));
  }
  // RFC 6066 section 3: the server only says that it looked at the name.
  const serverName = extensions.get(extensionTypes.serverName);
  if (serverName?.length) throw reader.malformed("has a server name with something in it");
  return extensions;
}

/** What is spoken over the connection, RFC 7301. */
export type ApplicationProtocol = "h2" | "http/1.1";

/** The server must have chosen what we offered; without ALPN it would speak HTTP/1.1. */
export function needProtocol(extensions: Extensions, wanted: ApplicationProtocol): void {
  const extension = extensions.get(extensionTypes.applicationProtocols);
  if (extension === undefined) {
    if (wanted === "http/1.1") return;
    throw new TlsFailure("no-application-protocol", "the server does not speak HTTP/2 (no ALPN answer)");
  }
  const reader = new Reader(extension, "application protocols");
  const list = new Reader(reader.vector(2, 2), "application protocols");
  const chosen = Buffer.from(list.vector(1, 1)).toString("latin1");
  list.end();
  reader.end();
  if (chosen !== wanted)
    throw new TlsFailure("no-application-protocol", `the server chose the protocol ${chosen}`);
}

/** TLS 1.3 (section 4.4.2): the server's certificates, its own first. */
export function parseCertificates13(body: Uint8Array): Uint8Array[] {
  const reader = new Reader(body, "Certificate");
  if (reader.vector(1).length > 0) throw reader.malformed("has a context, though nobody asked with one");
  const list = new Reader(reader.vector(3), "Certificate");
  reader.end();
  const certificates: Uint8Array[] = [];
  while (!list.isAtEnd) {
    certificates.push(list.vector(3, 1));
    parseExtensions(list.vector(2), "Certificate", []);
  }
  return certificates;
}

export function parseCertificates12(body: Uint8Array): Uint8Array[] {
  const reader = new Reader(body, "Certificate");
  const list = new Reader(reader.vector(3), "Certificate");
  reader.end();
  const certificates: Uint8Array[] = [];
  while (!list.isAtEnd) certificates.push(list.vector(3, 1));
  return certificates;
}

const entry = (der: Uint8Array): Bytes => vector24(der);

export const buildCertificates13 = (chain: readonly Uint8Array[]): Bytes =>
  buildMessage(
    handshakeTypes.certificate,
    vector8(),
    vector24(...chain.flatMap((der) => [entry(der), vector16()])),
  );

export const buildCertificates12 = (chain: readonly Uint8Array[]): Bytes =>
  buildMessage(handshakeTypes.certificate, vector24(...chain.map(entry)));

/** Which authorities the server names does not matter: there is one certificate to give. But names they must be. */
function checkAuthorities(names: Uint8Array): void {
  const list = new Reader(names, "CertificateRequest");
  while (!list.isAtEnd) list.vector(2, 1);
}

/** TLS 1.3 (section 4.3.2). */
export function parseCertificateRequest13(body: Uint8Array): { signatureSchemes: number[] } {
  const what = "CertificateRequest";
  const reader = new Reader(body, what);
  if (reader.vector(1).length > 0) throw reader.malformed("has a context inside a handshake");
  const list = new Reader(reader.vector(2), what);
  reader.end();
  let signatureSchemes: number[] | undefined;
  while (!list.isAtEnd) {
    const type = list.u16();
    const content = new Reader(list.vector(2), what);
    // Here the server offers, so extensions that we do not know are its right.
    if (type === extensionTypes.signatureAlgorithms) signatureSchemes = content.u16List(2);
    else if (type === extensionTypes.certificateAuthorities) checkAuthorities(content.vector(2, 3));
    else continue;
    content.end();
  }
  if (signatureSchemes) return { signatureSchemes };
  throw new TlsFailure("missing-extension", "CertificateRequest has no signature algorithms");
}

export const certificateTypes = { rsa: 1, ec: 64 } as const;

/** TLS 1.2 (RFC 5246 section 7.4.4). */
export function parseCertificateRequest12(body: Uint8Array): {
  certificateTypes: number[];
  signatureSchemes: number[];
} {
  const reader = new Reader(body, "CertificateRequest");
  const certificateTypes = [...reader.vector(1, 1)];
  const signatureSchemes = reader.u16List(2);
  checkAuthorities(reader.vector(2));
  reader.end();
  return { certificateTypes, signatureSchemes };
}

/** The signature of CertificateVerify, and of ServerKeyExchange. */
export type Signature = { scheme: number; signature: Uint8Array };

export function parseCertificateVerify(body: Uint8Array): Signature {
  const reader = new Reader(body, "CertificateVerify");
  const scheme = reader.u16();
  const signature = reader.vector(2);
  reader.end();
  return { scheme, signature };
}

export const buildCertificateVerify = ({ scheme, signature }: Signature): Bytes =>
  buildMessage(handshakeTypes.certificateVerify, u16(scheme), vector16(signature));

/** TLS 1.2 (RFC 8422 section 5.4): the server's share of the key exchange, `parameters` being what it signed. */
export type ServerKeyExchange = Signature & { group: number; publicKey: Uint8Array; parameters: Uint8Array };

const namedCurve = 3;

export function parseServerKeyExchange(body: Uint8Array): ServerKeyExchange {
  const reader = new Reader(body, "ServerKeyExchange");
  if (reader.u8() !== namedCurve) throw reader.malformed("names no curve");
  const group = reader.u16();
  const publicKey = reader.vector(1, 1);
  const parameters = body.subarray(0, 4 + publicKey.length);
  const scheme = reader.u16();
  const signature = reader.vector(2);
  reader.end();
  return { group, publicKey, parameters, scheme, signature };
}

export const buildClientKeyExchange = (publicKey: Uint8Array): Bytes =>
  buildMessage(handshakeTypes.clientKeyExchange, vector8(publicKey));

export function parseKeyUpdate(body: Uint8Array): { isAnswerWanted: boolean } {
  const [request] = body;
  if (body.length !== 1 || request === undefined || request > 1) {
    throw new TlsFailure("illegal-parameter", "KeyUpdate that neither asks nor does not ask for ours");
  }
  return { isAnswerWanted: request === 1 };
}

export const buildKeyUpdate = (): Bytes => buildMessage(handshakeTypes.keyUpdate, u8(0));
