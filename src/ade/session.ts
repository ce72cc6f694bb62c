import { ok, type Result, refuse } from "../base/result.ts";
import type { AppleAnswer } from "./answer.ts";
import { readJson, textAt } from "./json.ts";
import { type AdeRefusal, refusalOf, unreadable } from "./refusals.ts";

/**
 * How one request comes to its answer: a session is opened where there is none, any answer may replace it, and what
 * was refused for its session is asked once more with a new one.
 *
 * Leaves to others: sending (client.ts), and what the answer means.
 *
 * The surprise: a 403 that says FORBIDDEN is what a lost session looks like at some servers, and a dead token at Apple.
 * So one new session is tried; after that it is the token.
 */
export type Course = {
  session: string | undefined;
  /** The request was refused for its session, and is on its second way. */
  isReplay: boolean;
};

export const courseWith = (session: string | undefined): Course => ({ session, isReplay: false });

/** What Apple said to the request for a session. */
export function afterLogIn(course: Course, answer: AppleAnswer): Result<Course, AdeRefusal> {
  if (answer.status !== 200) return refuse(refusalOf(answer));
  const body = readJson(answer);
  const session = body.ok ? (textAt(body.value, "auth_session_token") ?? "") : "";
  if (!isSession(session)) return refuse(unreadable(answer, "it gave no session"));
  return ok({ ...course, session });
}

/** `again`: the same request is sent once more, and without a session that means a new one first. */
export function afterAnswer(course: Course, answer: AppleAnswer): { course: Course; again: boolean } {
  if (isSessionRefused(answer))
    return { course: { session: undefined, isReplay: true }, again: !course.isReplay };
  const next = answer.session ?? "";
  return { course: isSession(next) ? { ...course, session: next } : course, again: false };
}

const isSessionRefused = ({ status, code }: AppleAnswer): boolean =>
  status === 401 || (status === 403 && code === "FORBIDDEN");

/** It goes back in a header, as it came. */
const isSession = (text: string): boolean => /^[!-~]{1,4096}$/.test(text);
