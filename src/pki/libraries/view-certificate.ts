import { type Bytes, toHex } from "../../base/bytes.ts";
import { causeMessage } from "../../base/cause.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { type KeyUsage, keyUsages } from "../certificate.ts";
import type { MalformedRefusal } from "../der/malformed.ts";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  X509Certificate,
} from "./x509.ts";

// Certificates that people hand in, looked at before anything is kept of them. The devices' own path reads them once
// more with its own reader, so what that one does not read is refused before it comes here.

export type CertificateView = {
  /** SHA-256 of the DER, in lower-case hex. */
  fingerprint: string;
  isAuthority: boolean;
  /** undefined: the certificate does not say. */
  usages: ReadonlySet<KeyUsage> | undefined;
  /** The OIDs of its extended key usage; undefined: the certificate does not say. */
  purposes: readonly string[] | undefined;
  key: { kind: "rsa"; bits: number } | { kind: "ec"; curve: string } | { kind: "other"; name: string };
  /** Only the signature and the names count: not the age, nor what either may be used for. */
  isIssuedBy(above: CertificateView, options?: { allowSha1?: boolean }): Promise<boolean>;
};

const read = new WeakMap<CertificateView, X509Certificate>();

export async function viewCertificate(der: Bytes): Promise<Result<CertificateView, MalformedRefusal>> {
  try {
    return ok(await viewOf(new X509Certificate(der)));
  } catch (fault) {
    return refuse({ reason: "malformed", detail: causeMessage(fault).slice(0, 300) });
  }
}

async function viewOf(certificate: X509Certificate): Promise<CertificateView> {
  const view: CertificateView = {
    fingerprint: toHex(new Uint8Array(await certificate.getThumbprint("SHA-256"))),
    isAuthority: certificate.getExtension(BasicConstraintsExtension)?.ca ?? false,
    usages: usagesOf(certificate.getExtension(KeyUsagesExtension)),
    purposes: certificate.getExtension(ExtendedKeyUsageExtension)?.usages.map(String),
    key: keyOf(certificate),
    isIssuedBy: (above, options) => isIssuedBy(certificate, read.get(above), options),
  };
  read.set(view, certificate);
  return view;
}

// The flags stand in the order of RFC 5280 section 4.2.1.3.
const usagesOf = (extension: KeyUsagesExtension | null): ReadonlySet<KeyUsage> | undefined =>
  extension === null
    ? undefined
    : new Set(keyUsages.filter((_, index) => (extension.usages & (1 << index)) !== 0));

function keyOf({ publicKey: { algorithm } }: X509Certificate): CertificateView["key"] {
  if ("modulusLength" in algorithm) return { kind: "rsa", bits: Number(algorithm.modulusLength) };
  if ("namedCurve" in algorithm) return { kind: "ec", curve: String(algorithm.namedCurve) };
  return { kind: "other", name: algorithm.name };
}

async function isIssuedBy(
  certificate: X509Certificate,
  above: X509Certificate | undefined,
  { allowSha1 = false } = {},
): Promise<boolean> {
  if (above === undefined || !sameName(certificate.issuerName, above.subjectName)) return false;
  const { hash } = certificate.signatureAlgorithm;
  if (hash.name === "SHA-1" && !allowSha1) return false;
  try {
    return await certificate.verify({ publicKey: above.publicKey, signatureOnly: true });
  } catch {
    // A signature that does not fit the key at all.
    return false;
  }
}

type Name = X509Certificate["issuerName"];

const sameName = (one: Name, other: Name): boolean =>
  Buffer.compare(new Uint8Array(one.toArrayBuffer()), new Uint8Array(other.toArrayBuffer())) === 0;
