import { type Bytes, utf8 } from "../base/bytes.ts";
import { namedUuid } from "../base/named-uuid.ts";
import type { PlistInput, PlistReal } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import type { AcmeKeys } from "./acme-payload.ts";
import type { MdmKeys } from "./mdm-payload.ts";

/**
 * The profile that enrolls a device: certificates it must trust, an identity by SCEP or ACME, and the MDM payload, in
 * that order.
 * https://developer.apple.com/documentation/devicemanagement/scep
 *
 * Leaves to others: whether the keys are allowed (`mdm-payload.ts`), the challenge, and the signature.
 *
 * The surprise: identifiers and UUIDs decide between update and replacement. The profile's identifier and the MDM
 * payload's identifier and UUID never change, or the device would leave. The identity's UUID is new for each challenge, or
 * the device would keep its old key.
 */
export type ScepKeys = {
  URL: string;
  Challenge: string;
  /** SHA-1 of the authority's certificate, because devices accept no longer digest. A pin, in addition to TLS. */
  CAFingerprint?: Uint8Array;
  Name?: string;
  Subject?: readonly (readonly (readonly [string, string])[])[];
  SubjectAltName?: { readonly [key: string]: PlistInput };
  Keysize?: 2048 | 4096;
  "Key Usage"?: number;
  Retries?: number;
  RetryDelay?: number;
  KeyIsExtractable?: boolean;
  AllowAllAppsAccess?: boolean;
};

/** Other keys of the profile itself. */
export type ProfileKeys = {
  PayloadDisplayName: string;
  PayloadDescription?: string;
  PayloadOrganization?: string;
  ConsentText?: { readonly [language: string]: string };
  PayloadRemovalDisallowed?: boolean;
  RemovalDate?: Date;
  /** Seconds; the earlier of this and RemovalDate counts. */
  DurationUntilRemoval?: PlistReal;
  PayloadExpirationDate?: Date;
  TargetDeviceType?: number;
};

export type EnrollmentProfileInput = {
  identifier: string;
  profile: ProfileKeys;
  mdm: MdmKeys;
  /** PEM texts, each with the UUID that `certificateUuid` gives it. */
  certificates?: readonly string[];
  /** DER of our own authority, for devices that must trust it. */
  authority?: Uint8Array;
  /** Macs encrypt the FileVault recovery key to this certificate (DER) and show the text to a user who lost the key. */
  fileVaultEscrow?: { certificate: Uint8Array; location: string };
} & ({ scep: ScepKeys } | { acme: AcmeKeys });

/** The UUID of a certificate from the settings in every profile, for pinning. */
export const certificateUuid = (identifier: string, pem: string): Promise<string> =>
  namedUuid(identifier, "certificate", pem.trim());

/** The same input gives the same bytes. */
export async function buildEnrollmentProfile(input: EnrollmentProfileInput): Promise<Bytes> {
  const { identifier, profile } = input;
  const content = [
    ...(await Promise.all((input.certificates ?? []).map((pem) => pemPayload(identifier, pem)))),
    ...(input.authority ? [await rootPayload(identifier, input.authority)] : []),
    ...(input.fileVaultEscrow ? await escrowPayloads(identifier, input.fileVaultEscrow) : []),
    ...(await identityAndMdm(input)),
  ];
  const body = {
    ...profile,
    PayloadContent: content,
    PayloadIdentifier: identifier,
    PayloadScope: "System",
    PayloadType: "Configuration",
    PayloadVersion: 1,
  };
  const text = Buffer.from(writePlist(body)).toString("base64");
  return writePlist({ ...body, PayloadUUID: await namedUuid(identifier, "profile", text) });
}

type Payload = { readonly [key: string]: PlistInput | undefined };

const payload = (
  type: string,
  identifier: string,
  uuid: string,
  displayName: string,
  keys: Payload,
): Payload => ({
  ...keys,
  PayloadDisplayName: displayName,
  PayloadIdentifier: identifier,
  PayloadType: type,
  PayloadUUID: uuid,
  PayloadVersion: 1,
});

async function pemPayload(identifier: string, pem: string): Promise<Payload> {
  const uuid = await certificateUuid(identifier, pem);
  const name = `${identifier}.certificate.${uuid}`;
  return payload("com.apple.security.pem", name, uuid, "Trusted certificate", {
    PayloadContent: utf8(`${pem.trim()}\n`),
  });
}

async function rootPayload(identifier: string, der: Uint8Array): Promise<Payload> {
  const uuid = await namedUuid(identifier, "authority", Buffer.from(der).toString("base64"));
  return payload("com.apple.security.root", `${identifier}.authority`, uuid, "Identity authority", {
    PayloadContent: der,
  });
}

async function escrowPayloads(
  identifier: string,
  { certificate, location }: { certificate: Uint8Array; location: string },
): Promise<Payload[]> {
  const certificateId = await namedUuid(
    identifier,
    "escrow-certificate",
    Buffer.from(certificate).toString("base64"),
  );
  const escrowId = await namedUuid(identifier, "escrow");
  return [
    payload(
      "com.apple.security.pkcs1",
      `${identifier}.escrow-certificate`,
      certificateId,
      "Recovery key escrow certificate",
      { PayloadContent: certificate },
    ),
    payload(
      "com.apple.security.FDERecoveryKeyEscrow",
      `${identifier}.escrow`,
      escrowId,
      "Recovery key escrow",
      { EncryptCertPayloadUUID: certificateId, Location: location },
    ),
  ];
}

async function identityAndMdm(input: EnrollmentProfileInput): Promise<Payload[]> {
  const { identifier, mdm } = input;
  const secret = "acme" in input ? input.acme.ClientIdentifier : input.scep.Challenge;
  const identityUuid = await namedUuid(identifier, "identity", secret);
  const identity = (type: string, keys: Payload): Payload =>
    payload(type, `${identifier}.identity`, identityUuid, "Device identity", keys);
  const scepDefaults = { Keysize: 2048, "Key Type": "RSA", "Key Usage": 5, KeyIsExtractable: false };
  return [
    "acme" in input
      ? identity("com.apple.security.acme", input.acme as Payload)
      : identity("com.apple.security.scep", {
          PayloadContent: { ...scepDefaults, ...input.scep } as Payload,
        }),
    payload("com.apple.mdm", `${identifier}.mdm`, await namedUuid(identifier, "mdm"), "Device management", {
      ...mdm,
      IdentityCertificateUUID: identityUuid,
    }),
  ];
}
