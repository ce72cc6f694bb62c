import { pointerTo } from "../catalog/finding.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { type ProfileFinding, rule } from "./findings.ts";
import { certificateTypes, identityTypes, membersWithin, type Payload, payloadsOf } from "./payloads.ts";

/**
 * Payloads that refer to another payload of the same profile by its PayloadUUID: it must exist and be of the right kind.
 */
type Kind = { types: readonly string[]; called: string };

const identity: Kind = {
  types: identityTypes,
  called: "an identity (PKCS #12, SCEP, ACME or AD certificate)",
};
const certificate: Kind = { types: certificateTypes, called: "a certificate (root, pkcs1 or pem)" };
const either: Kind = { types: [...certificateTypes, ...identityTypes], called: "a certificate or identity" };
const issuedIdentity: Kind = {
  types: identityTypes.slice(0, 3),
  called: "an identity (PKCS #12, SCEP or ACME)",
};
const bareCertificate: Kind = { types: ["com.apple.security.pkcs1"], called: "a com.apple.security.pkcs1" };

/** By the name of the key at any place; the first row that matches both type and key is used. */
const references: readonly { key: RegExp; type?: RegExp; kind: Kind }[] = [
  { key: /^IdentityCertificateUUID$/, kind: issuedIdentity },
  { key: /^EncryptCertPayloadUUID$/, type: /FDERecoveryKeyEscrow$/, kind: bareCertificate },
  { key: /^PayloadCertificateUUID$/, type: /FileVault2$|certificatepreference$/, kind: either },
  { key: /^(Resource)?PayloadCertificateUUID$/, kind: identity },
  { key: /^(SMIME(Signing|Encryption)|Authentication|Device|Controller)CertificateUUID$/, kind: identity },
  { key: /^certificateUUID$/, type: /^com\.apple\.extensiblesso$/, kind: identity },
  { key: /^AccessKeyTerminalIdentityUUID$/, kind: identity },
  { key: /^AccessKeyReaderIssuerCertificateUUID$/, kind: certificate },
  { key: /^(Leader|Member)?PayloadCertificateAnchorUUID$/, kind: certificate },
  { key: /^(Device|Controller)CACertificateUUIDs$/, kind: certificate },
  { key: /(Certificate|CertPayload|CertificateAnchor)UUIDs?$/, kind: either },
];

export function* referenceFindings(profile: PlistDict): Generator<ProfileFinding> {
  const payloads = payloadsOf(profile);
  for (const { dict, type, pointer } of payloads) {
    // Pins of the server's certificate have their own rules (`mdm-payload.ts`).
    const isMdm = type === "com.apple.mdm";
    for (const { key, value, pointer: place } of membersWithin(dict, pointer)) {
      if (isMdm && key.endsWith("PinningCertificateUUIDs")) continue;
      const row = references.find((one) => one.key.test(key) && (one.type?.test(type) ?? true));
      if (row) yield* referred(value, place, row.kind, payloads);
    }
  }
}

function* referred(
  value: PlistValue,
  pointer: string,
  { types, called }: Kind,
  payloads: readonly Payload[],
): Generator<ProfileFinding> {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries())
      yield* referred(one, pointerTo(pointer, at), { types, called }, payloads);
    return;
  }
  if (typeof value !== "string" || value === "") return;
  const found = payloads.find(({ uuid }) => uuid === value);
  if (!found)
    yield rule("unknown-reference", pointer, `no payload in this profile has the PayloadUUID ${value}`);
  else if (!types.includes(found.type))
    yield rule("wrong-reference-kind", pointer, `${value} is a ${found.type}; it must be ${called}`);
}
