import type { Finding, FindingCode } from "../catalog/finding.ts";

/** One finding about a profile: where, by which rule, what was found, and what to do. */
export type ProfileFinding = Omit<Finding, "code"> & { code: ProfileRule | FindingCode; remedy: string };

type Rule = { level: "error" | "warning"; remedy: string };

/** The only list of the rules that are not in Apple's schema, with their levels and remedies. */
export const profileRules = {
  // the profile itself
  "empty-identifier": {
    level: "error",
    remedy: "Give it a name in reverse-DNS form, such as com.example.wifi.",
  },
  "unusual-identifier": {
    level: "warning",
    remedy: "Use letters, digits, dots and hyphens: com.example.wifi.",
  },
  "empty-uuid": { level: "error", remedy: "Give it its own UUID; uuidgen makes one." },
  "unusual-uuid": {
    level: "warning",
    remedy: "Use the usual form of a UUID: 8-4-4-4-12 letters and digits.",
  },
  "variable-in-identity": {
    level: "error",
    remedy:
      "Write it without a variable: devices identify profiles and payloads by it, so it must be the same for all.",
  },
  "missing-content": {
    level: "error",
    remedy: "Add PayloadContent with at least one payload, or IsEncrypted with EncryptedPayloadContent.",
  },
  "content-beside-encrypted": {
    level: "error",
    remedy: "Keep only one: PayloadContent, or IsEncrypted with its content.",
  },
  "missing-encrypted-content": {
    level: "error",
    remedy: "Add EncryptedPayloadContent, or remove IsEncrypted and add PayloadContent.",
  },
  "not-marked-encrypted": {
    level: "error",
    remedy: "Set IsEncrypted to true, or use PayloadContent instead.",
  },
  "bad-encrypted-content": {
    level: "error",
    remedy:
      "Encrypt the payloads as CMS EnvelopedData in DER, or let this server encrypt them (?encrypt=true).",
  },
  "encrypted-for-one": {
    level: "warning",
    remedy:
      "Upload it unencrypted with ?encrypt=true: each device then gets it encrypted to its own identity.",
  },
  "bad-language": {
    level: "warning",
    remedy: "Use BCP 47 names such as en or pt-BR, and `default` for all others.",
  },
  "no-default-language": {
    level: "warning",
    remedy: "Add the key `default`, for people who speak none of the other languages.",
  },
  "consent-over-mdm": {
    level: "warning",
    remedy: "Leave ConsentText out: MDM asks nobody. It is for profiles that people install by hand.",
  },
  "removal-date-past": { level: "warning", remedy: "Choose a RemovalDate in the future, or leave it out." },
  "bad-duration": { level: "error", remedy: "Give DurationUntilRemoval in seconds, more than 0." },
  "two-removal-times": {
    level: "warning",
    remedy: "Keep only RemovalDate or DurationUntilRemoval: the earlier of the two counts.",
  },
  expired: { level: "warning", remedy: "Choose a PayloadExpirationDate in the future, or leave it out." },
  "removal-password-missing": {
    level: "error",
    remedy: "Add a com.apple.profileRemovalPassword payload, or remove HasRemovalPasscode.",
  },
  "removal-password-unannounced": { level: "warning", remedy: "Also set HasRemovalPasscode to true." },
  // its payloads with each other
  "duplicate-identifier": {
    level: "error",
    remedy: "Give each payload of a profile its own PayloadIdentifier.",
  },
  "duplicate-uuid": {
    level: "error",
    remedy: "Give each payload its own PayloadUUID; uuidgen makes one.",
  },
  "reserved-key": {
    level: "warning",
    remedy: "Rename the preference: keys that begin with Payload belong to profiles.",
  },
  "unknown-reference": {
    level: "error",
    remedy: "Use the PayloadUUID of a payload in this profile, or add that payload.",
  },
  "wrong-reference-kind": {
    level: "error",
    remedy: "Use the PayloadUUID of a payload of the right kind.",
  },
  "platform-conflict": {
    level: "warning",
    remedy: "Make a profile for each platform: no device takes all payloads of this one.",
  },
  "target-conflict": {
    level: "warning",
    remedy: "Choose the TargetDeviceType that has these payloads, or remove the payload.",
  },
  "scope-conflict": {
    level: "error",
    remedy:
      "Put payloads for users into a profile with PayloadScope User, and those for the Mac into one with System.",
  },
  "not-over-mdm": { level: "error", remedy: "Remove the payload: devices refuse it from MDM." },
  "mdm-in-library": {
    level: "error",
    remedy:
      "Use /api/v1/enrollment/settings: the server makes enrollment profiles from these, one for each enrollment.",
  },
  // certificates and identities
  "bad-certificate": {
    level: "error",
    remedy: "Give DER of one X.509 certificate (root, pkcs1), or PEM text of certificates (pem).",
  },
  "not-an-authority": {
    level: "warning",
    remedy: "Use a certificate whose basicConstraints have cA, or the payload type com.apple.security.pkcs1.",
  },
  "expired-certificate": { level: "warning", remedy: "Replace it with the certificate's successor." },
  "bad-pkcs12": {
    level: "error",
    remedy: "Export one identity, a key with its certificate, as PKCS #12, and add its Password.",
  },
  "no-pkcs12-password": {
    level: "warning",
    remedy: "Add Password: without it the device would ask a person, which MDM cannot do.",
  },
  "bad-url": {
    level: "error",
    remedy: "Give a complete URL; if the schema says so, one that begins with https://.",
  },
  "weak-key": { level: "warning", remedy: "Set Keysize to 2048 or 4096: without it devices make 1024 bits." },
  "bad-subject": {
    level: "error",
    remedy: "Write attributes as dotted OIDs, or as C, L, ST, O, OU or CN.",
  },
  "bad-key-size": {
    level: "error",
    remedy: "RSA keys have 1024 to 4096 bits in steps of 8; elliptic keys have 192, 256, 384 or 521.",
  },
  "not-hardware-bound": {
    level: "error",
    remedy: "Hardware supports only keys of KeyType ECSECPrimeRandom with 256 or 384 bits.",
  },
  "attest-needs-hardware": { level: "error", remedy: "Set HardwareBound to true, or Attest to false." },
  // the MDM payload
  "bad-topic": { level: "error", remedy: "Use the UID of the push certificate's subject." },
  "bad-access-rights": {
    level: "error",
    remedy: "Use a sum of rights from 1 to 8191; 2 needs 1, and 128 needs 64. 8191 means all.",
  },
  "rights-in-user-enrollment": { level: "error", remedy: "Leave AccessRights out of user enrollments." },
  "removal-in-user-enrollment": {
    level: "error",
    remedy: "Leave PayloadRemovalDisallowed out: people can always end a user enrollment.",
  },
  "bad-enrollment-mode": {
    level: "error",
    remedy: "Account-driven enrollment needs EnrollmentMode, BYOD or ADDE, and AssignedManagedAppleID.",
  },
  "bad-capability": { level: "error", remedy: "List only capabilities that Apple names, each once." },
  "no-user-connections": {
    level: "warning",
    remedy: "Add com.apple.mdm.per-user-connections to ServerCapabilities: Macs and Shared iPads need it.",
  },
  "development-push": {
    level: "warning",
    remedy: "Leave UseDevelopmentAPNS out: push certificates for MDM are for production.",
  },
  "bad-pin": { level: "error", remedy: "Use the PayloadUUID of a certificate payload in this profile." },
  // variables
  "unknown-variable": {
    level: "error",
    remedy:
      "Use a variable that exists, such as {{device.serial_number}}; write {{{{ for two literal braces.",
  },
  "unclosed-variable": {
    level: "warning",
    remedy: "Close it with }}, or write {{{{ for two literal braces.",
  },
  "missing-variable": {
    level: "error",
    remedy: "Give the device that value (PATCH its attributes), or remove the variable.",
  },
  "scope-channel": {
    level: "warning",
    remedy:
      "Give profiles with PayloadScope System to device channels, and those with User to user channels.",
  },
} as const satisfies Record<string, Rule>;

