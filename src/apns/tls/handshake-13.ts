import { type Bytes, concat, utf8 } from "../../base/bytes.ts";
import { TlsFailure } from "./failure.ts";
import type { ServerHello } from "./hello.ts";
import { digest, hmac } from "./hmac.ts";
import {
  finishedKey,
  handshakeSecret,
  masterSecret,
  type TrafficSecrets,
  trafficKeys,
  trafficSecrets,
} from "./key-schedule.ts";
import {
  buildCertificates13,
  buildCertificateVerify,
  buildMessage,
  extensionTypes,
  handshakeTypes,
  needProtocol,
  parseCertificateRequest13,
  parseCertificates13,
  parseCertificateVerify,
  parseExtensions,
} from "./messages.ts";
import type { ClientIdentity, HandshakeContext } from "./options.ts";
import { protection13 } from "./protection.ts";
import { Reader } from "./reader.ts";
import { checkServerCertificates } from "./server-certificate.ts";
import { verifyHandshakeSignature } from "./signature-schemes.ts";
import { type Hash, tls13 } from "./suites.ts";
import type { Wire } from "./wire.ts";

/**
 * The handshake of TLS 1.3 after the hellos, RFC 8446 section 2: the server proves itself, then we do.
 *
 * Leaves to others: what comes after it (connection.ts).
 *
 * The surprise: when this returns, the server has not yet looked at our certificate. If it refuses it, an alert meets the
 * first read.
 */
type Hello13 = Extract<ServerHello, { version: typeof tls13 }>;

export async function handshake13(
  wire: Wire,
  context: HandshakeContext,
  hello: Hello13,
): Promise<TrafficSecrets> {
  const { suite } = hello;
  const { hash } = suite;
  const secret = await handshakeSecret(hash, await agree(context, hello));
  const secrets = await trafficSecrets(hash, secret, "hs", await wire.transcriptHash(hash));
  await wire.disguise();
  wire.protectReading(await protection13(await trafficKeys(suite, secrets.server)));
  await wire.protectWriting(await protection13(await trafficKeys(suite, secrets.client)));

  const schemes = await readServerFlight(wire, context, hash, secrets.server);

  const master = await masterSecret(hash, secret);
  const application = await trafficSecrets(hash, master, "ap", await wire.transcriptHash(hash));
  wire.ignoresChangeCipherSpec = false;
  wire.protectReading(await protection13(await trafficKeys(suite, application.server)));
  await writeClientFlight(wire, context, hash, secrets.client, schemes);
  await wire.protectWriting(await protection13(await trafficKeys(suite, application.client)));
  return application;
}

function agree({ keyShares }: HandshakeContext, { group, publicKey }: Hello13): Promise<Bytes> {
  const share = keyShares.find((one) => one.group === group);
  if (share === undefined) {
    throw new TlsFailure("illegal-parameter", `the server chose group 0x${group.toString(16)}`);
  }
  return share.agree(publicKey);
}

/** Answers the signature schemes that the server takes from us; undefined: it does not ask who we are. */
async function readServerFlight(
  wire: Wire,
  context: HandshakeContext,
  hash: Hash,
  serverSecret: Bytes,
): Promise<number[] | undefined> {
  const extensions = await wire.readMessage(handshakeTypes.encryptedExtensions);
  needProtocol(parseEncryptedExtensions(extensions.body), context.protocol);

  const request = await wire.readMessage(handshakeTypes.certificateRequest, handshakeTypes.certificate);
  const isAsked = request.type === handshakeTypes.certificateRequest;
  if (!isAsked && context.client !== undefined) {
    throw new TlsFailure("client-certificate-not-requested", "the server asks for no client certificate");
  }
  const asked = isAsked ? parseCertificateRequest13(request.body).signatureSchemes : undefined;

  const certificates = isAsked ? await wire.readMessage(handshakeTypes.certificate) : request;
  const server = await checkServerCertificates(parseCertificates13(certificates.body), context);

  const signedHash = await wire.transcriptHash(hash);
  const verify = await wire.readMessage(handshakeTypes.certificateVerify);
  const signature = parseCertificateVerify(verify.body);
  await verifyHandshakeSignature(tls13, server.spki, signature, signedContent("server", signedHash));

  const finishedHash = await wire.transcriptHash(hash);
  const finished = await wire.readMessage(handshakeTypes.finished);
  const key = await finishedKey(hash, serverSecret);
  // Compared by WebCrypto, in constant time.
  if (!(await crypto.subtle.verify("HMAC", key, finished.body as Bytes, finishedHash))) {
    throw new TlsFailure("bad-finished", "the server saw another handshake than we did");
  }
  return asked;
}

function parseEncryptedExtensions(body: Uint8Array) {
  const reader = new Reader(body, "EncryptedExtensions");
  const extensions = parseExtensions(reader.vector(2), "EncryptedExtensions", encryptedExtensions);
  reader.end();
  return extensions;
}

const encryptedExtensions: readonly number[] = [
  extensionTypes.serverName,
  extensionTypes.supportedGroups,
  extensionTypes.applicationProtocols,
];

async function writeClientFlight(
  wire: Wire,
  { client }: HandshakeContext,
  hash: Hash,
  clientSecret: Bytes,
  schemes: readonly number[] | undefined,
): Promise<void> {
  const before = wire.transcript;
  const proof = schemes === undefined ? [] : await proveClient(client, before, hash, schemes);
  const finishedHash = await digest(hash, concat([before, ...proof]));
  const finished = await hmac(await finishedKey(hash, clientSecret), finishedHash);
  await wire.writeMessages(...proof, buildMessage(handshakeTypes.finished, finished));
}

/** Section 4.4.2: who has no certificate says so by an empty list, and proves nothing. */
async function proveClient(
  client: ClientIdentity | undefined,
  before: Bytes,
  hash: Hash,
  schemes: readonly number[],
): Promise<Bytes[]> {
  const certificates = buildCertificates13(client?.certificates ?? []);
  if (client === undefined) return [certificates];
  const signed = signedContent("client", await digest(hash, concat([before, certificates])));
  return [certificates, buildCertificateVerify(await client.signer.sign(tls13, schemes, signed))];
}

/** Section 4.4.3: nothing that is signed elsewhere begins like this. */
const signedContent = (side: "client" | "server", transcriptHash: Bytes): Bytes =>
  concat([
    new Uint8Array(64).fill(0x20),
    utf8(`TLS 1.3, ${side} CertificateVerify`),
    Uint8Array.of(0),
    transcriptHash,
  ]);
