import { type Bytes, equalBytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { nameValue } from "../pki/names.ts";
import { nameAttributes, oids } from "../pki/oids.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { verifySignature } from "../pki/signature.ts";
import { type FileRefusal, refuseFile } from "./refusal.ts";
import type { XarContents, XarDigest } from "./xar.ts";

/**
 * Who signed a flat package: an RSA signature over the checksum of its table of contents, which has the checksums of all
 * that it names.
 *
 * Leaves to others: whether the certificate is Apple's, valid or revoked. The Mac decides that when it installs.
 */
export type Signer = {
  commonName: string;
  /** The organizational unit of Apple's certificates. */
  teamId: string | null;
  expiresAt: number;
  /** By the name alone: what Macs take from outside of the App Store. */
  isDeveloperId: boolean;
  /** The names of the certificates in the file, the signer's own first. */
  chain: string[];
};

const weakDigests: readonly XarDigest[] = ["SHA-1"];

export async function verifyXarSignature(
  digest: XarDigest,
  { signature }: XarContents,
  read: { compressedToc: Bytes; checksum: Bytes; signature: Bytes },
): Promise<Result<Signer, FileRefusal>> {
  const computed = new Uint8Array(await crypto.subtle.digest(digest, read.compressedToc));
  if (!equalBytes(computed, read.checksum))
    return refuseFile("damaged", "the table of contents does not have the checksum beside it");
  if (signature === undefined) return refuseFile("unsigned", "the package has no signature");
  const certificates: Certificate[] = [];
  for (const der of signature.certificates) {
    const certificate = parseCertificate(der);
    if (!certificate.ok) return refuseFile("bad-signature", "a certificate of the signature cannot be read");
    certificates.push(certificate.value);
  }
  const [leaf] = certificates;
  if (leaf === undefined) return refuseFile("bad-signature", "the signature has no certificate");
  // Apple's tools still sign a SHA-1 checksum.
  const verified = await verifySignature({
    algorithm: { algorithm: oids.rsaEncryption, parameters: undefined },
    digest,
    spki: leaf.spki,
    signature: read.signature,
    data: read.compressedToc,
    allowSha1: weakDigests.includes(digest),
  });
  if (!verified.ok)
    return refuseFile("bad-signature", "the signature is not one of the certificate beside it");
  const commonName = commonNameOf(leaf);
  return ok({
    commonName,
    teamId: nameValue(leaf.subject, nameAttributes.OU) ?? null,
    expiresAt: leaf.notAfter,
    isDeveloperId: commonName.startsWith("Developer ID Installer"),
    chain: certificates.map(commonNameOf),
  });
}

const commonNameOf = (certificate: Certificate): string =>
  nameValue(certificate.subject, nameAttributes.CN) ?? certificate.subjectText;
