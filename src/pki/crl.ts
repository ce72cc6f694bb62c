import { type Bytes, concat, toHex } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { Credential } from "./certificate.ts";
import { expectTag, fieldsOf, onlyChild, rawOf } from "./der/fields.ts";
import { type MalformedRefusal, reading } from "./der/malformed.ts";
import { type Element, parseDer } from "./der/parse.ts";
import { contextTag, tags } from "./der/tags.ts";
import { bitsOf, timeOf, unsignedOf } from "./der/values.ts";
import { bitString, context, integer, sequence, time, tlv } from "./der/write.ts";
import { authorityKeyIdExtension, type Extensions, extension, readExtensions } from "./extensions.ts";
import { algorithmOf, keyIdentifier } from "./keys.ts";
import { oids } from "./oids.ts";
import { type AlgorithmIdentifier, signingKey } from "./signature.ts";

// Certificate revocation lists, version 2 (RFC 5280 section 5). Our own revocations are looked up in the directory;
// the list is for everyone else who trusts our authorities.

/** CRLReason (RFC 5280 section 5.3.1), the ones that are said of devices. */
export const crlReasons = {
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const;
export type CrlReason = keyof typeof crlReasons;

export type Revocation = { serial: string; revokedAt: number; reason?: CrlReason };

export type CrlOrder = {
  /** Rises with every list that the authority signs. */
  number: number;
  thisUpdate: number;
  nextUpdate: number;
  revoked: readonly Revocation[];
};

export async function buildCrl(order: CrlOrder, { certificate, pkcs8 }: Credential): Promise<Bytes> {
  const key = await signingKey(pkcs8);
  const keyId = certificate.subjectKeyId ?? (await keyIdentifier(certificate.spki));
  const tbs = sequence(
    integer(1),
    key.algorithm,
    certificate.subject,
    time(order.thisUpdate),
    time(order.nextUpdate),
    // An empty list must be absent, not empty; a long one has more entries than a call may have arguments.
    ...(order.revoked.length > 0 ? [sequence(concat(order.revoked.map(entry)))] : []),
    context(0, sequence(authorityKeyIdExtension(keyId), extension(oids.crlNumber, integer(order.number)))),
  );
  return sequence(tbs, key.algorithm, bitString(await key.sign(tbs)));
}

const entry = ({ serial, revokedAt, reason }: Revocation): Bytes =>
  sequence(
    integer(Buffer.from(serial, "hex")),
    time(revokedAt),
    ...(reason
      ? [sequence(extension(oids.reasonCode, tlv(tags.enumerated, Uint8Array.of(crlReasons[reason]))))]
      : []),
  );

export type Crl = {
  tbs: Bytes;
  issuer: Bytes;
  thisUpdate: number;
  nextUpdate: number | undefined;
  /** Serials as certificates spell them, with the time of revocation. */
  revoked: ReadonlyMap<string, number>;
  extensions: Extensions;
  signatureAlgorithm: AlgorithmIdentifier;
  signature: Bytes;
};

const limits = { maxBytes: 16 * 1024 * 1024, maxElements: 1_000_000 };

export const parseCrl = (der: Uint8Array): Result<Crl, MalformedRefusal> =>
  reading(() => {
    const whole = fieldsOf(parseDer(new Uint8Array(der), limits), tags.sequence, "CRL");
    const tbsElement = whole.take(tags.sequence, "signed part");
    const { algorithm, parameters } = algorithmOf(whole.take(tags.sequence, "signature algorithm"));
    const tbs = fieldsOf(tbsElement, tags.sequence, "signed part");
    tbs.maybe(tags.integer);
    tbs.take(tags.sequence, "signature algorithm");
    const issuer = tbs.take(tags.sequence, "issuer");
    const thisUpdate = timeOf(tbs.any("thisUpdate"), "thisUpdate");
    const nextUpdate = tbs.maybe(tags.utcTime) ?? tbs.maybe(tags.generalizedTime);
    const revoked = tbs.maybe(tags.sequence);
    const extensions = tbs.maybe(contextTag(0));
    return ok({
      tbs: rawOf(tbsElement),
      issuer: rawOf(issuer),
      thisUpdate,
      nextUpdate: nextUpdate && timeOf(nextUpdate, "nextUpdate"),
      revoked: new Map((revoked?.children ?? []).map(readEntry)),
      extensions: extensions ? readExtensions(onlyChild(extensions, "extensions")) : new Map(),
      signatureAlgorithm: { algorithm, parameters: parameters && rawOf(parameters) },
      signature: bitsOf(whole.any("signature"), "signature"),
    });
  });

function readEntry(element: Element): [string, number] {
  const fields = fieldsOf(element, tags.sequence, "revocation");
  const serial = unsignedOf(
    expectTag(fields.any("serial number"), tags.integer, "serial number"),
    "serial number",
  );
  return [toHex(serial).toUpperCase(), timeOf(fields.any("revocation date"), "revocation date")];
}
