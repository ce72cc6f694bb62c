/**
 * The payload that makes a device get its identity by ACME: a key in the Secure Enclave, attested by Apple.
 * https://developer.apple.com/documentation/devicemanagement/acmecertificate
 *
 * The surprise: the flags of the key usage go into the request unchanged, and missing flags too. So they are always set.
 */
export type AcmeKeys = {
  DirectoryURL: string;
  ClientIdentifier: string;
  KeyType: "ECSECPrimeRandom";
  KeySize: 256 | 384;
  HardwareBound: true;
  Attest: true;
  Subject: readonly (readonly (readonly [string, string])[])[];
  UsageFlags: 1;
};

export const acmeKeys = (
  given: Pick<AcmeKeys, "DirectoryURL" | "ClientIdentifier" | "Subject">,
): AcmeKeys => ({
  ...given,
  KeyType: "ECSECPrimeRandom",
  KeySize: 384,
  HardwareBound: true,
  Attest: true,
  UsageFlags: 1,
});
