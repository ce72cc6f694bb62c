/**
 * The payload that has a device get its identity by ACME: a key in the Secure Enclave, and Apple's word for it.
 * https://developer.apple.com/documentation/devicemanagement/acmecertificate
 *
 * The surprise: the flags of the key's usage go into the request as they are, also where they are left out. So they
 * are always there.
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
