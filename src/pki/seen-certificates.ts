import type { Bytes } from "../base/bytes.ts";
import type { Certificate } from "./certificate.ts";
import { fingerprint, readCertificate } from "./parse-certificate.ts";

// Certificates that were read lately, by their bytes: a device shows the same one with every message, and reading it
// costs as much as checking its signature. The oldest go first; what is large for a certificate is not kept.

const most = 500;
const largest = 4 * 1024;
const seen = new Map<string, Certificate>();
const names = new WeakMap<Certificate, string>();

/** Throws Malformed. */
export function readSeenCertificate(der: Bytes): Certificate {
  if (der.length > largest) return readCertificate(der);
  const spelled = Buffer.from(der.buffer, der.byteOffset, der.length).toString("latin1");
  const known = seen.get(spelled);
  if (known !== undefined) return known;
  // A copy: what is kept must not hold on to the message that it came in.
  const certificate = readCertificate(new Uint8Array(der));
  for (const oldest of seen.keys()) {
    if (seen.size < most) break;
    seen.delete(oldest);
  }
  seen.set(spelled, certificate);
  return certificate;
}

/** The name of a certificate, worked out once. */
export async function fingerprintOf(certificate: Certificate): Promise<string> {
  const known = names.get(certificate);
  if (known !== undefined) return known;
  const name = await fingerprint(certificate.der);
  names.set(certificate, name);
  return name;
}
