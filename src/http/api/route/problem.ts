import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { trace } from "../../trace.ts";
import type { RequestError } from "./request-error.ts";

/** The one table of what the API refuses: slug -> status and title (RFC 9457). */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "invalid-request": { status: 400, title: "The request does not fit its description" },
  "token-not-exchanged": { status: 400, title: "The token is not exchanged" },
  unauthenticated: { status: 401, title: "A valid API token is needed" },
  forbidden: { status: 403, title: "The token's role does not allow this" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "The resource does not take this method" },
  conflict: { status: 409, title: "The state of the resource does not allow this" },
  "no-bucket": { status: 409, title: "The deployment has no bucket for files" },
  unconfirmed: { status: 409, title: "The number of targets must be confirmed" },
  "too-destructive": { status: 429, title: "Too many devices for a command that cannot be undone" },
  "too-many-log-ins": { status: 429, title: "Too many tokens that are not valid" },
  "too-many-listeners": { status: 429, title: "Too many requests wait for events" },
  "request-in-progress": {
    status: 409,
    title: "The first request with this idempotency key is not finished",
  },
  "precondition-failed": { status: 412, title: "It is not what the request expects to find" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": {
    status: 415,
    title: "This resource does not take the content type of the body",
  },
  "idempotency-key-reused": { status: 422, title: "The idempotency key belongs to another request" },
  "apple-refused": { status: 424, title: "Apple refuses this" },
  "apple-unavailable": { status: 503, title: "Apple does not answer" },
  internal: { status: 500, title: "Something failed inside" },
  "upstream-unreachable": { status: 502, title: "Another server that this needs does not answer" },
  misconfigured: { status: 503, title: "The deployment is not configured" },
  "storage-unavailable": { status: 503, title: "The database does not answer" },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }>;

export type ProblemSlug = keyof typeof problems;

export const problemType = (slug: ProblemSlug): string => `/api/docs#problem-${slug}`;

/** `detail` says what was wrong with this request and what to do. `more` adds members that only this problem has. */
export function problem(
  c: Context,
  slug: ProblemSlug,
  detail: string,
  more: { errors?: RequestError[]; headers?: Record<string, string>; members?: Record<string, unknown> } = {},
): Response {
  const { status, title } = problems[slug];
  const document = {
    type: problemType(slug),
    title,
    status,
    detail,
    ...(more.errors && { errors: more.errors }),
    ...more.members,
    request_id: trace(c).requestId,
  };
  return c.body(JSON.stringify(document), status, {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    ...more.headers,
  });
}
