import { causeMessage } from "../base/cause.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type ContentAnswer, readContentAnswer } from "./answer.ts";
import type { ContentCall } from "./calls.ts";
import { type MdmInfo, readMdmInfo } from "./client-config.ts";
import { timeOfExpiry } from "./content-token.ts";
import { type ContentRefusal, refusalOf, unanswered, unreadable } from "./refusals.ts";

/** Speaks to Apple's service for Apps and Books with the token of one location. */
export type ContentClient = {
  call<Answer>(call: ContentCall<Answer>): Promise<Result<Answer, ContentRefusal>>;
  /** What the answers so far said beside what was asked. */
  heard(): Heard;
};

/** Who manages the location, as the last answer said; and when the token ends, where Apple begins to warn. */
export type Heard = { mdmInfo: MdmInfo | undefined; tokenExpiresAt: number | undefined };

export type ContentClientOptions = {
  /** The file as it came. */
  token: string;
  /** Apple's, or that of a stand-in for tests. */
  baseUrl?: string | undefined;
  timeoutMs?: number;
};

export const appleContentUrl = "https://vpp.itunes.apple.com";
const userAgent = "edgemdm/0.1";

export function contentClient({ token, baseUrl, timeoutMs = 30_000 }: ContentClientOptions): ContentClient {
  const base = (baseUrl ?? appleContentUrl).replace(/\/+$/, "");
  const heard: Heard = { mdmInfo: undefined, tokenExpiresAt: undefined };

  const transmit = async ({
    method,
    path,
    body,
    isOpen,
  }: ContentCall<unknown>): Promise<Result<ContentAnswer, ContentRefusal>> => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${base}/mdm/v2/${path}`, {
        method,
        headers: {
          Accept: "application/json",
          "User-Agent": userAgent,
          ...(!isOpen && { Authorization: `Bearer ${token}` }),
          ...(body && { "Content-Type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // The token is for one host.
        redirect: "manual",
        signal,
      });
      return ok(await readContentAnswer(response, Date.now()));
    } catch (fault) {
      return refuse(
        signal.aborted
          ? unanswered("no-answer-in-time", `Apple did not answer within ${timeoutMs / 1000} seconds`)
          : unanswered("unreachable", `Apple could not be reached: ${causeMessage(fault)}`),
      );
    }
  };

  const listen = (answer: ContentAnswer): void => {
    if (!answer.body.ok) return;
    const { tokenExpirationDate } = answer.body.value;
    heard.mdmInfo = readMdmInfo(answer.body.value) ?? heard.mdmInfo;
    if (typeof tokenExpirationDate === "string")
      heard.tokenExpiresAt = timeOfExpiry(tokenExpirationDate) ?? heard.tokenExpiresAt;
  };

  return {
    heard: () => heard,

    async call(call) {
      const answer = await transmit(call);
      if (!answer.ok) return answer;
      const refusal = refusalOf(answer.value);
      if (refusal) return refuse(refusal);
      const { body } = answer.value;
      if (!body.ok) return refuse(unreadable(answer.value, body.refusal));
      listen(answer.value);
      const value = call.read(body.value);
      return value === undefined
        ? refuse(unreadable(answer.value, "its answer lacks what it should hold"))
        : ok(value);
    },
  };
}
