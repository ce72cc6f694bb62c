/**
 * X.509 as far as a device needs it (RFC 5280, RFC 2986): it signs itself throw-away certificates and requests, and
 * reads from others who they are, whose key they carry and what the key is for.
 */
import {
  type Bytes,
  bits,
  boolean,
  type Element,
  ia5String,
  integer,
  nothing,
  octets,
  oid,
  printableString,
  read,
  sequence,
  setOf,
  tagged,
  taggedOctets,
  time,
  utf8String,
} from "./der.ts";
import { type Key, signWith } from "./keys.ts";
import { type Digest, digests, nameTypes, oids } from "./oids.ts";

/** A key with the certificate that somebody issued for it. */
export type Identity = { key: Key; certificate: Bytes };

export type CertificateParts = {
  der: Bytes;
  tbs: Bytes;
  serial: Bytes;
  issuer: Bytes;
  subject: Bytes;
  commonName: string | undefined;
  notBefore: Element;
  notAfter: Element;
  spki: Bytes;
  isCa: boolean;
  /** The KeyUsage bits as in the first octet of the extension; undefined without the extension. */
  keyUsage: number | undefined;
};

export const keyUsageBits = { digitalSignature: 0x80, keyEncipherment: 0x20 } as const;

export function readCertificate(der: Uint8Array): CertificateParts {
  const certificate = read(der);
  const tbs = certificate.child(0);
  const fields = tbs.children;
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, validity, subject, spki] = fields;
  if (!serial || !issuer || !validity || !subject || !spki) throw new Error("the certificate lacks a field");
  const extensions = fields.find((field) => field.tag === 0xa3)?.child(0).children ?? [];

  return {
    der: certificate.raw,
    tbs: tbs.raw,
    serial: serial.raw,
    issuer: issuer.raw,
    subject: subject.raw,
    commonName: commonName(subject),
    notBefore: validity.child(0),
    notAfter: validity.child(1),
    spki: spki.raw,
    isCa: extensionValue(extensions, oids.basicConstraints)?.children[0]?.content[0] === 0xff,
    keyUsage: extensionValue(extensions, oids.keyUsage)?.content[1],
  };
}

function extensionValue(extensions: readonly Element[], wanted: string): Element | undefined {
  const found = extensions.find((extension) => extension.child(0).dotted === wanted);
  return found && read(found.children.at(-1)?.content ?? new Uint8Array());
}

const commonName = (name: Element): string | undefined =>
  name.children
    .flatMap((relative) => relative.children)
    .find((pair) => pair.child(0).dotted === nameTypes.CN)
    ?.child(1).string;

/** A distinguished name as a SCEP payload spells it: relative names, each a set of [type, value] pairs. */
export type NameInput = readonly (readonly (readonly [string, string])[])[];

export const distinguishedName = (name: NameInput): Bytes =>
  sequence(
    ...name.map((relative) =>
      setOf(
        ...relative.map(([type, value]) =>
          sequence(oid(nameTypes[type] ?? type), type === "C" ? printableString(value) : utf8String(value)),
        ),
      ),
    ),
  );

const extension = (type: string, critical: boolean, value: Bytes): Bytes =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value));

/** Bits of a payload's `Key Usage`: 1 for signing, 4 for encryption. */
const keyUsageExtension = (usage: number): Bytes =>
  extension(
    oids.keyUsage,
    true,
    bits(
      new Uint8Array([
        (usage & 1 ? keyUsageBits.digitalSignature : 0) | (usage & 4 ? keyUsageBits.keyEncipherment : 0),
      ]),
      usage & 4 ? 5 : 7,
    ),
  );

function signed(tbs: Bytes, key: Key, digest: Digest): Bytes {
  const algorithm =
    key.type === "rsa"
      ? sequence(oid(digests[digest].withRsa), nothing)
      : sequence(oid(digests[digest].withEcdsa));
  return sequence(tbs, algorithm, bits(signWith(key, digest, tbs)));
}

/** The throw-away certificate that signs a SCEP request. */
export function selfSigned(input: {
  key: Key;
  subject: NameInput;
  serial: Uint8Array | number;
  notBefore: number;
  notAfter: number;
  clientAuth: boolean;
}): Bytes {
  const algorithm = sequence(oid(digests["SHA-256"].withRsa), nothing);
  const subject = distinguishedName(input.subject);
  const extensions = [
    keyUsageExtension(input.clientAuth ? 1 : 5),
    ...(input.clientAuth ? [extension(oids.extendedKeyUsage, true, sequence(oid(oids.clientAuth)))] : []),
  ];
  const tbs = sequence(
    tagged(0, integer(2)),
    integer(input.serial),
    algorithm,
    subject,
    sequence(time(input.notBefore), time(input.notAfter)),
    subject,
    input.key.spki,
    tagged(3, sequence(...extensions)),
  );
  return signed(tbs, input.key, "SHA-256");
}

export type AlternativeNames = {
  rfc822Name?: readonly string[];
  dNSName?: readonly string[];
  uniformResourceIdentifier?: readonly string[];
  ntPrincipalName?: string;
};

function alternativeNames(names: AlternativeNames): Bytes | undefined {
  const text = (number: number, values: readonly string[] | undefined): Bytes[] =>
    (values ?? []).map((value) => taggedOctets(number, read(ia5String(value)).content));
  const principal = names.ntPrincipalName;
  const all = [
    ...text(1, names.rfc822Name),
    ...text(2, names.dNSName),
    ...text(6, names.uniformResourceIdentifier),
    ...(principal === undefined
      ? []
      : [tagged(0, oid(oids.userPrincipalName), tagged(0, utf8String(principal)))]),
  ];
  return all.length === 0 ? undefined : extension(oids.subjectAltName, false, sequence(...all));
}

/** A PKCS #10 request. Macs write version 2 where RFC 2986 has 0. */
export function certificateRequest(input: {
  key: Key;
  version: 0 | 2;
  digest: Digest;
  subject: NameInput;
  challenge: string | undefined;
  keyUsage: number;
  names: AlternativeNames;
}): Bytes {
  const names = alternativeNames(input.names);
  const extensions = [
    ...(input.keyUsage === 0 ? [] : [keyUsageExtension(input.keyUsage)]),
    ...(names ? [names] : []),
  ];
  const attributes = [
    ...(input.challenge === undefined
      ? []
      : [sequence(oid(oids.challengePassword), setOf(challengeString(input.challenge)))]),
    ...(extensions.length === 0
      ? []
      : [sequence(oid(oids.extensionRequest), setOf(sequence(...extensions)))]),
  ];
  const info = sequence(
    integer(input.version),
    distinguishedName(input.subject),
    input.key.spki,
    tagged(0, read(setOf(...attributes)).content),
  );
  return signed(info, input.key, input.digest);
}

const challengeString = (challenge: string): Bytes =>
  /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(challenge) ? printableString(challenge) : utf8String(challenge);

export const issuerAndSerial = (certificate: CertificateParts): Bytes =>
  sequence(certificate.issuer, certificate.serial);
