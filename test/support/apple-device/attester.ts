/**
 * Stands in for Apple's attestation servers: certifies that a key lives in a device, under a root for tests. What Apple
 * puts into the extensions it puts there, as bare bytes.
 */
import { createHash, createPrivateKey } from "node:crypto";
import { testAttestationRoot, testAttestationRootKey } from "./attestation-root.ts";
import { distinguishedName, readCertificate } from "./certificate.ts";
import {
  type Bytes,
  bits,
  boolean,
  fromBase64,
  integer,
  octets,
  oid,
  sequence,
  tagged,
  text,
  time,
} from "./der.ts";
import { type Key, newKey, signWith } from "./keys.ts";
import { digests, oids } from "./oids.ts";

const arc = "1.2.840.113635.100.8";

/** By what follows Apple's arc. */
export type Properties = { [suffix: string]: Uint8Array };

export type AttestedDevice = {
  serialNumber?: string | undefined;
  /** The provisioning UDID. */
  udid?: string | undefined;
  osVersion?: string;
  isMac?: boolean;
};

const properties = ({ serialNumber, udid, osVersion, isMac }: AttestedDevice): Properties => ({
  ...(serialNumber === undefined ? {} : { "9.1": text(serialNumber) }),
  ...(udid === undefined ? {} : { "9.2": text(udid) }),
  ...(osVersion === undefined ? {} : { "10.1": text(osVersion) }),
  "10.2": text("22.3.0.0.0"),
  "10.3": text("11881.62.2"),
  ...(isMac
    ? { "13.1": new Uint8Array([2, 1, 0]), "13.2": text("Full Security"), "13.3": new Uint8Array([2, 1, 0]) }
    : {}),
});

export type Issuer = { key: Key; certificate: Bytes };

export const testRoot: Issuer = {
  key: {
    type: "ec",
    pem: createPrivateKey(testAttestationRootKey).export({ type: "pkcs8", format: "pem" }).toString(),
    spki: readCertificate(derOf(testAttestationRoot)).spki,
  },
  certificate: derOf(testAttestationRoot),
};

function derOf(pem: string): Bytes {
  return fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, ""));
}

const day = 86_400_000;

type CertificateOrder = {
  issuer: Issuer;
  subject: string;
  spki: Uint8Array;
  notBefore: number;
  notAfter: number;
  extensions: readonly Bytes[];
};

export function certify({ issuer, subject, spki, notBefore, notAfter, extensions }: CertificateOrder): Bytes {
  const algorithm = sequence(oid(digests["SHA-384"].withEcdsa));
  const tbs = sequence(
    tagged(0, integer(2)),
    integer(new Uint8Array([0x51, ...crypto.getRandomValues(new Uint8Array(8))])),
    algorithm,
    readCertificate(issuer.certificate).subject,
    sequence(time(notBefore), time(notAfter)),
    distinguishedName([[["CN", subject]], [["O", "edgemdm tests"]]]),
    spki,
    tagged(3, sequence(...extensions)),
  );
  return sequence(tbs, algorithm, bits(signWith(issuer.key, "SHA-384", tbs)));
}

export const extension = (type: string, value: Uint8Array, critical = false): Bytes =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value));

/** An authority between the root and the leaves; devices send it along. */
export async function newSubAuthority(
  now: number,
  root: Issuer = testRoot,
  validMs = 1000 * day,
): Promise<Issuer> {
  const key = await newKey("P-384");
  const certificate = certify({
    issuer: root,
    subject: "edgemdm Test Attestation Sub CA 1",
    spki: key.spki,
    notBefore: now - 10 * day,
    notAfter: now - 10 * day + validMs,
    extensions: [
      extension(oids.basicConstraints, sequence(boolean(true)), true),
      extension(oids.keyUsage, bits(new Uint8Array([6]), 1), true),
    ],
  });
  return { key, certificate };
}

let sub: Promise<Issuer> | undefined;

export type AttestationOrder = {
  spki: Uint8Array;
  /** What is signed as the freshness code. */
  freshness: Uint8Array | undefined;
  device: AttestedDevice;
  now: number;
  /** In place of what Apple would write. */
  properties?: Properties;
  issuer?: Issuer;
  madeAt?: number;
};

/** The certificates of an attestation, leaf first. */
export async function attest(order: AttestationOrder): Promise<Bytes[]> {
  sub ??= newSubAuthority(order.now);
  const issuer = order.issuer ?? (await sub);
  const all: Properties = {
    ...properties(order.device),
    ...(order.freshness ? { "11.1": order.freshness } : {}),
    ...order.properties,
  };
  const notBefore = order.madeAt ?? order.now - 60_000;
  const leaf = certify({
    issuer,
    subject: createHash("sha256").update(order.spki).digest("hex"),
    spki: order.spki,
    notBefore,
    notAfter: notBefore + 90 * day,
    extensions: [
      extension(oids.basicConstraints, sequence(), true),
      extension(oids.keyUsage, bits(new Uint8Array([0x80]), 7), true),
      ...Object.entries(all).map(([suffix, value]) => extension(`${arc}.${suffix}`, value)),
    ],
  });
  return [leaf, issuer.certificate];
}

const head = (major: number, length: number): Uint8Array =>
  length < 24
    ? new Uint8Array([(major << 5) | length])
    : length < 256
      ? new Uint8Array([(major << 5) | 24, length])
      : new Uint8Array([(major << 5) | 25, length >> 8, length & 0xff]);

const cborText = (value: string): Buffer => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const cborBytes = (value: Uint8Array): Buffer => Buffer.concat([head(2, value.length), value]);

/** The attestation object as Apple's client writes it: two keys in this order. */
export const attestationObject = (x5c: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat([
      head(5, 2),
      cborText("fmt"),
      cborText("apple"),
      cborText("attStmt"),
      head(5, 1),
      cborText("x5c"),
      head(4, x5c.length),
      ...x5c.map(cborBytes),
    ]),
  );
