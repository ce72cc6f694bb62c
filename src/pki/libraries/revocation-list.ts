import { Enumerated, Integer, OctetString, Primitive, type Sequence } from "asn1js";
import {
  AuthorityKeyIdentifier,
  Certificate,
  CertificateRevocationList,
  Extension,
  Extensions,
  Time,
  TimeType,
} from "pkijs";
import { type Bytes, concat } from "../../base/bytes.ts";
import type { Credential } from "../certificate.ts";
import { type CrlReason, crlReasons } from "../crl-reasons.ts";
import { integer, sequence, time } from "../der/write.ts";
import { extension } from "../extensions.ts";
import { keyIdentifier } from "../keys.ts";
import { oids } from "../oids.ts";
import { librarySigningKey } from "./signing-key.ts";

// Certificate revocation lists, version 2 (RFC 5280 section 5). Our own revocations are looked up in the directory;
// the list is for everyone else who trusts our authorities.

export type Revocation = { serial: string; revokedAt: number; reason?: CrlReason };

export type CrlOrder = {
  /** Rises with every list that the authority signs. */
  number: number;
  thisUpdate: number;
  nextUpdate: number;
  revoked: readonly Revocation[];
};

export async function buildCrl(order: CrlOrder, { certificate, pkcs8 }: Credential): Promise<Bytes> {
  const key = await librarySigningKey(pkcs8);
  const list = new RevocationList({
    version: 1,
    issuer: Certificate.fromBER(certificate.der).subject,
    thisUpdate: timeOf(order.thisUpdate),
    nextUpdate: timeOf(order.nextUpdate),
    crlExtensions: new Extensions({
      extensions: [
        extensionOf(
          oids.authorityKeyIdentifier,
          new AuthorityKeyIdentifier({
            keyIdentifier: new OctetString({
              valueHex: certificate.subjectKeyId ?? (await keyIdentifier(certificate.spki)),
            }),
          }).toSchema(),
        ),
        extensionOf(oids.crlNumber, Integer.fromBigInt(BigInt(order.number))),
      ],
    }),
  });
  list.revoke(order.revoked);
  await list.sign(key.privateKey, key.digest);
  return new Uint8Array(list.toSchema(true).toBER());
}

/**
 * The revocations are written here, as one block. As an object each, ten thousand of them cost two seconds of computing,
 * and a stranger may ask for a list.
 */
class RevocationList extends CertificateRevocationList {
  #revoked: readonly Revocation[] = [];

  revoke(revoked: readonly Revocation[]): void {
    this.#revoked = revoked;
  }

  protected override encodeTBS(): Sequence {
    const tbs = super.encodeTBS();
    // An empty list must be absent, not empty. Extensions come last.
    if (this.#revoked.length > 0) tbs.valueBlock.value.splice(-1, 0, sequenceOf(this.#revoked.map(entry)));
    return tbs;
  }
}

function sequenceOf(elements: readonly Bytes[]): Primitive {
  const block = new Primitive({ idBlock: { tagClass: 1, tagNumber: 16 }, valueHex: concat(elements) });
  block.idBlock.isConstructed = true;
  return block;
}

const entry = ({ serial, revokedAt, reason }: Revocation): Bytes =>
  sequence(
    integer(Buffer.from(serial, "hex")),
    time(revokedAt),
    ...(reason === undefined ? [] : [sequence(extension(oids.reasonCode, reasonCode(reason)))]),
  );

const reasonCode = (reason: CrlReason): Uint8Array =>
  new Uint8Array(new Enumerated({ value: crlReasons[reason] }).toBER());

const extensionOf = (extnID: string, value: { toBER(): ArrayBuffer }): Extension =>
  new Extension({ extnID, extnValue: value.toBER() });

/** UTCTime up to 2049, GeneralizedTime after it (RFC 5280 section 5.1.2.4). */
function timeOf(at: number): Time {
  const value = new Date(at);
  return new Time({
    type: value.getUTCFullYear() < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime,
    value,
  });
}
