import type { Bytes } from "../base/bytes.ts";
import { utf8 } from "../base/bytes.ts";
import { type AltName, altNamesExtension } from "./alt-names.ts";
import type { Credential, KeyUsage } from "./certificate.ts";
import { primitiveTag } from "./der/tags.ts";
import { bitString, context, integer, sequence, time, tlv } from "./der/write.ts";
import {
  authorityConstraints,
  authorityKeyIdExtension,
  extendedKeyUsageExtension,
  extension,
  keyUsageExtension,
  subjectKeyIdExtension,
} from "./extensions.ts";
import { keyIdentifier } from "./keys.ts";
import { oids } from "./oids.ts";
import { signingKey } from "./signature.ts";

// Makes certificates (RFC 5280 section 4) with the fields that Apple devices want. Who gets one, and for how long, is
// decided elsewhere. One surprise: an authority must also be allowed digitalSignature and keyEncipherment, or macOS
// refuses it as the partner of a SCEP exchange.

/** Devices fresh from the box have wrong clocks, and a certificate from the future has cost them their challenge. */
export const backdateMs = 10 * 60 * 1000;

export type Order = {
  /** From `serialFrom`. */
  serial: Bytes;
  /** Name, DER; not empty. */
  subject: Bytes;
  spki: Bytes;
  now: number;
  lifetimeMs: number;
};

export type LeafOrder = Order & {
  altNames?: readonly AltName[];
  keyUsage?: readonly KeyUsage[];
  /** Extended key usages; none for certificates that only encrypt. */
  purposes?: readonly string[];
  crlUrl?: string;
};

/** A positive serial number of 16 bytes, 126 of its bits from `random`. */
export function serialFrom(random: Uint8Array): Bytes {
  if (random.length < 16) throw new Error(`a serial needs 16 random bytes, not ${random.length}`);
  const serial = new Uint8Array(random.subarray(0, 16));
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}

const identityKeyUsage: readonly KeyUsage[] = ["digitalSignature", "keyEncipherment"];

/** An identity for a client: never valid longer than its issuer. */
export async function issueLeaf(order: LeafOrder, issuer: Credential): Promise<Bytes> {
  const { certificate, pkcs8 } = issuer;
  const issuerKeyId = certificate.subjectKeyId ?? (await keyIdentifier(certificate.spki));
  return build({
    order,
    issuer: certificate.subject,
    notAfter: Math.min(order.now + order.lifetimeMs, certificate.notAfter),
    extensions: [...(await leafExtensions(order)), authorityKeyIdExtension(issuerKeyId)],
    pkcs8,
  });
}

/** A certificate that vouches for itself: what is uploaded to Apple to be encrypted to, and what SCEP clients sign with. */
export const issueSelfSigned = async (order: LeafOrder, pkcs8: Bytes): Promise<Bytes> =>
  build({
    order,
    issuer: order.subject,
    notAfter: order.now + order.lifetimeMs,
    extensions: await leafExtensions(order),
    pkcs8,
  });

const authorityKeyUsage: readonly KeyUsage[] = [
  "digitalSignature",
  "keyEncipherment",
  "keyCertSign",
  "cRLSign",
];

/** An authority of our own: self-signed, issuing leaves only. */
export async function issueAuthority(order: Order, pkcs8: Bytes): Promise<Bytes> {
  const keyId = await keyIdentifier(order.spki);
  return build({
    order,
    issuer: order.subject,
    notAfter: order.now + order.lifetimeMs,
    extensions: [
      authorityConstraints(0),
      keyUsageExtension(authorityKeyUsage),
      subjectKeyIdExtension(keyId),
      authorityKeyIdExtension(keyId),
    ],
    pkcs8,
  });
}

async function leafExtensions(order: LeafOrder): Promise<Bytes[]> {
  const { altNames = [], keyUsage = identityKeyUsage, purposes = [oids.clientAuth], crlUrl } = order;
  return [
    // An empty sequence says that this is no authority.
    extension(oids.basicConstraints, sequence(), true),
    keyUsageExtension(keyUsage),
    ...(purposes.length > 0 ? [extendedKeyUsageExtension(purposes)] : []),
    subjectKeyIdExtension(await keyIdentifier(order.spki)),
    ...(altNames.length > 0 ? [altNamesExtension(altNames)] : []),
    ...(crlUrl ? [crlDistributionPoint(crlUrl)] : []),
  ];
}

/** CRLDistributionPoints with one full name that is a URI (RFC 5280 section 4.2.1.13). */
const crlDistributionPoint = (url: string): Bytes =>
  extension(
    oids.crlDistributionPoints,
    sequence(sequence(context(0, context(0, tlv(primitiveTag(6), utf8(url)))))),
  );

type Parts = { order: Order; issuer: Bytes; notAfter: number; extensions: readonly Bytes[]; pkcs8: Bytes };

async function build({ order, issuer, notAfter, extensions, pkcs8 }: Parts): Promise<Bytes> {
  const key = await signingKey(pkcs8);
  const tbs = sequence(
    context(0, integer(2)),
    integer(order.serial),
    key.algorithm,
    issuer,
    sequence(time(order.now - backdateMs), time(notAfter)),
    order.subject,
    order.spki,
    context(3, sequence(...extensions)),
  );
  return sequence(tbs, key.algorithm, bitString(await key.sign(tbs)));
}
