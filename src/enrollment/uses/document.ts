import { directoryUrl } from "../../acme/resources.ts";
import type { Json } from "../../declarations/canonical-json.ts";
import type { UseOffer } from "./terms.ts";

/**
 * The document of an asset of the type com.apple.asset.credential.acme, for one device. The server decides the names in the
 * certificate by itself; those here only tell the device.
 * https://developer.apple.com/documentation/devicemanagement/acmecredential
 */
export function documentOf(
  { terms, attestation }: UseOffer,
  origin: string,
  identifier: string,
): { [key: string]: Json } {
  const { name, key, organization, commonName, altNames } = terms;
  const isAttested = attestation !== "none";
  const alternative = Object.fromEntries(altNames.map(({ kind, value }) => [appleKeys[kind], value]));
  return {
    DirectoryURL: directoryUrl(origin, name),
    ClientIdentifier: identifier,
    ...(key === "RSA-2048"
      ? { KeyType: "RSA", KeySize: 2048 }
      : { KeyType: "ECSECPrimeRandom", KeySize: key === "P-256" ? 256 : 384 }),
    HardwareBound: isAttested,
    Attest: isAttested,
    Subject: [[["O", organization]], [["CN", commonName]]],
    ...(altNames.length > 0 && { SubjectAltName: alternative }),
    // Digital signature; an RSA key can also be encrypted to.
    UsageFlags: key === "RSA-2048" ? 5 : 1,
    ExtendedKeyUsage: [clientAuth],
  };
}

const clientAuth = "1.3.6.1.5.5.7.3.2";

const appleKeys = {
  email: "rfc822Name",
  dns: "dNSName",
  uri: "uniformResourceIdentifier",
  upn: "ntPrincipalName",
} as const;
