import { toHex } from "../base/bytes.ts";
import { causeMessage } from "../base/cause.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type AppleAnswer, readAnswer } from "./answer.ts";
import type { AdeCall, AdeMethod, AdeRequest } from "./calls.ts";
import { readJson } from "./json.ts";
import { oauthHeader } from "./oauth.ts";
import { type AdeRefusal, refusalOf, refusalWithout, unreadable } from "./refusals.ts";
import { afterAnswer, afterLogIn, courseWith } from "./session.ts";
import type { AdeToken } from "./token.ts";

/**
 * Speaks to Apple's device assignment service with one token. Its session is one: requests go one after the other, for
 * an answer may replace the session that the next one needs. So a token has one client, in one object.
 */
export type AdeClient = {
  /** One request as it is, with what Apple answered to it, also an error. Refused when there is no session or no answer. */
  send(request: AdeRequest, protocolVersion?: number): Promise<Result<AppleAnswer, AdeRefusal>>;
  call<Answer>(call: AdeCall<Answer>): Promise<Result<Answer, AdeRefusal>>;
};

export type AdeClientOptions = {
  token: AdeToken;
  /** Apple's, or that of a simulator. */
  baseUrl?: string;
  /** Apple demands one, and refuses some. */
  userAgent?: string;
  protocolVersion?: number;
  /** How long Apple may take for one answer, to its last byte. */
  timeoutMs?: number;
};

export const appleBaseUrl = "https://mdmenrollment.apple.com";
export const usualUserAgent = "edgemdm/0.1";
/** The newest that is spoken here: it adds MAC addresses, replacements and how long to wait when throttled. */
export const usualProtocolVersion = 10;

const jsonType = "application/json;charset=UTF8";

export function adeClient(options: AdeClientOptions): AdeClient {
  const { token, userAgent = usualUserAgent, timeoutMs = 60_000 } = options;
  const baseUrl = (options.baseUrl ?? appleBaseUrl).replace(/\/+$/, "");
  const usualVersion = options.protocolVersion ?? usualProtocolVersion;
  let session: string | undefined;
  let line: Promise<unknown> = Promise.resolve();
  /** By path: the method that was taken where the documented one was not. */
  const methods = new Map<string, AdeMethod>();

  const transmit = async (
    { method, path, body }: AdeRequest,
    version: number,
    credential: Record<string, string>,
  ): Promise<Result<AppleAnswer, AdeRefusal>> => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          "User-Agent": userAgent,
          "X-Server-Protocol-Version": String(version),
          "Content-Type": jsonType,
          Accept: jsonType,
          ...credential,
        },
        ...(body && { body: JSON.stringify(body) }),
        // A session is for one host.
        redirect: "manual",
        signal,
      });
      return ok(await readAnswer(response, Date.now()));
    } catch (fault) {
      return refuse(
        signal.aborted
          ? refusalWithout("late", `Apple did not answer within ${timeoutMs / 1000} seconds`)
          : refusalWithout("unreachable", `Apple could not be reached: ${causeMessage(fault)}`),
      );
    }
  };

  const logIn = async (version: number): Promise<Result<AppleAnswer, AdeRefusal>> => {
    const Authorization = await oauthHeader(token, {
      url: `${baseUrl}/session`,
      timestamp: Math.floor(Date.now() / 1000),
      nonce: toHex(crypto.getRandomValues(new Uint8Array(16))),
    });
    return transmit({ method: "GET", path: "/session" }, version, { Authorization });
  };

  const converse = async (request: AdeRequest, version: number): Promise<Result<AppleAnswer, AdeRefusal>> => {
    let course = courseWith(session);
    for (;;) {
      if (course.session === undefined) {
        const answer = await logIn(version);
        const entered = answer.ok ? afterLogIn(course, answer.value) : answer;
        if (!entered.ok) return entered;
        course = entered.value;
        session = course.session;
      }
      const answer = await transmit(request, version, { "X-ADM-Auth-Session": course.session ?? "" });
      if (!answer.ok) return answer;
      const { course: next, again } = afterAnswer(course, answer.value);
      session = next.session;
      if (!again) return answer;
      course = next;
    }
  };

  const send: AdeClient["send"] = (request, version = usualVersion) => {
    if (new URL(`${baseUrl}${request.path}`).origin !== new URL(baseUrl).origin)
      throw new Error("a path may not lead to another host");
    const turn = line.then(() => converse(request, version));
    line = turn.catch(() => undefined);
    return turn;
  };

  const sendCall = async ({ method, otherMethod, path, body }: AdeCall<unknown>) => {
    const request = { path, ...(body && { body }) };
    const answer = await send({ ...request, method: methods.get(path) ?? method });
    if (!answer.ok || answer.value.status !== 405 || !otherMethod || methods.has(path)) return answer;
    const other = await send({ ...request, method: otherMethod });
    if (other.ok && other.value.status !== 405) methods.set(path, otherMethod);
    return other;
  };

  return {
    send,
    async call(call) {
      const sent = await sendCall(call);
      if (!sent.ok) return sent;
      const answer = sent.value;
      if (answer.status !== 200 && answer.status !== 204) return refuse(refusalOf(answer, call.asked));
      const body = readJson(answer);
      if (!body.ok) return body;
      const value = call.read(body.value);
      return value === undefined
        ? refuse(unreadable(answer, "its answer lacks what it should hold"))
        : ok(value);
    },
  };
}
