import { Null, ObjectIdentifier, OctetString, UTCTime } from "asn1js";
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from "pkijs";
import type { Bytes } from "../../base/bytes.ts";
import type { Credential, Certificate as ReadCertificate } from "../certificate.ts";
import { oids } from "../oids.ts";
import { librarySigningKey } from "./signing-key.ts";

// SignedData (RFC 5652 section 5) around what people download. What devices are sent is signed in ../cms/sign.ts.

export type ContentToSign = {
  signer: Credential;
  /** Certificates between the signer and its root. */
  chain: readonly ReadCertificate[];
  content: Bytes;
  signingTime: number;
};

export async function signContent({ signer, chain, content, signingTime }: ContentToSign): Promise<Bytes> {
  const { privateKey, digest } = await librarySigningKey(signer.pkcs8);
  const certificate = Certificate.fromBER(signer.certificate.der);
  const { issuer, serialNumber } = certificate;
  const signerInfo = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer, serialNumber }),
    signedAttrs: new SignedAndUnsignedAttributes({
      type: 0,
      // In the order of DER, in which they are signed.
      attributes: [
        attribute(oids.contentType, new ObjectIdentifier({ value: oids.data })),
        attribute(oids.signingTime, new UTCTime({ valueDate: new Date(signingTime) })),
        attribute(
          oids.messageDigest,
          new OctetString({ valueHex: await crypto.subtle.digest(digest, content) }),
        ),
      ],
    }),
  });
  const encapContentInfo = new EncapsulatedContentInfo({ eContentType: oids.data });
  // Given to the constructor it would be cut into pieces, which is no DER.
  encapContentInfo.eContent = new OctetString({ valueHex: content });
  const signed = new SignedData({
    version: 1,
    encapContentInfo,
    signerInfos: [signerInfo],
    // The signer's first: some readers take the first for the signer.
    certificates: [certificate, ...chain.map(({ der }) => Certificate.fromBER(der))],
  });
  await signed.sign(privateKey, 0, digest);
  if (privateKey.algorithm.name === "RSASSA-PKCS1-v1_5") signerInfo.signatureAlgorithm = rsaEncryption();
  const message = new ContentInfo({ contentType: oids.signedData, content: signed.toSchema(true) });
  return new Uint8Array(message.toSchema().toBER());
}

const attribute = (type: string, value: ObjectIdentifier | OctetString | UTCTime): Attribute =>
  new Attribute({ type, values: [value] });

// What CMS readers know best: openssl writes it, the digest stands beside it.
const rsaEncryption = (): AlgorithmIdentifier =>
  new AlgorithmIdentifier({ algorithmId: oids.rsaEncryption, algorithmParams: new Null() });
