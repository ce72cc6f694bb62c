import { type Bytes, fromBase64, toBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import type { KeyPair } from "../pki/keys.ts";
import { toPem } from "../pki/pem.ts";
import { signingKey } from "../pki/signature.ts";
import { readPlist } from "../plist/read.ts";
import { writePlist } from "../plist/write.ts";

/**
 * What is uploaded at https://identity.apple.com/pushcert: a certification request that an MDM vendor has signed, as a
 * property list in base64.
 * https://developer.apple.com/documentation/devicemanagement/setting-up-push-notifications-for-your-mdm-customers
 *
 * Leaves to others: where keys come from and are kept, and whether the vendor's certificate is one of Apple's.
 *
 * The surprise: the whole property list is encoded in base64 again, and Apple reads the vendor's chain as PEM text.
 */
export type RequestSubject = {
  /** The Apple Account that it is for, or the responsible person. */
  email: string;
  commonName: string;
  /** Two letters. */
  country: string;
};

export async function buildPushCsr(
  keys: KeyPair,
  { email, commonName, country }: RequestSubject,
): Promise<Bytes> {
  const { buildRequest } = await import("../pki/libraries/request.ts");
  return buildRequest({ C: country, CN: commonName, emailAddress: email }, keys);
}

/** The vendor, who may sign requests: an "MDM CSR" certificate from Apple, its RSA key, and its chain, root last. */
export type Vendor = { chain: readonly Certificate[]; pkcs8: Bytes };

/** The file for Apple's portal. */
export async function signForPortal(csr: Bytes, { chain, pkcs8 }: Vendor): Promise<string> {
  const key = await signingKey(pkcs8, "SHA-256");
  return toBase64(
    writePlist({
      PushCertCertificateChain: chain.map(({ der }) => toPem("CERTIFICATE", der)).join(""),
      PushCertRequestCSR: toBase64(csr),
      PushCertSignature: toBase64(await key.sign(csr)),
    }),
  );
}

export type PortalFile = { csr: Bytes; chainPem: string; signature: Bytes };

/** Reads the file for the portal, to check that it is the right one. */
export function readPortalFile(text: string): Result<PortalFile, { reason: "malformed"; detail: string }> {
  const bytes = fromBase64(text);
  if (bytes === undefined || bytes.length === 0) return malformed("it is not base64");
  const plist = readPlist(bytes);
  if (!plist.ok || !(plist.value instanceof Map))
    return malformed("its base64 does not contain a property list");
  const csr = bytesIn(plist.value.get("PushCertRequestCSR"));
  const signature = bytesIn(plist.value.get("PushCertSignature"));
  const chainPem = plist.value.get("PushCertCertificateChain");
  if (csr === undefined || signature === undefined || typeof chainPem !== "string")
    return malformed(
      "its property list lacks PushCertRequestCSR, PushCertSignature or PushCertCertificateChain",
    );
  return ok({ csr, chainPem, signature });
}

const bytesIn = (value: unknown): Bytes | undefined =>
  typeof value === "string" ? fromBase64(value) : undefined;

const malformed = (detail: string) => refuse({ reason: "malformed" as const, detail });