export type ProfileRule = keyof typeof profileRules;

/** Remedies for the findings of the catalogue. */
export const catalogRemedies: Record<FindingCode, string> = {
  "wrong-type": "Give a value of the named type.",
  "missing-key": "Add the key.",
  "out-of-range": "Choose a value in the range.",
  "not-in-list": "Choose one of the named values.",
  "bad-format": "Give the text the named form.",
  "wrong-count": "Give the named number of elements.",
  "one-of": "Give one of the named keys.",
  "needs-key": "Add the key.",
  "too-deep": "Nest it less deeply.",
  "too-large": "Split the profile.",
  "too-many-findings": "Correct the first ones and check again.",
  "forbidden-by-access-rights": "The device would have to enroll again with that right.",
  "forbidden-in-user-enrollment": "Leave it out for devices that belong to their users.",
  "unknown-type": "Check the name for a typing error; a type from another vendor is delivered unchanged.",
  "unknown-key":
    "Check the name for a typing error; a key that is newer than the catalogue is delivered unchanged.",
  "not-on-platform": "Leave it out for this platform.",
  "os-too-old": "Give it to devices with a newer system.",
  deprecated: "See Apple's documentation for its replacement.",
  removed: "Leave it out; see Apple's documentation for its replacement.",
  "needs-supervision": "Supervise the device, or leave it out.",
  "needs-automated-enrollment": "Enroll the device automatically, or leave it out.",
  "needs-access-right": "The device would have to enroll again with that right.",
  "wrong-channel": "Give it to the other channel.",
  "wrong-enrollment": "Leave it out for this kind of enrollment.",
  "ignored-here": "Nothing, or leave it out: the device ignores it.",
  "shared-ipad": "Leave it out for this kind of iPad.",
  "only-one-allowed": "Join them into one payload.",
  "not-provisioned": "Add the device to the provisioning profile at Apple, and upload it again.",
};

export const rule = (code: ProfileRule, pointer: string, detail: string): ProfileFinding => ({
  ...profileRules[code],
  pointer,
  code,
  detail,
});

export const withRemedy = (finding: Finding): ProfileFinding => ({
  ...finding,
  remedy: finding.suggestion
    ? `Perhaps ${JSON.stringify(finding.suggestion)} is meant. ${catalogRemedies[finding.code]}`
    : catalogRemedies[finding.code],
});
