import type { AdeRefusal } from "./refusals.ts";

// What can be wrong with an enrollment profile. Where Apple has a word for it the code is Apple's; the words of this
// server are in lower case.

export type ProfileFinding = { pointer: string; code: ProfileCode | ProfileNotice; detail: string };

/** Apple's codes, with the key that each is about. https://developer.apple.com/documentation/devicemanagement/define-a-profile */
export const profileCodes = {
  CONFIG_NAME_REQUIRED: "/profile_name",
  CONFIG_NAME_INVALID: "/profile_name",
  CONFIG_URL_REQUIRED: "/url",
  CONFIG_URL_INVALID: "/url",
  DEPARTMENT_INVALID: "/department",
  DEPARTMENT_REQUIRED: "/department",
  FLAGS_INVALID: "/is_mdm_removable",
  LOCALE_INVALID: "/language",
  MAGIC_INVALID: "/org_magic",
  SUPPORT_EMAIL_INVALID: "/support_email_address",
  SUPPORT_PHONE_INVALID: "/support_phone_number",
  SUPPORT_PHONE_REQUIRED: "/support_phone_number",
  USER_AGENT_INVALID: "",
  USER_AGENT_MISSING: "",
  MALFORMED_REQUEST_BODY: "",
} as const;

export type ProfileCode = keyof typeof profileCodes;

export type ProfileNotice =
  | "unknown-key"
  | "wrong-type"
  | "too-large"
  | "bad-certificate"
  | "certificate-expired"
  | "pinned-chain"
  | "many-bytes"
  | "other-host"
  | "half-locale"
  | "needs-supervision"
  | "needs-locale"
  | "no-account"
  | "awaits-anyway"
  | "skip-item-unknown"
  | "skip-item-elsewhere"
  | "skip-item-too-new"
  | "skip-item-retired";

/** How a rule tells what it found: errors, and what a person should weigh. */
export type Wrong = (code: ProfileFinding["code"], pointer: string, detail: string) => void;
export type Weigh = (code: ProfileNotice, pointer: string, detail: string) => void;

/** What Apple itself refused, as the same finding that the check here would have made. */
export function findingOf({ code, detail }: AdeRefusal): ProfileFinding | undefined {
  if (code === undefined || !Object.hasOwn(profileCodes, code)) return undefined;
  const known = code as ProfileCode;
  return { pointer: profileCodes[known], code: known, detail };
}
