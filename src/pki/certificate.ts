import type { Bytes } from "../base/bytes.ts";

/** A parsed X.509 certificate: the fields that rules need, and their exact bytes. */
export type Certificate = {
  der: Bytes;
  /** The signed part, byte for byte. */
  tbs: Bytes;
  /** 1 or 3; some SCEP clients sign with version 1. */
  version: number;
  signatureAlgorithm: string;
  signatureParameters: Bytes | undefined;
  signature: Bytes;
  /** Upper-case hex of the serial's bytes, without a leading zero byte. */
  serial: string;
  /** Names as raw DER: compared byte for byte, copied untouched. */
  issuer: Bytes;
  subject: Bytes;
  /** RFC 4514-like text, for people only. */
  subjectText: string;
  notBefore: number;
  notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  spki: Bytes;
  isCa: boolean;
  pathLength: number | undefined;
  /** undefined when the extension is absent, which is not the same as an empty one. */
  keyUsage: ReadonlySet<KeyUsage> | undefined;
  extendedKeyUsage: readonly string[] | undefined;
  subjectKeyId: Bytes | undefined;
  authorityKeyId: Bytes | undefined;
  /** All extensions by their OID, including the ones above. */
  extensions: ReadonlyMap<string, Extension>;
};

/** `value` is what the extension's OCTET STRING holds. */
export type Extension = { critical: boolean; value: Bytes };

/** A certificate and its private key (PKCS#8), to sign, issue or decrypt. */
export type Credential = { certificate: Certificate; pkcs8: Bytes };

export const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

export type KeyUsage = (typeof keyUsages)[number];
