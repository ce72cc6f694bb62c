// What is DER or BER: certificates, requests, signed and enveloped messages, SCEP.
import { concat, equalBytes, toBase64, utf8 } from "../../../src/base/bytes.ts";
import { identify } from "../../../src/mdm/identify.ts";
import { readAltNames } from "../../../src/pki/alt-names.ts";
import type { Credential } from "../../../src/pki/certificate.ts";
import { buildEnvelope, openEnvelope, parseEnvelope } from "../../../src/pki/cms/envelope.ts";
import { verifySignedData } from "../../../src/pki/cms/verify.ts";
import { parseCsr, verifyCsr } from "../../../src/pki/csr.ts";
import { parseBer, parseDer } from "../../../src/pki/der/parse.ts";
import { oid } from "../../../src/pki/der/write.ts";
import { keyShape } from "../../../src/pki/keys.ts";
import { oids } from "../../../src/pki/oids.ts";
import { parseCertificate } from "../../../src/pki/parse-certificate.ts";
import { readAsked, readEnvelope, recipientOf } from "../../../src/scep/envelope.ts";
import { readRequest } from "../../../src/scep/request.ts";
import { messageOfBody, messageOfQuery, operationOf } from "../../../src/scep/transport.ts";
import { allowingMalformed, bytes, fixtureText, pki, type Target, text } from "../target.ts";

const words = [
  ...Object.values(oids).map(oid),
  Uint8Array.of(0x30, 0x80),
  Uint8Array.of(0, 0),
  Uint8Array.of(0x30, 0x82),
  Uint8Array.of(0x24, 0x80),
  Uint8Array.of(0xa0, 0x03),
  Uint8Array.of(0x02, 0x01, 0x00),
];

const body = bytes(fixtureText("pki/body.plist"));
const authority = credential("authority");
const known = ["device", "p256"].map((name) => credential(name).certificate.spki);

function credential(name: string): Credential {
  const certificate = parseCertificate(pki(`${name}.cert`));
  if (!certificate.ok) throw new Error(certificate.refusal.detail);
  return { certificate: certificate.value, pkcs8: pki(`${name}.key`) };
}

const messages = (...names: string[]) => names.map((name) => pki(`${name}.cms`));
const detached = messages(
  "detached",
  "detached-sha1-noattr",
  "detached-p256",
  "detached-keyid",
  "detached-pss",
);

const der: Target = {
  name: "der",
  words,
  seeds: () => [pki("p256.cert"), pki("device.cert"), ...messages("stream-attached", "degenerate")],
  read: (input) => [
    allowingMalformed(() => parseDer(input)),
    allowingMalformed(() => parseBer(input, { maxDepth: 8, maxElements: 200 })),
  ],
};

const certificate: Target = {
  name: "certificate",
  words,
  seeds: () => ["device", "p256", "p384", "push", "authority"].map((name) => pki(`${name}.cert`)),
  read(input) {
    const parsed = parseCertificate(input);
    if (!parsed.ok) return;
    void parsed.value.subjectText;
    keyShape(parsed.value.spki);
    const names = parsed.value.extensions.get(oids.subjectAltName);
    if (names) allowingMalformed(() => readAltNames(names.value));
  },
};

const request: Target = {
  name: "certificate-request",
  words,
  seeds: () => [pki("request.csr")],
  async read(input) {
    const csr = parseCsr(input);
    if (csr.ok) await verifyCsr(csr.value);
  },
};

const signedMessage: Target = {
  name: "signed-message",
  words,
  seeds: () => [
    ...detached,
    ...messages("attached", "attached-chain", "stream-attached-noattr", "two-signers"),
  ],
  async read(input) {
    for (const options of [{ detached: body }, {}]) {
      const verified = await verifySignedData(input, { ...options, allowSha1: true });
      if (!verified.ok) continue;
      const { content, signer } = verified.value;
      const isOurs = known.some((spki) => equalBytes(spki, signer.spki));
      if (isOurs && content && !equalBytes(content, body)) throw new Error("verified over other content");
    }
  },
};

const header: Target = {
  name: "mdm-signature",
  words: ["=", "\n", " ", "MII", "-", "_"],
  seeds: () => detached.map((cms) => bytes(toBase64(cms))),
  read: (input) => identify({ mdmSignature: text(input) }, body, undefined),
};

const clientCertificate: Target = {
  name: "client-certificate",
  words: [":", "=", "::", "MII"],
  seeds: () => [bytes(`:${toBase64(pki("p256.cert"))}:`)],
  read: (input) => identify({ clientCert: text(input), proxySecret: "secret" }, body, "secret"),
};

const envelope: Target = {
  name: "envelope",
  words,
  seeds: () =>
    messages(
      "encrypted-aes128",
      "encrypted-stream-3des",
      "encrypted-oaep-sha256",
      "encrypted-gcm128",
      "encrypted-des",
    ),
  async read(input) {
    const parsed = parseEnvelope(input, { allowLegacyCiphers: true });
    if (parsed.ok) await openEnvelope(parsed.value, authority);
  },
};

/** The first byte says which of the two halves is meant: who signed, or what was sealed to the authority. */
const scep: Target = {
  name: "scep-message",
  words,
  seeds: async () => {
    const sealed = await buildEnvelope(pki("request.csr"), authority.certificate);
    if (!sealed.ok) throw new Error(sealed.refusal.detail);
    const signed = messages("attached", "attached-chain").map((cms) => concat([Uint8Array.of(0), cms]));
    return [...signed, ...[1, 2, 3].map((type) => concat([Uint8Array.of(type), sealed.value]))];
  },
  async read(input) {
    const [half = 0] = input;
    const message = messageOfBody(input.slice(1));
    if (half === 0) return readRequest(message);
    const read = readEnvelope(message, half === 3);
    if (!read.ok) return undefined;
    recipientOf(read.value, [authority]);
    return readAsked(
      (["PKCSReq", "CertPoll", "GetCert"] as const)[half % 3] ?? "PKCSReq",
      read.value,
      authority,
    );
  },
};

const query: Target = {
  name: "scep-query",
  words: ["operation=", "&", "message=", "PKIOperation", "GetCACaps", "%", "%2B", "%25", "+", "?", "="],
  seeds: () => [
    utf8(`?operation=PKIOperation&message=${encodeURIComponent(toBase64(pki("p256.cert")))}`),
    utf8("?operation=GetCACert&message=edgemdm"),
  ],
  read: (input) => [operationOf(text(input)), messageOfQuery(text(input))],
};

export const certificateTargets = [
  der,
  certificate,
  request,
  signedMessage,
  header,
  clientCertificate,
  envelope,
  scep,
  query,
];
