import type { Finding, FindingCode } from "../catalog/finding.ts";

/** One thing to say of a profile: where, by which rule, what was found, and what to do. */
export type ProfileFinding = Omit<Finding, "code"> & { code: ProfileRule | FindingCode; remedy: string };

type Rule = { level: "error" | "warning"; remedy: string };

/** Every rule that Apple's schema does not state: how much it matters, and what to do about it. The one list. */
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
  "empty-uuid": { level: "error", remedy: "Give it a UUID of its own; uuidgen makes one." },
  "unusual-uuid": {
    level: "warning",
    remedy: "Use the customary form of a UUID: 8-4-4-4-12 letters and digits.",
  },
  "variable-in-identity": {
    level: "error",
    remedy: "Write it out: devices tell profiles and payloads apart by it, and all must be told alike.",
  },
  "missing-content": {
    level: "error",
    remedy: "Add PayloadContent with at least one payload, or IsEncrypted with EncryptedPayloadContent.",
  },
  "content-beside-encrypted": {
    level: "error",
    remedy: "Keep one: PayloadContent, or IsEncrypted with its content.",
  },
  "missing-encrypted-content": {
    level: "error",
    remedy: "Add EncryptedPayloadContent, or take IsEncrypted away and give PayloadContent.",
  },
  "not-marked-encrypted": {
    level: "error",
    remedy: "Set IsEncrypted to true, or give PayloadContent instead.",
  },
  "bad-encrypted-content": {
    level: "error",
    remedy:
      "Encrypt the payloads as DER of CMS EnvelopedData, or have this server encrypt them (?encrypt=true).",
  },
  "encrypted-for-one": {
    level: "warning",
    remedy:
      "Upload it unencrypted with ?encrypt=true: each device then gets it encrypted to its own identity.",
  },
  "bad-language": {
    level: "warning",
    remedy: "Use BCP 47 names such as en or pt-BR, and `default` for the rest.",
  },
  "no-default-language": {
    level: "warning",
    remedy: "Add the key `default`, which people see who speak none of the others.",
  },
  "consent-over-mdm": {
    level: "warning",
    remedy:
      "Leave ConsentText out of what MDM installs, where nobody is asked; it is for installing by hand.",
  },
  "removal-date-past": { level: "warning", remedy: "Choose a RemovalDate in the future, or leave it out." },
  "bad-duration": { level: "error", remedy: "Give DurationUntilRemoval in seconds, more than 0." },
  "two-removal-times": {
    level: "warning",
    remedy: "Keep RemovalDate or DurationUntilRemoval: of two, the earlier one counts.",
  },
  expired: { level: "warning", remedy: "Choose a PayloadExpirationDate in the future, or leave it out." },
  "removal-password-missing": {
    level: "error",
    remedy: "Add a com.apple.profileRemovalPassword payload, or take HasRemovalPasscode away.",
  },
  "removal-password-unannounced": { level: "warning", remedy: "Set HasRemovalPasscode to true beside it." },
  // its payloads, one with another
  "duplicate-identifier": {
    level: "error",
    remedy: "Give each payload of a profile a PayloadIdentifier of its own.",
  },
  "duplicate-uuid": {
    level: "error",
    remedy: "Give each payload a PayloadUUID of its own; uuidgen makes one.",
  },
  "reserved-key": {
    level: "warning",
    remedy: "Name the preference otherwise: keys that begin with Payload belong to profiles.",
  },
  "unknown-reference": {
    level: "error",
    remedy: "Name the PayloadUUID of a payload in this profile, and put that payload in.",
  },
  "wrong-reference-kind": {
    level: "error",
    remedy: "Name the PayloadUUID of a payload of the kind that is wanted.",
  },
  "platform-conflict": {
    level: "warning",
    remedy: "Make a profile for each platform: no device takes all payloads of this one.",
  },
  "target-conflict": {
    level: "warning",
    remedy: "Choose the TargetDeviceType that has these payloads, or take the payload out.",
  },
  "scope-conflict": {
    level: "error",
    remedy:
      "Put payloads for people into a profile of PayloadScope User, those for the Mac into one of System.",
  },
  "not-over-mdm": { level: "error", remedy: "Take the payload out: devices refuse it from MDM." },
  "mdm-in-library": {
    level: "error",
    remedy: "Use /api/v1/enrollment/settings: enrollment profiles are made there, one for each enrollment.",
  },
  // certificates and identities
  "bad-certificate": {
    level: "error",
    remedy: "Give DER of one X.509 certificate (root, pkcs1), or PEM text of certificates (pem).",
  },
  "not-an-authority": {
    level: "warning",
    remedy: "Use a certificate whose basicConstraints say cA, or the payload type com.apple.security.pkcs1.",
  },
  "expired-certificate": { level: "warning", remedy: "Put in the certificate's successor." },
  "bad-pkcs12": {
    level: "error",
    remedy: "Export one identity, its key with its certificate, as PKCS #12, and give its Password.",
  },
  "no-pkcs12-password": {
    level: "warning",
    remedy: "Add Password: without it the person is asked, and MDM has nobody to ask.",
  },
  "bad-url": {
    level: "error",
    remedy: "Give a whole URL; where the schema says so, one that begins with https://.",
  },
  "weak-key": { level: "warning", remedy: "Set Keysize to 2048 or 4096: without it devices make 1024 bits." },
  "bad-subject": {
    level: "error",
    remedy: "Name attributes by dotted OIDs, or by C, L, ST, O, OU or CN.",
  },
  "bad-key-size": {
    level: "error",
    remedy: "RSA keys have 1024 to 4096 bits in steps of 8; elliptic ones 192, 256, 384 or 521.",
  },
  "not-hardware-bound": {
    level: "error",
    remedy: "Hardware holds keys of KeyType ECSECPrimeRandom with 256 or 384 bits, and no others.",
  },
  "attest-needs-hardware": { level: "error", remedy: "Set HardwareBound to true, or Attest to false." },
  // the MDM payload
  "bad-topic": { level: "error", remedy: "Use the UID of the push certificate's subject." },
  "bad-access-rights": {
    level: "error",
    remedy: "Sum up rights from 1 to 8191; 2 needs 1 and 128 needs 64. 8191 are all.",
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
  "bad-capability": { level: "error", remedy: "List each capability once, of those that Apple names." },
  "no-user-connections": {
    level: "warning",
    remedy: "Add com.apple.mdm.per-user-connections to ServerCapabilities: Macs and Shared iPads need it.",
  },
  "development-push": {
    level: "warning",
    remedy: "Leave UseDevelopmentAPNS out: push certificates for MDM are for production.",
  },
  "bad-pin": { level: "error", remedy: "Name the PayloadUUID of a certificate payload in this profile." },
  // variables
  "unknown-variable": {
    level: "error",
    remedy: "Use a variable that exists, such as {{device.serial_number}}; write {{{{ for two braces.",
  },
  "unclosed-variable": { level: "warning", remedy: "Close it with }}, or write {{{{ for two braces." },
  "missing-variable": {
    level: "error",
    remedy: "Give the device that value (attributes by PATCH), or leave the variable out.",
  },
  "scope-channel": {
    level: "warning",
    remedy: "Give profiles of PayloadScope System to device channels, those of User to user channels.",
  },
} as const satisfies Record<string, Rule>;

