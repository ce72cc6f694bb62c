import { type Bytes, concat } from "../../src/base/bytes.ts";
import type { Certificate, Credential } from "../../src/pki/certificate.ts";
import { issuerAndSerial } from "../../src/pki/cms/certificate-id.ts";
import { contentInfo } from "../../src/pki/cms/content-info.ts";
import { tags } from "../../src/pki/der/tags.ts";
import { asn1Null, context, integer, octetString, oid, sequence, tlv } from "../../src/pki/der/write.ts";
import { oids } from "../../src/pki/oids.ts";

// SignedData with any part out of order, for the tests of those who read it. RSA signers only.

export type SignedForgery = {
  signer: Credential;
  content?: Uint8Array;
  detached?: boolean;
  contentType?: string;
  /** Signed attributes in the order they are to stand; none at all when absent. */
  attributes?: readonly Bytes[];
  /** Signs the attributes in this order instead. */
  signedOrder?: readonly Bytes[];
  digest?: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  digestOid?: string;
  signatureOid?: string;
  certificates?: readonly Certificate[];
  signerCount?: number;
  /** The content and the digests in constructed strings and indefinite lengths. */
  inPieces?: boolean;
};

const digestOids = {
  "SHA-1": oids.sha1,
  "SHA-256": oids.sha256,
  "SHA-384": oids.sha384,
  "SHA-512": oids.sha512,
};

export async function forgeSignedData(forgery: SignedForgery): Promise<Bytes> {
  const { signer, content = new Uint8Array(), attributes, digest = "SHA-256", signerCount = 1 } = forgery;
  const { contentType = oids.data, certificates = [signer.certificate], detached = false } = forgery;
  const signed = attributes ? tlv(tags.set, ...(forgery.signedOrder ?? attributes)) : content;
  const digestAlgorithm = sequence(oid(forgery.digestOid ?? digestOids[digest]), asn1Null);
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(signer.certificate),
    digestAlgorithm,
    ...(attributes ? [context(0, ...attributes)] : []),
    sequence(oid(forgery.signatureOid ?? oids.rsaEncryption), asn1Null),
    octetString(await rsaSign(signer.pkcs8, digest, signed)),
  );
  return contentInfo(
    oids.signedData,
    sequence(
      integer(1),
      tlv(tags.set, digestAlgorithm),
      sequence(
        oid(contentType),
        ...(detached ? [] : [context(0, forgery.inPieces ? inPieces(content) : octetString(content))]),
      ),
      context(0, ...certificates.map(({ der }) => der)),
      tlv(tags.set, ...Array.from({ length: signerCount }, () => signerInfo)),
    ),
  );
}

/** RSA PKCS#1 v1.5 with any digest, SHA-1 too, as old senders sign. */
export async function rsaSign(pkcs8: Bytes, hash: string, data: Uint8Array): Promise<Bytes> {
  const name = "RSASSA-PKCS1-v1_5";
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name, hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(name, key, data as Bytes));
}

/** An OCTET STRING of indefinite length, in three pieces. */
export function inPieces(octets: Uint8Array): Bytes {
  const at = Math.ceil(octets.length / 3);
  const pieces = [octets.subarray(0, at), octets.subarray(at, 2 * at), octets.subarray(2 * at)];
  return concat([Uint8Array.of(0x24, 0x80), ...pieces.map(octetString), Uint8Array.of(0, 0)]);
}
