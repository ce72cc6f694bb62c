/**
 * The cipher suites and groups that are offered: forward secrecy and AES-GCM only.
 * No ChaCha20-Poly1305, which WebCrypto does not have.
 */
export type Hash = "SHA-256" | "SHA-384";

export const hashLength = { "SHA-256": 32, "SHA-384": 48 } as const satisfies Record<Hash, number>;

export const tls12 = 0x0303;
export const tls13 = 0x0304;

export type Suite = {
  code: number;
  name: string;
  version: typeof tls12 | typeof tls13;
  hash: Hash;
  keyLength: 16 | 32;
  /** TLS 1.2 binds the kind of the server's key to the suite. */
  serverKey: "rsa" | "ec" | "any";
};

export const suites: readonly Suite[] = [
  suite(0x1301, "TLS_AES_128_GCM_SHA256", tls13, "SHA-256", 16, "any"),
  suite(0x1302, "TLS_AES_256_GCM_SHA384", tls13, "SHA-384", 32, "any"),
  suite(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", tls12, "SHA-256", 16, "ec"),
  suite(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", tls12, "SHA-256", 16, "rsa"),
  suite(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", tls12, "SHA-384", 32, "ec"),
  suite(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", tls12, "SHA-384", 32, "rsa"),
];

function suite(
  code: number,
  name: string,
  version: Suite["version"],
  hash: Hash,
  keyLength: Suite["keyLength"],
  serverKey: Suite["serverKey"],
): Suite {
  return { code, name, version, hash, keyLength, serverKey };
}