export type ProfileRule = keyof typeof profileRules;

/** What to do about what the catalogue finds. */
export const catalogRemedies: Record<FindingCode, string> = {
  "wrong-type": "Give a value of the type that is named.",
  "missing-key": "Add the key.",
  "out-of-range": "Choose a value in the range.",
  "not-in-list": "Choose one of the values that are named.",
  "bad-format": "Give the text the form that is named.",
  "wrong-count": "Give as many elements as are named.",
  "one-of": "Give one of the keys that are named.",
  "needs-key": "Add the key.",
  "too-deep": "Nest it less deeply.",
  "too-large": "Split the profile.",
  "too-many-findings": "Mend the first ones, and look again.",
  "forbidden-by-access-rights": "The enrollment would have to be made anew with that right.",
  "unknown-type": "Look for a slip in the name; a type of some other maker is delivered as it is.",
  "unknown-key": "Look for a slip in the name; a key that is newer than the catalogue is delivered as it is.",
  "not-on-platform": "Leave it out for this platform.",
  "os-too-old": "Give it to devices with a newer system.",
  deprecated: "Look in Apple's documentation for what took its place.",
  removed: "Leave it out; look in Apple's documentation for what took its place.",
  "needs-supervision": "Supervise the device, or leave it out.",
  "needs-automated-enrollment": "Enroll the device automatically, or leave it out.",
  "needs-access-right": "The enrollment would have to be made anew with that right.",
  "wrong-channel": "Give it to the other channel.",
  "wrong-enrollment": "Leave it out for this kind of enrollment.",
  "ignored-here": "Nothing, or leave it out: the device passes over it.",
  "shared-ipad": "Leave it out for this kind of iPad.",
  "only-one-allowed": "Join them into one payload.",
  "not-provisioned": "Add the device to the provisioning profile at Apple, and upload it anew.",
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
