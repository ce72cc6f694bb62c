import { type Bytes, concat, utf8 } from "../../src/base/bytes.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { primitiveTag } from "../../src/pki/der/tags.ts";
import {
  bitString,
  boolean,
  context,
  integer,
  oid,
  sequence,
  setOf,
  time,
  tlv,
  utf8String,
} from "../../src/pki/der/write.ts";
import { extendedKeyUsageExtension, extension, keyUsageExtension } from "../../src/pki/extensions.ts";
import { generateKeyPair, type KeyPair } from "../../src/pki/keys.ts";
import { nameAttributes, oids } from "../../src/pki/oids.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { toPem } from "../../src/pki/pem.ts";
import { signingKey } from "../../src/pki/signature.ts";

// Certificates for the TLS servers and clients of tests: also those that nobody should accept.

export type KeyKind = Parameters<typeof generateKeyPair>[0];

export type TestIdentity = {
  certificate: Certificate;
  keys: KeyPair;
  /** As Node's TLS takes them. */
  certificatePem: string;
  keyPem: string;
};

export type TestOrder = {
  commonName: string;
  key?: KeyKind;
  keys?: KeyPair;
  dnsNames?: string[];
  /** Subject UID: the topic of a push certificate. */
  topic?: string;
  isCa?: boolean;
  pathLength?: number;
  /** Extended key usages; all purposes when absent. */
  purposes?: string[];
  notBefore?: number;
  notAfter?: number;
  /** Itself when absent. */
  issuer?: TestIdentity;
  /** An extension that nobody knows. */
  criticalExtension?: string;
};

const day = 86_400_000;
export const testTopic = "com.apple.mgmt.External.00000000-1111-2222-3333-444444444444";

export async function testIdentity(order: TestOrder): Promise<TestIdentity> {
  const keys = order.keys ?? (await generateKeyPair(order.key ?? "P-256"));
  const key = await signingKey((order.issuer?.keys ?? keys).pkcs8);
  const subject = nameOf(order);
  const notBefore = order.notBefore ?? Date.now() - day;
  const tbs = sequence(
    context(0, integer(2)),
    integer(concat([Uint8Array.of(1), crypto.getRandomValues(new Uint8Array(8))])),
    key.algorithm,
    order.issuer?.certificate.subject ?? subject,
    sequence(time(notBefore), time(order.notAfter ?? notBefore + 365 * day)),
    subject,
    keys.spki,
    context(3, sequence(...extensionsOf(order))),
  );
  const der = sequence(tbs, key.algorithm, bitString(await key.sign(tbs)));
  const certificate = parseCertificate(der);
  if (!certificate.ok) throw new Error(certificate.refusal.detail);
  return {
    certificate: certificate.value,
    keys,
    certificatePem: toPem("CERTIFICATE", der),
    keyPem: toPem("PRIVATE KEY", keys.pkcs8),
  };
}

const nameOf = ({ commonName, topic }: TestOrder): Bytes =>
  sequence(
    ...(topic === undefined ? [] : [attribute(nameAttributes.UID, topic)]),
    attribute(nameAttributes.CN, commonName),
  );

const attribute = (type: string, value: string): Bytes => setOf(sequence(oid(type), utf8String(value)));

function extensionsOf(order: TestOrder): Bytes[] {
  const { isCa = false, pathLength, purposes, dnsNames, criticalExtension } = order;
  const constraints = isCa ? [boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)])] : [];
  const names = dnsNames?.map((dns) => tlv(primitiveTag(2), utf8(dns)));
  return [
    extension(oids.basicConstraints, sequence(...constraints), true),
    keyUsageExtension(isCa ? ["keyCertSign", "cRLSign"] : ["digitalSignature"]),
    ...(purposes ? [extendedKeyUsageExtension(purposes)] : []),
    ...(names ? [extension(oids.subjectAltName, sequence(...names))] : []),
    ...(criticalExtension ? [extension(criticalExtension, sequence(), true)] : []),
  ];
}

export type TestPki = { root: TestIdentity; server: TestIdentity; client: TestIdentity };

/** A root, and a server's and a push certificate from it. */
export async function testPki(server: KeyKind, client: KeyKind): Promise<TestPki> {
  const root = await testIdentity({ commonName: "Test Root", isCa: true });
  return { root, server: await testServer(root, server), client: await testClient(root, client) };
}

export const testServer = (issuer: TestIdentity, key: KeyKind, more: Partial<TestOrder> = {}) =>
  testIdentity({
    commonName: "push server",
    key,
    dnsNames: ["localhost", "api.push.apple.test"],
    purposes: [oids.serverAuth],
    issuer,
    ...more,
  });

export const testClient = (issuer: TestIdentity, key: KeyKind, more: Partial<TestOrder> = {}) =>
  testIdentity({
    commonName: "APSP:test",
    key,
    topic: testTopic,
    purposes: [oids.clientAuth],
    issuer,
    ...more,
  });
