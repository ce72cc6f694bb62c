// Every error that Apple documents for its device assignment service, and those that its simulator or live servers were
// seen to give: what it means here, whether it passes by itself, and what a person can do.
// https://developer.apple.com/documentation/devicemanagement/interpreting-error-codes

/**
 * `backoff`: later, by itself. `schedule`: not before a person did something; the usual schedule finds out.
 * `never`: the same request will never do.
 */
export type Retry = "backoff" | "schedule" | "never";

type Meaning = { reason: string; retry: Retry; remedy: string };

const newToken =
  "Download a new token for this server in Apple Business or Apple School Manager and upload it to this account, best with an Apple Account that several people look after.";
const report = "This is a fault of this server: please report it with the answer's text.";
const newProfile = "Correct the enrollment profile and save it again.";
const fromTheStart = "Nothing to do: all devices are fetched again.";

export const appleCodes = {
  T_C_NOT_SIGNED: {
    reason: "terms-not-accepted",
    retry: "schedule",
    remedy:
      "Someone must sign in to Apple Business or Apple School Manager as this organisation's administrator and accept the new terms. Enrolled devices go on working.",
  },
  ACCESS_DENIED: {
    reason: "access-denied",
    retry: "schedule",
    remedy: "The token has no right to this: look in Apple's portal what this server is allowed to do.",
  },
  FORBIDDEN: { reason: "token-dead", retry: "schedule", remedy: newToken },
  token_expired: { reason: "token-expired", retry: "schedule", remedy: newToken },
  token_rejected: { reason: "token-rejected", retry: "schedule", remedy: newToken },
  TOO_MANY_REQUESTS: {
    reason: "too-many-requests",
    retry: "backoff",
    remedy: "Nothing to do: Apple is asked again later.",
  },
  oauth_problem_advice: { reason: "bad-signature", retry: "never", remedy: report },
  USER_AGENT_MISSING: {
    reason: "user-agent-refused",
    retry: "schedule",
    remedy: "Set the User-Agent of this account to a product name and version.",
  },
  USER_AGENT_INVALID: {
    reason: "user-agent-refused",
    retry: "schedule",
    remedy: "Apple refuses this User-Agent: set another one for this account.",
  },
  MALFORMED_REQUEST_BODY: { reason: "request-refused", retry: "never", remedy: report },
  DEVICE_ID_REQUIRED: {
    reason: "request-refused",
    retry: "never",
    remedy: "Name at least one serial number.",
  },
  PROFILE_UUID_REQUIRED: { reason: "request-refused", retry: "never", remedy: "Name a profile." },
  DEVICE_NOT_FOUND: {
    reason: "device-not-found",
    retry: "never",
    remedy: "Check the serial number, and that Apple's portal assigns the device to this server.",
  },
  NOT_FOUND: {
    reason: "not-found",
    retry: "never",
    remedy: "Check what was asked for: Apple does not know it.",
  },
  CURSOR_REQUIRED: { reason: "cursor-invalid", retry: "never", remedy: fromTheStart },
  INVALID_CURSOR: { reason: "cursor-invalid", retry: "never", remedy: fromTheStart },
  EXPIRED_CURSOR: { reason: "cursor-expired", retry: "never", remedy: fromTheStart },
  EXHAUSTED_CURSOR: {
    reason: "cursor-exhausted",
    retry: "never",
    remedy: "Nothing to do: there is nothing new.",
  },
  CONFIG_NAME_REQUIRED: { reason: "profile-refused", retry: "never", remedy: newProfile },
  CONFIG_NAME_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  CONFIG_URL_REQUIRED: { reason: "profile-refused", retry: "never", remedy: newProfile },
  CONFIG_URL_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  DEPARTMENT_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  DEPARTMENT_REQUIRED: { reason: "profile-refused", retry: "never", remedy: newProfile },
  FLAGS_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  LOCALE_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  MAGIC_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  SUPPORT_EMAIL_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  SUPPORT_PHONE_INVALID: { reason: "profile-refused", retry: "never", remedy: newProfile },
  SUPPORT_PHONE_REQUIRED: { reason: "profile-refused", retry: "never", remedy: newProfile },
  MDM_SERVICE_DISCOVERY_URL_REQUIRED: {
    reason: "discovery-url-refused",
    retry: "never",
    remedy: "Give the https address where devices find this server.",
  },
  MDM_SERVICE_DISCOVERY_URL_NOT_VALID: {
    reason: "discovery-url-refused",
    retry: "never",
    remedy: "Give a well-formed https address.",
  },
  ORG_NOT_SUPPORTED: {
    reason: "organisation-not-supported",
    retry: "never",
    remedy: "Apple does not offer this to this organisation: ask Apple.",
  },
  APPLE_SEED_FOR_IT_TURNED_OFF: {
    reason: "beta-turned-off",
    retry: "schedule",
    remedy: "Turn on beta access in Apple Business or Apple School Manager to use beta enrollment.",
  },
} as const satisfies Record<string, Meaning>;

/** What a status says where no code of Apple's does. */
export const byStatus = {
  unauthorized: { reason: "token-rejected", retry: "schedule", remedy: newToken },
  forbidden: appleCodes.ACCESS_DENIED,
  notFound: appleCodes.NOT_FOUND,
  tooMany: appleCodes.TOO_MANY_REQUESTS,
  badRequest: { reason: "request-refused", retry: "never", remedy: report },
  unavailable: {
    reason: "apple-unavailable",
    retry: "backoff",
    remedy: "Nothing to do: Apple is asked again later. Apple's System Status page may tell more.",
  },
} as const satisfies Record<string, Meaning>;

/** What is wrong before Apple says anything, or with what it says. */
export const outside = {
  unreachable: {
    reason: "unreachable",
    retry: "backoff",
    remedy: "Nothing to do if it passes: Apple is asked again later.",
  },
  late: {
    reason: "no-answer-in-time",
    retry: "backoff",
    remedy: "Nothing to do if it passes: Apple is asked again later.",
  },
  unreadable: {
    reason: "unreadable-answer",
    retry: "backoff",
    remedy:
      "Apple is asked again later. If it stays: look whether something between this server and Apple answers in its place, and at the account's base URL.",
  },
  endless: {
    reason: "endless-cursor",
    retry: "schedule",
    remedy: "Nothing to do: the next run goes on, or starts over. If it stays, tell Apple.",
  },
} as const satisfies Record<string, Meaning>;

/** NOT_FOUND and 404 of calls that ask for one thing. */
export const missing = {
  profile: {
    reason: "profile-not-found",
    retry: "never",
    remedy: "Apple does not know the profile any more: define it again.",
  },
  device: appleCodes.DEVICE_NOT_FOUND,
  discovery: {
    reason: "discovery-not-set",
    retry: "never",
    remedy: "No address is set at Apple yet: set one.",
  },
} as const satisfies Record<string, Meaning>;

type MeaningOf<Table> = Table[keyof Table];

export type AdeMeaning =
  | MeaningOf<typeof appleCodes>
  | MeaningOf<typeof byStatus>
  | MeaningOf<typeof outside>
  | MeaningOf<typeof missing>;

export type AdeReason = AdeMeaning["reason"];
