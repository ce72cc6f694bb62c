import { type Bytes, concat } from "../../base/bytes.ts";
import { keyShape } from "../../pki/keys.ts";
import { TlsFailure } from "./failure.ts";
import type { ServerHello } from "./hello.ts";
import { digest, importHmacKey } from "./hmac.ts";
import type { KeyShare } from "./key-exchange.ts";
import {
  buildCertificates12,
  buildCertificateVerify,
  buildClientKeyExchange,
  buildMessage,
  certificateTypes,
  handshakeTypes,
  needProtocol,
  parseCertificateRequest12,
  parseCertificates12,
  parseServerKeyExchange,
  type ServerKeyExchange,
} from "./messages.ts";
import type { ClientIdentity, HandshakeContext } from "./options.ts";
import { connectionKeys, extendedMasterSecret, verifyData } from "./prf.ts";
import { protection12 } from "./protection.ts";
import { checkServerCertificates } from "./server-certificate.ts";
import { verifyHandshakeSignature } from "./signature-schemes.ts";
import { type Suite, tls12 } from "./suites.ts";
import type { Wire } from "./wire.ts";

/**
 * The handshake of TLS 1.2 after the hellos, RFC 5246 section 7.3, as far as ECDHE suites and a client certificate need it.
 *
 * The surprise: unlike in TLS 1.3, when this returns the server has taken our certificate.
 */
type Hello12 = Extract<ServerHello, { version: typeof tls12 }>;
type CertificateRequest = ReturnType<typeof parseCertificateRequest12>;
/** `request` undefined: the server does not ask who we are. */
type ServerFlight = { keyExchange: ServerKeyExchange; request: CertificateRequest | undefined };

export async function handshake12(wire: Wire, context: HandshakeContext, hello: Hello12): Promise<void> {
  const { suite } = hello;
  needProtocol(hello.extensions, context.protocol);
  const { keyExchange, request } = await readServerFlight(wire, context, hello);
  const share = shareFor(context, keyExchange);
  const sharedSecret = await share.agree(keyExchange.publicKey);

  // Section 7.4.6: who is asked and has no certificate says so by an empty list.
  const certificates = request ? [buildCertificates12(context.client?.certificates ?? [])] : [];
  const clientKey = buildClientKeyExchange(share.publicKey);
  const toHere = concat([wire.transcript, ...certificates, clientKey]);
  const master = await extendedMasterSecret(suite.hash, sharedSecret, await digest(suite.hash, toHere));
  const verify = request && context.client ? [await proveClient(context.client, request, toHere)] : [];
  await wire.writeMessages(...certificates, clientKey, ...verify);

  const keys = await connectionKeys(suite, master, context.random, hello.random);
  await wire.writeChangeCipherSpec();
  await wire.protectWriting(await protection12(keys.client));
  const finished = await verifyData(suite.hash, master, "client", await wire.transcriptHash(suite.hash));
  await wire.writeMessages(buildMessage(handshakeTypes.finished, finished));

  const transcriptHash = await wire.transcriptHash(suite.hash);
  await wire.readChangeCipherSpec();
  wire.protectReading(await protection12(keys.server));
  const serverFinished = await wire.readMessage(handshakeTypes.finished);
  const expected = await verifyData(suite.hash, master, "server", transcriptHash);
  if (!(await isSame(suite, expected, serverFinished.body))) {
    throw new TlsFailure("bad-finished", "the server saw another handshake than we did");
  }
}

async function proveClient(
  { signer }: ClientIdentity,
  request: CertificateRequest,
  toHere: Bytes,
): Promise<Bytes> {
  if (!request.certificateTypes.includes(certificateTypes[signer.kind])) {
    throw new TlsFailure("client-key-not-accepted", `the server takes no ${signer.kind} keys`);
  }
  return buildCertificateVerify(await signer.sign(tls12, request.signatureSchemes, toHere));
}

async function readServerFlight(
  wire: Wire,
  context: HandshakeContext,
  hello: Hello12,
): Promise<ServerFlight> {
  const certificates = await wire.readMessage(handshakeTypes.certificate);
  const server = await checkServerCertificates(parseCertificates12(certificates.body), context);
  const shape = keyShape(server.spki);
  if (!shape.ok || shape.value.kind !== hello.suite.serverKey) {
    throw new TlsFailure("illegal-parameter", `the server's key does not fit ${hello.suite.name}`);
  }

  const exchange = await wire.readMessage(handshakeTypes.serverKeyExchange);
  const keyExchange = parseServerKeyExchange(exchange.body);
  const signed = concat([context.random, hello.random, keyExchange.parameters]);
  await verifyHandshakeSignature(tls12, server.spki, keyExchange, signed);

  const { certificateRequest, serverHelloDone } = handshakeTypes;
  const message = await wire.readMessage(certificateRequest, serverHelloDone);
  const isAsked = message.type === certificateRequest;
  if (!isAsked && context.client !== undefined) {
    throw new TlsFailure("client-certificate-not-requested", "the server asks for no client certificate");
  }
  const request = isAsked ? parseCertificateRequest12(message.body) : undefined;
  const done = isAsked ? await wire.readMessage(serverHelloDone) : message;
  if (done.body.length > 0) throw new TlsFailure("malformed", "ServerHelloDone with something in it");
  return { keyExchange, request };
}

function shareFor({ keyShares }: HandshakeContext, { group }: ServerKeyExchange): KeyShare {
  const share = keyShares.find((one) => one.group === group);
  if (share) return share;
  throw new TlsFailure("illegal-parameter", `the server chose group 0x${group.toString(16)}`);
}

/** In constant time, which WebCrypto knows how to do only for HMACs: those of both sides under a key nobody knows. */
async function isSame({ hash }: Suite, expected: Bytes, received: Uint8Array): Promise<boolean> {
  const key = await importHmacKey(hash, crypto.getRandomValues(new Uint8Array(32)));
  const mac = await crypto.subtle.sign("HMAC", key, expected);
  return crypto.subtle.verify("HMAC", key, mac, received as Bytes);
}
