/** Object identifiers as the device writes and reads them (RFC 5652, 5280, 8894). */
export const oids = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  envelopedData: "1.2.840.113549.1.7.3",

  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  challengePassword: "1.2.840.113549.1.9.7",
  extensionRequest: "1.2.840.113549.1.9.14",

  messageType: "2.16.840.1.113733.1.9.2",
  pkiStatus: "2.16.840.1.113733.1.9.3",
  failInfo: "2.16.840.1.113733.1.9.4",
  senderNonce: "2.16.840.1.113733.1.9.5",
  recipientNonce: "2.16.840.1.113733.1.9.6",
  transactionId: "2.16.840.1.113733.1.9.7",

  rsaEncryption: "1.2.840.113549.1.1.1",
  ecPublicKey: "1.2.840.10045.2.1",

  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  userPrincipalName: "1.3.6.1.4.1.311.20.2.3",
} as const;

export type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/** A digest, what node:crypto calls it, and the signature algorithms that use it. */
export const digests = {
  "SHA-1": {
    oid: "1.3.14.3.2.26",
    node: "sha1",
    withRsa: "1.2.840.113549.1.1.5",
    withEcdsa: "1.2.840.10045.4.1",
  },
  "SHA-256": {
    oid: "2.16.840.1.101.3.4.2.1",
    node: "sha256",
    withRsa: "1.2.840.113549.1.1.11",
    withEcdsa: "1.2.840.10045.4.3.2",
  },
  "SHA-384": {
    oid: "2.16.840.1.101.3.4.2.2",
    node: "sha384",
    withRsa: "1.2.840.113549.1.1.12",
    withEcdsa: "1.2.840.10045.4.3.3",
  },
  "SHA-512": {
    oid: "2.16.840.1.101.3.4.2.3",
    node: "sha512",
    withRsa: "1.2.840.113549.1.1.13",
    withEcdsa: "1.2.840.10045.4.3.4",
  },
} as const satisfies Record<Digest, { oid: string; node: string; withRsa: string; withEcdsa: string }>;

export function digestOf(oid: string): Digest {
  const found = (Object.keys(digests) as Digest[]).find((name) => digests[name].oid === oid);
  if (found === undefined) throw new Error(`digest ${oid} is unknown to this device`);
  return found;
}

export type Cipher = "AES-128" | "AES-192" | "AES-256" | "3DES" | "DES";

export const ciphers = {
  "AES-128": { oid: "2.16.840.1.101.3.4.1.2", node: "aes-128-cbc", keyBytes: 16, ivBytes: 16 },
  "AES-192": { oid: "2.16.840.1.101.3.4.1.22", node: "aes-192-cbc", keyBytes: 24, ivBytes: 16 },
  "AES-256": { oid: "2.16.840.1.101.3.4.1.42", node: "aes-256-cbc", keyBytes: 32, ivBytes: 16 },
  "3DES": { oid: "1.2.840.113549.3.7", node: "des-ede3-cbc", keyBytes: 24, ivBytes: 8 },
  // Written as 3DES with one key three times: the same octets, and Node has no single DES.
  DES: { oid: "1.3.14.3.2.7", node: "des-ede3-cbc", keyBytes: 8, ivBytes: 8 },
} as const satisfies Record<Cipher, { oid: string; node: string; keyBytes: number; ivBytes: number }>;

export function cipherOf(oid: string): Cipher {
  const found = (Object.keys(ciphers) as Cipher[]).find((name) => ciphers[name].oid === oid);
  if (found === undefined) throw new Error(`cipher ${oid} is unknown to this device`);
  return found;
}

/** The shortcuts that a SCEP payload may use in Subject. */
export const nameTypes: Readonly<Record<string, string>> = {
  CN: "2.5.4.3",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
};
