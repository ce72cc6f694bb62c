import type { Retry } from "../ade/apple-codes.ts";
import type { AppleRefusal } from "../ade/refusals.ts";
import type { BusinessAnswer } from "./answer.ts";

// Whatever the Apple Business API says but success: what it means here, whether it passes by itself, and what a person can
// do. None of it is a fault of ours, so none of it becomes a 5xx of ours.
// https://developer.apple.com/documentation/applebusinessmanagerapi

const newKey =
  "Make a new key for the API account in Apple Business or Apple School Manager (Preferences, API) and store it here, with its client id and key id.";
const waits = "Nothing to do: Apple is asked again later.";
const report = "This is a fault of this server: please report it with the answer's text.";

const meanings = {
  "client-refused": {
    retry: "schedule",
    remedy: `Compare the client id and the key id with Apple's portal. ${newKey}`,
  },
  "key-refused": {
    retry: "schedule",
    remedy: `The private key does not belong to that client id and key id. ${newKey}`,
  },
  "key-revoked": {
    retry: "schedule",
    remedy: `The key was revoked, or the API account was deleted. ${newKey}`,
  },
  "token-rejected": { retry: "schedule", remedy: newKey },
  forbidden: {
    retry: "schedule",
    remedy:
      "Look in Apple's portal whether the API account has a role that allows this, whether the organisation has this part of the API, and whether new terms wait for an administrator.",
  },
  "not-found": {
    retry: "never",
    remedy: "Check what was asked for: Apple does not know it in this organisation.",
  },
  conflict: {
    retry: "never",
    remedy:
      "Check the devices and the date: a deadline lies at most 90 days ahead, and every device must belong to this organisation.",
  },
  "request-refused": { retry: "never", remedy: "Check what was asked for; Apple's words say what is wrong." },
  "not-acceptable": { retry: "never", remedy: report },
  "too-many-requests": { retry: "backoff", remedy: waits },
  "apple-unavailable": {
    retry: "backoff",
    remedy: `${waits} Apple's System Status page may tell more.`,
  },
  unreachable: { retry: "backoff", remedy: waits },
  "no-answer-in-time": { retry: "backoff", remedy: waits },
  "unreadable-answer": {
    retry: "backoff",
    remedy:
      "Apple is asked again later. If it stays: look whether something between this server and Apple answers in its place, and at the account's base URL.",
  },
} as const satisfies Record<string, { retry: Retry; remedy: string }>;

export type BusinessReason = keyof typeof meanings;

export type BusinessRefusal = AppleRefusal<BusinessReason>;

/** About the key as a whole: no other call will do better. */
export const concernsKey = ({ reason }: BusinessRefusal): boolean =>
  reason === "client-refused" ||
  reason === "key-refused" ||
  reason === "key-revoked" ||
  reason === "token-rejected";

/** Words of OAuth 2 (RFC 6749 section 5.2) that time does not change. */
const lasting = [
  "invalid_client",
  "invalid_scope",
  "invalid_grant",
  "unauthorized_client",
  "invalid_request",
];

/**
 * What an answer to the request for a token means. Apple says 400 both for a wrong client and for too many requests: only
 * a word of OAuth's makes it a matter of the client.
 */
export function tokenRefusal(answer: BusinessAnswer): BusinessRefusal {
  if (answer.isPage && answer.status < 500) return unreadable(answer, "it answered with an HTML page");
  return said(answer, tokenReason(answer));
}

function tokenReason({ status, code }: BusinessAnswer): BusinessReason {
  if (status === 429) return "too-many-requests";
  if (status === 401) return "key-refused";
  if (status === 403) return "key-revoked";
  if (status >= 500) return "apple-unavailable";
  if (status === 400) return code && lasting.includes(code) ? "client-refused" : "too-many-requests";
  return "unreadable-answer";
}

const byStatus: Readonly<Record<number, BusinessReason>> = {
  400: "request-refused",
  401: "token-rejected",
  403: "forbidden",
  404: "not-found",
  406: "not-acceptable",
  409: "conflict",
  422: "request-refused",
  429: "too-many-requests",
};

/** What an answer of the API other than success means. */
export function callRefusal(answer: BusinessAnswer): BusinessRefusal {
  if (answer.isPage && answer.status < 500) return unreadable(answer, "it answered with an HTML page");
  const reason = byStatus[answer.status] ?? (answer.status >= 500 ? "apple-unavailable" : undefined);
  return reason === undefined
    ? unreadable(answer, "it answered with a status that it should not give")
    : said(answer, reason);
}

const said = (answer: BusinessAnswer, reason: BusinessReason): BusinessRefusal => ({
  reason,
  ...meanings[reason],
  code: answer.code,
  status: answer.status,
  detail: `Apple answered ${[answer.status, answer.code, answer.said && `(${answer.said})`].filter(Boolean).join(" ")}`,
  retryAfterSeconds: answer.retryAfterSeconds,
});

/** An answer that is not what Apple says it gives. */
export const unreadable = (answer: BusinessAnswer, detail: string): BusinessRefusal => ({
  ...said(answer, "unreadable-answer"),
  detail: `${detail} (status ${answer.status})`,
});

/** No answer at all, none in time, or none that ends. */
export const unanswered = (
  reason: "unreachable" | "no-answer-in-time" | "too-many-requests" | "unreadable-answer",
  detail: string,
  retryAfterSeconds?: number,
): BusinessRefusal => ({
  reason,
  ...meanings[reason],
  code: undefined,
  status: undefined,
  detail,
  retryAfterSeconds,
});
