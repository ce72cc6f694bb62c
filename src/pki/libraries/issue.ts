import { type Bytes, toHex } from "../../base/bytes.ts";
import { backdateMs, serialFrom } from "../issue.ts";
import type { KeyPair } from "../keys.ts";
import { libraryName, type NameText } from "./names.ts";
import { libraryKeyPair } from "./signing-key.ts";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "./x509.ts";

// Certificates that vouch for themselves (RFC 5280 section 4): authorities, and what others encrypt to or know us by.
// Identities of devices are issued in ../issue.ts, within a device's request. One surprise: an authority must also be
// allowed digitalSignature and keyEncipherment, or macOS refuses it as the partner of a SCEP exchange.

export type SelfSignedOrder = { name: NameText; now: number; lifetimeMs: number };

/** An authority of our own, issuing leaves only. */
export const issueAuthority = (order: SelfSignedOrder, keys: KeyPair): Promise<Bytes> =>
  selfSigned(order, keys, async (publicKey) => [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(
      KeyUsageFlags.digitalSignature |
        KeyUsageFlags.keyEncipherment |
        KeyUsageFlags.keyCertSign |
        KeyUsageFlags.cRLSign,
      true,
    ),
    await AuthorityKeyIdentifierExtension.create(publicKey),
  ]);

export type SelfSignedUse = {
  /** Nothing is signed with its key. */
  onlyEncrypts?: boolean;
  /** Extended key usages. */
  purposes?: readonly string[];
};

/** What is uploaded to be encrypted to, and what an SCEP client signs with. */
export const issueSelfSigned = (
  { onlyEncrypts = false, purposes = [], ...order }: SelfSignedOrder & SelfSignedUse,
  keys: KeyPair,
): Promise<Bytes> =>
  selfSigned(order, keys, async () => [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(
      KeyUsageFlags.keyEncipherment | (onlyEncrypts ? 0 : KeyUsageFlags.digitalSignature),
      true,
    ),
    ...(purposes.length > 0 ? [new ExtendedKeyUsageExtension([...purposes])] : []),
  ]);

async function selfSigned(
  { name, now, lifetimeMs }: SelfSignedOrder,
  keys: KeyPair,
  extensionsFor: (publicKey: CryptoKey) => Promise<Extension[]>,
): Promise<Bytes> {
  const { privateKey, publicKey, digest } = await libraryKeyPair(keys);
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: toHex(serialFrom(crypto.getRandomValues(new Uint8Array(16)))),
    name: libraryName(name),
    notBefore: new Date(now - backdateMs),
    notAfter: new Date(now + lifetimeMs),
    keys: { privateKey, publicKey },
    signingAlgorithm: { hash: digest },
    extensions: [...(await extensionsFor(publicKey)), await SubjectKeyIdentifierExtension.create(publicKey)],
  });
  return new Uint8Array(made.rawData);
}
