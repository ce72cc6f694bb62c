import type { Finding, FindingCode } from "../catalog/finding.ts";

/** One thing to say of a profile: where, by which rule, what was found, and what to do. */
export type ProfileFinding = Omit<Finding, "code"> & { code: ProfileRule | FindingCode; remedy: string };

type Rule = { level: "error" | "warning"; remedy: string };

/** Every rule that Apple's schema does not state: how much it matters, and what to do about it. The one list. */
export const profileRules = {
  // the profile itself
  empty_identifier: {
    level: "error",
    remedy: "Give it a name in reverse-DNS form, such as com.example.wifi.",
  },
  unusual_identifier: {
    level: "warning",
    remedy: "Use letters, digits, dots and hyphens: com.example.wifi.",
  },
  empty_uuid: { level: "error", remedy: "Give it a UUID of its own; uuidgen makes one." },
  unusual_uuid: {
    level: "warning",
    remedy: "Use the customary form of a UUID: 8-4-4-4-12 letters and digits.",
  },
  variable_in_identity: {
    level: "error",
    remedy: "Write it out: devices tell profiles and payloads apart by it, and all must be told alike.",
  },
  missing_content: {
    level: "error",
    remedy: "Add PayloadContent with at least one payload, or IsEncrypted with EncryptedPayloadContent.",
  },
  content_beside_encrypted: {
    level: "error",
    remedy: "Keep one: PayloadContent, or IsEncrypted with its content.",
  },
  missing_encrypted_content: {
    level: "error",
    remedy: "Add EncryptedPayloadContent, or take IsEncrypted away and give PayloadContent.",
  },
  not_marked_encrypted: {
    level: "error",
    remedy: "Set IsEncrypted to true, or give PayloadContent instead.",
  },
  bad_encrypted_content: {
    level: "error",
    remedy:
      "Encrypt the payloads as DER of CMS EnvelopedData, or have this server encrypt them (?encrypt=true).",
  },
  encrypted_for_one: {
    level: "warning",
    remedy:
      "Upload it unencrypted with ?encrypt=true: each device then gets it encrypted to its own identity.",
  },
  bad_language: {
    level: "warning",
    remedy: "Use BCP 47 names such as en or pt-BR, and `default` for the rest.",
  },
  no_default_language: {
    level: "warning",
    remedy: "Add the key `default`, which people see who speak none of the others.",
  },
  consent_over_mdm: {
    level: "warning",
    remedy:
      "Leave ConsentText out of what MDM installs, where nobody is asked; it is for installing by hand.",
  },
  removal_date_past: { level: "warning", remedy: "Choose a RemovalDate in the future, or leave it out." },
  bad_duration: { level: "error", remedy: "Give DurationUntilRemoval in seconds, more than 0." },
  two_removal_times: {
    level: "warning",
    remedy: "Keep RemovalDate or DurationUntilRemoval: of two, the earlier one counts.",
  },
  expired: { level: "warning", remedy: "Choose a PayloadExpirationDate in the future, or leave it out." },
  removal_password_missing: {
    level: "error",
    remedy: "Add a com.apple.profileRemovalPassword payload, or take HasRemovalPasscode away.",
  },
  removal_password_unannounced: { level: "warning", remedy: "Set HasRemovalPasscode to true beside it." },
  // its payloads, one with another
  duplicate_identifier: {
    level: "error",
    remedy: "Give each payload of a profile a PayloadIdentifier of its own.",
  },
  duplicate_uuid: {
    level: "error",
    remedy: "Give each payload a PayloadUUID of its own; uuidgen makes one.",
  },
  reserved_key: {
    level: "warning",
    remedy: "Name the preference otherwise: keys that begin with Payload belong to profiles.",
  },
  unknown_reference: {
    level: "error",
    remedy: "Name the PayloadUUID of a payload in this profile, and put that payload in.",
  },
  wrong_reference_kind: {
    level: "error",
    remedy: "Name the PayloadUUID of a payload of the kind that is wanted.",
  },
  platform_conflict: {
    level: "warning",
    remedy: "Make a profile for each platform: no device takes all payloads of this one.",
  },
  target_conflict: {
    level: "warning",
    remedy: "Choose the TargetDeviceType that has these payloads, or take the payload out.",
  },
  scope_conflict: {
    level: "error",
    remedy:
      "Put payloads for people into a profile of PayloadScope User, those for the Mac into one of System.",
  },
  not_over_mdm: { level: "error", remedy: "Take the payload out: devices refuse it from MDM." },
  mdm_in_library: {
    level: "error",
    remedy: "Use /api/v1/enrollment/settings: enrollment profiles are made there, one for each enrollment.",
  },
  // certificates and identities
  bad_certificate: {
    level: "error",
    remedy: "Give DER of one X.509 certificate (root, pkcs1), or PEM text of certificates (pem).",
  },
  not_an_authority: {
    level: "warning",
    remedy: "Use a certificate whose basicConstraints say cA, or the payload type com.apple.security.pkcs1.",
  },
  expired_certificate: { level: "warning", remedy: "Put in the certificate's successor." },
  bad_pkcs12: {
    level: "error",
    remedy: "Export one identity, its key with its certificate, as PKCS #12, and give its Password.",
  },
  no_pkcs12_password: {
    level: "warning",
    remedy: "Add Password: without it the person is asked, and MDM has nobody to ask.",
  },
  bad_url: {
    level: "error",
    remedy: "Give a whole URL; where the schema says so, one that begins with https://.",
  },
  weak_key: { level: "warning", remedy: "Set Keysize to 2048 or 4096: without it devices make 1024 bits." },
  bad_subject: {
    level: "error",
    remedy: "Name attributes by dotted OIDs, or by C, L, ST, O, OU or CN.",
  },
  bad_key_size: {
    level: "error",
    remedy: "RSA keys have 1024 to 4096 bits in steps of 8; elliptic ones 192, 256, 384 or 521.",
  },
  not_hardware_bound: {
    level: "error",
    remedy: "Hardware holds keys of KeyType ECSECPrimeRandom with 256 or 384 bits, and no others.",
  },
  attest_needs_hardware: { level: "error", remedy: "Set HardwareBound to true, or Attest to false." },
  // the MDM payload
  bad_topic: { level: "error", remedy: "Use the UID of the push certificate's subject." },
  bad_access_rights: {
    level: "error",
    remedy: "Sum up rights from 1 to 8191; 2 needs 1 and 128 needs 64. 8191 are all.",
  },
  rights_in_user_enrollment: { level: "error", remedy: "Leave AccessRights out of user enrollments." },
  removal_in_user_enrollment: {
    level: "error",
    remedy: "Leave PayloadRemovalDisallowed out: people can always end a user enrollment.",
  },
  bad_enrollment_mode: {
    level: "error",
    remedy: "Account-driven enrollment needs EnrollmentMode, BYOD or ADDE, and AssignedManagedAppleID.",
  },
  bad_capability: { level: "error", remedy: "List each capability once, of those that Apple names." },
  no_user_connections: {
    level: "warning",
    remedy: "Add com.apple.mdm.per-user-connections to ServerCapabilities: Macs and Shared iPads need it.",
  },
  development_push: {
    level: "warning",
    remedy: "Leave UseDevelopmentAPNS out: push certificates for MDM are for production.",
  },
  bad_pin: { level: "error", remedy: "Name the PayloadUUID of a certificate payload in this profile." },
  // variables
  unknown_variable: {
    level: "error",
    remedy: "Use a variable that exists, such as {{device.serial_number}}; write {{{{ for two braces.",
  },
  unclosed_variable: { level: "warning", remedy: "Close it with }}, or write {{{{ for two braces." },
  missing_variable: {
    level: "error",
    remedy: "Give the device that value (attributes by PATCH), or leave the variable out.",
  },
  scope_channel: {
    level: "warning",
    remedy: "Give profiles of PayloadScope System to device channels, those of User to user channels.",
  },
} as const satisfies Record<string, Rule>;

