import { type ContentAnswer, type ContentError, errorIn } from "./answer.ts";
import { type ContentRetry, errorMeanings } from "./error-numbers.ts";

// Whatever Apple's service for Apps and Books says but success. None of it is a fault of ours towards the administrator, so
// none of it becomes a 5xx of ours.

const others = {
  forbidden: {
    retry: "schedule",
    remedy:
      "Check in Apple's portal that the person who downloaded the content token may still manage content of that location.",
  },
  "request-refused": { retry: "never", remedy: "Check what was asked for; Apple's words say what is wrong." },
  "too-many-requests": { retry: "backoff", remedy: "Nothing to do: Apple is asked again later." },
  "apple-unavailable": {
    retry: "backoff",
    remedy: "Nothing to do: Apple is asked again later. Apple's System Status page may tell more.",
  },
  unreachable: { retry: "backoff", remedy: "Nothing to do: Apple is asked again later." },
  "no-answer-in-time": { retry: "backoff", remedy: "Nothing to do: Apple is asked again later." },
  "unreadable-answer": {
    retry: "backoff",
    remedy:
      "Apple is asked again later. If it stays, check whether something between this server and Apple answers in its place, and the location's base URL.",
  },
} as const satisfies Record<string, { retry: ContentRetry; remedy: string }>;

type OtherReason = keyof typeof others;
export type ContentReason = OtherReason | (typeof errorMeanings)[keyof typeof errorMeanings]["reason"];

export type ContentRefusal = {
  reason: ContentReason;
  /** Apple's error number, also one that no table knows. */
  code: string | undefined;
  detail: string;
  remedy: string;
  retry: ContentRetry;
  retryAfterSeconds: number | undefined;
  /** What Apple names as the cause. */
  error: ContentError | undefined;
};

/** About the token as a whole: no other call will do better. */
const ofToken: readonly ContentReason[] = [
  "token-rejected",
  "token-expired",
  "token-revoked",
  "service-removed",
  "forbidden",
];

export const concernsToken = ({ reason }: ContentRefusal): boolean => ofToken.includes(reason);

const meaningOf = (number: number) =>
  Object.hasOwn(errorMeanings, number) ? errorMeanings[number as keyof typeof errorMeanings] : undefined;

/** What an error number means; of one that no table knows, what its status tells. */
export function meaningOfError(error: ContentError, status = 400) {
  const known = meaningOf(error.number);
  if (known) return known;
  const reason = reasonByStatus(status);
  return { reason, ...others[reason] };
}

function reasonByStatus(status: number): OtherReason {
  if (status === 429) return "too-many-requests";
  if (status === 401 || status === 403) return "forbidden";
  if (status >= 500) return "apple-unavailable";
  return status >= 400 ? "request-refused" : "unreadable-answer";
}

/** What an answer means. undefined: it is a success. */
export function refusalOf(answer: ContentAnswer): ContentRefusal | undefined {
  const { status, isPage, retryAfterSeconds } = answer;
  const error = errorIn(answer);
  if (!error && status >= 200 && status < 300) return undefined;
  if (!error && isPage && status < 500) return unreadable(answer, "it answered with an HTML page");
  const reason = reasonByStatus(status);
  const meaning = error ? meaningOfError(error, status) : { reason, ...others[reason] };
  const words = [status, error?.number, error?.message && `(${error.message})`];
  return {
    ...meaning,
    code: error && String(error.number),
    detail: `Apple answered ${words.filter(Boolean).join(" ")}`,
    retryAfterSeconds,
    error,
  };
}

/** An answer that is not what Apple says it gives. */
export const unreadable = ({ status, retryAfterSeconds }: ContentAnswer, why: string): ContentRefusal => ({
  ...unanswered("unreadable-answer", `${why} (status ${status})`),
  retryAfterSeconds,
});

/** No answer at all, none in time, or none that can be read. */
export const unanswered = (
  reason: "unreachable" | "no-answer-in-time" | "unreadable-answer",
  detail: string,
): ContentRefusal => ({
  reason,
  ...others[reason],
  code: undefined,
  detail,
  retryAfterSeconds: undefined,
  error: undefined,
});
