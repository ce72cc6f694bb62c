import type { AppleAnswer } from "./answer.ts";
import {
  type AdeMeaning,
  type AdeReason,
  appleCodes,
  byStatus,
  missing,
  outside,
  type Retry,
} from "./apple-codes.ts";

// Whatever Apple says but success, as a value that says what it means here and what a person can do. None of it is a
// fault of ours, so none of it becomes a 5xx of ours.

export type AdeRefusal = AppleRefusal<AdeReason>;

/** Of Apple's services for organisations alike. */
export type AppleRefusal<Reason extends string> = {
  reason: Reason;
  /** Apple's own word, also one that no table knows. */
  code: string | undefined;
  status: number | undefined;
  detail: string;
  remedy: string;
  retry: Retry;
  retryAfterSeconds: number | undefined;
};

export type Missing = keyof typeof missing;

/** What an answer other than success means. `asked`: what a NOT_FOUND is about. */
export function refusalOf(answer: AppleAnswer, asked?: Missing): AdeRefusal {
  if (isPage(answer) && answer.status < 500) return unreadable(answer, "it answered with an HTML page");
  const meaning = meaningOf(answer, asked);
  if (!meaning) return unreadable(answer, "it answered with a status that it should not give");
  const said = answer.code ?? excerpt(answer);
  return {
    ...answered(answer, meaning),
    detail: `Apple answered ${answer.status}${said === "" ? "" : ` ${said}`}`,
  };
}

const isPage = ({ text, contentType }: AppleAnswer): boolean =>
  /^\s*</.test(text) || /\btext\/html\b/i.test(contentType);

/** For a person to read: one line, and not much of it. */
const excerpt = (answer: AppleAnswer): string =>
  isPage(answer)
    ? "with an HTML page"
    : answer.text
        .replace(/\p{Cc}+/gu, " ")
        .trim()
        .slice(0, 200);

function meaningOf({ status, code }: AppleAnswer, asked: Missing | undefined): AdeMeaning | undefined {
  const isMissing = code === undefined ? status === 404 : code === "NOT_FOUND";
  if (isMissing && asked) return missing[asked];
  if (status >= 500) return byStatus.unavailable;
  if (status === 429) return byStatus.tooMany;
  // Bad signatures have one word at 400 and 401: only the first is about how it was made.
  if (status === 401) return byStatus.unauthorized;
  if (code !== undefined && Object.hasOwn(appleCodes, code))
    return appleCodes[code as keyof typeof appleCodes];
  if (status === 403) return byStatus.forbidden;
  if (status === 404) return byStatus.notFound;
  return status >= 400 ? byStatus.badRequest : undefined;
}

const answered = (answer: AppleAnswer, { reason, remedy, retry }: AdeMeaning) => ({
  reason,
  code: answer.code,
  status: answer.status,
  remedy,
  retry,
  retryAfterSeconds: answer.retryAfterSeconds,
});

/** An answer that is not what Apple says it gives. */
export const unreadable = (answer: AppleAnswer, detail: string): AdeRefusal => ({
  ...answered(answer, outside.unreadable),
  detail: `${detail} (status ${answer.status})`,
});

/** No answer at all, or one without end. */
export const refusalWithout = (what: "unreachable" | "late" | "endless", detail: string): AdeRefusal => ({
  ...outside[what],
  code: undefined,
  status: undefined,
  detail,
  retryAfterSeconds: undefined,
});
