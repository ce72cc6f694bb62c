import type { Bytes } from "../../base/bytes.ts";
import { attribute } from "../attributes.ts";
import type { Certificate, Credential } from "../certificate.ts";
import { tags } from "../der/tags.ts";
import {
  asn1Null,
  context,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  sorted,
  time,
  tlv,
} from "../der/write.ts";
import { keyShape } from "../keys.ts";
import { oids } from "../oids.ts";
import { digestOids, type StrongDigest, signingKey } from "../signature.ts";
import { issuerAndSerial } from "./certificate-id.ts";
import { contentInfo } from "./content-info.ts";

// Makes SignedData (RFC 5652 section 5) as DER: one signer, signed attributes in DER order, the signer's certificate
// embedded. What the further attributes mean is the caller's.

export type SignOptions = {
  signer: Credential;
  /** undefined: nothing but the attributes is said (SCEP failures); eContent is then absent, not empty. */
  content: Uint8Array | undefined;
  /** The content travels beside the message. */
  detached?: boolean;
  /** What the key's algorithm suggests, unless it is named: SHA-256 for RSA. */
  digest?: StrongDigest;
  signingTime?: number;
  /** Further signed attributes, each as `attribute(…)` writes it. */
  attributes?: readonly Bytes[];
  /** Certificates between the signer and its root, sent after the signer's own. */
  chain?: readonly Certificate[];
};

export async function buildSignedData(options: SignOptions): Promise<Bytes> {
  const { signer, content, detached = false, signingTime, attributes = [], chain = [] } = options;
  const key = await signingKey(signer.pkcs8, options.digest);
  const digestAlgorithm = sequence(oid(digestOids[key.digest]), asn1Null);
  const messageDigest = await crypto.subtle.digest(key.digest, (content ?? new Uint8Array()) as Bytes);
  const signedAttributes = sorted([
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.messageDigest, octetString(new Uint8Array(messageDigest))),
    ...(signingTime === undefined ? [] : [attribute(oids.signingTime, time(signingTime))]),
    ...attributes,
  ]);
  // Signed under the tag of a SET, sent under [0] (RFC 5652 section 5.4).
  const signature = await key.sign(tlv(tags.set, ...signedAttributes));

  const { certificate } = signer;
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(certificate),
    digestAlgorithm,
    context(0, ...signedAttributes),
    signatureAlgorithm(certificate, key.algorithm),
    octetString(signature),
  );
  const carried = content === undefined || detached ? [] : [context(0, octetString(content))];
  return contentInfo(
    oids.signedData,
    sequence(
      integer(1),
      setOf(digestAlgorithm),
      sequence(oid(oids.data), ...carried),
      // The signer's first: some readers take the first for the signer.
      context(0, certificate.der, ...chain.map(({ der }) => der)),
      setOf(signerInfo),
    ),
  );
}

// For RSA, CMS readers know plain rsaEncryption best: openssl and every SCEP server write it, with the digest next to it.
function signatureAlgorithm(certificate: Certificate, named: Bytes): Bytes {
  const shape = keyShape(certificate.spki);
  return shape.ok && shape.value.kind === "rsa" ? sequence(oid(oids.rsaEncryption), asn1Null) : named;
}
