/**
 * Stands in for Apple's factory: gives a device the key and certificate that it signs machine info with. As those of real
 * devices are, the certificates are out of date.
 */
import { certify, extension, type Issuer, newSubAuthority, testRoot } from "./attester.ts";
import { type Identity, keyUsageBits, readCertificate } from "./certificate.ts";
import { type Bytes, bits } from "./der.ts";
import { newKey } from "./keys.ts";
import { oids } from "./oids.ts";

const year = 365 * 86_400_000;

export type FactoryIdentity = Identity & {
  /** The authorities above it, which travel along. */
  above: readonly Bytes[];
};

/** `root`: another one than the one that a server under test believes. */
export async function factoryIdentity(
  serial: string,
  now = Date.now(),
  root: Issuer = testRoot,
): Promise<FactoryIdentity> {
  const issuer = await newSubAuthority(now - 19 * year, root, 7 * year);
  const key = await newKey("P-256");
  const certificate = certify({
    issuer,
    subject: serial,
    spki: key.spki,
    notBefore: now - 3 * year,
    notAfter: now - year,
    extensions: [extension(oids.keyUsage, bits(new Uint8Array([keyUsageBits.digitalSignature]), 7), true)],
  });
  return { key, certificate, above: [issuer.certificate] };
}

/** A root that calls itself like the one of tests. */
export async function strangeRoot(): Promise<Issuer> {
  const key = await newKey("P-384");
  const { notBefore, notAfter } = { notBefore: Date.now() - year, notAfter: Date.now() + year };
  const certificate = certify({
    issuer: { ...testRoot, key },
    subject: readCertificate(testRoot.certificate).commonName ?? "root",
    spki: key.spki,
    notBefore,
    notAfter,
    extensions: [],
  });
  return { key, certificate };
}