export type ProfileRule = keyof typeof profileRules;

/** What to do about what the catalogue finds. */
export const catalogRemedies: Record<FindingCode, string> = {
  wrong_type: "Give a value of the type that is named.",
  missing_key: "Add the key.",
  out_of_range: "Choose a value in the range.",
  not_in_list: "Choose one of the values that are named.",
  bad_format: "Give the text the form that is named.",
  wrong_count: "Give as many elements as are named.",
  one_of: "Give one of the keys that are named.",
  needs_key: "Add the key.",
  too_deep: "Nest it less deeply.",
  too_large: "Split the profile.",
  too_many_findings: "Mend the first ones, and look again.",
  forbidden_by_access_rights: "The enrollment would have to be made anew with that right.",
  unknown_type: "Look for a slip in the name; a type of some other maker is delivered as it is.",
  unknown_key: "Look for a slip in the name; a key that is newer than the catalogue is delivered as it is.",
  not_on_platform: "Leave it out for this platform.",
  os_too_old: "Give it to devices with a newer system.",
  deprecated: "Look in Apple's documentation for what took its place.",
  removed: "Leave it out; look in Apple's documentation for what took its place.",
  needs_supervision: "Supervise the device, or leave it out.",
  needs_automated_enrollment: "Enroll the device automatically, or leave it out.",
  needs_access_right: "The enrollment would have to be made anew with that right.",
  wrong_channel: "Give it to the other channel.",
  wrong_enrollment: "Leave it out for this kind of enrollment.",
  ignored_here: "Nothing, or leave it out: the device passes over it.",
  shared_ipad: "Leave it out for this kind of iPad.",
  only_one_allowed: "Join them into one payload.",
  not_provisioned: "Add the device to the provisioning profile at Apple, and upload it anew.",
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
