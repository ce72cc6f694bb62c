import { readText } from "../ade/answer.ts";
import { toHex } from "../base/bytes.ts";
import { causeMessage } from "../base/cause.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type BusinessAnswer, readBody, readBusinessAnswer } from "./answer.ts";
import { type ApiKey, clientAssertion, type Portal, portalOf } from "./assertion.ts";
import type { BusinessCall } from "./calls.ts";
import { type BusinessRefusal, callRefusal, unanswered, unreadable } from "./refusals.ts";
import { type AccessToken, readToken, tokenForm, tokenPaths } from "./token.ts";

/**
 * Speaks to the Apple Business API, or that of Apple School Manager, with one key. The access token is kept by the caller:
 * Apple counts requests for tokens, so all that use a key must share one.
 */
export type BusinessClient = {
  /** Whether Apple takes the key. */
  authenticate(): Promise<Result<AccessToken, BusinessRefusal>>;
  call<Answer>(call: BusinessCall<Answer>): Promise<Result<Answer, BusinessRefusal>>;
  /** The table of an activity: no token goes along, for the address has its own permission. */
  download(url: string): Promise<Result<string, BusinessRefusal>>;
};

export type BusinessClientOptions = {
  key: ApiKey;
  /** Of a stand-in for tests, for tokens as well; undefined: Apple's. */
  baseUrl: string | undefined;
  /** The present token, as it was kept last. */
  token: AccessToken | undefined;
  /** undefined: it was refused. */
  keepToken: (token: AccessToken | undefined) => Promise<void>;
  timeoutMs?: number;
};

const hosts: Record<Portal, string> = {
  business: "https://api-business.apple.com",
  school: "https://api-school.apple.com",
};
const tokenHost = "https://account.apple.com";
const userAgent = "edgemdm/0.1";
const longestTable = 4 * 1024 * 1024;

type Sent = Result<BusinessAnswer, BusinessRefusal>;

export function businessClient(options: BusinessClientOptions): BusinessClient {
  const { key, keepToken, timeoutMs = 30_000 } = options;
  const portal = portalOf(key.clientId) ?? "business";
  const baseUrl = (options.baseUrl ?? hosts[portal]).replace(/\/+$/, "");
  const tokenBase = (options.baseUrl ?? tokenHost).replace(/\/+$/, "");
  let token = options.token;

  const transmit = async <Read>(
    url: string,
    init: RequestInit,
    read: (response: Response) => Promise<Read>,
  ): Promise<Result<Read, BusinessRefusal>> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { Accept: "application/json", "User-Agent": userAgent, ...init.headers };
    try {
      // What goes along is for one host.
      return ok(await read(await fetch(url, { ...init, headers, redirect: "manual", signal })));
    } catch (fault) {
      return refuse(
        signal.aborted
          ? unanswered("no-answer-in-time", `Apple did not answer within ${timeoutMs / 1000} seconds`)
          : unanswered("unreachable", `Apple could not be reached: ${causeMessage(fault)}`),
      );
    }
  };

  const send = (url: string, init: RequestInit): Promise<Sent> =>
    transmit(url, init, (response) => readBusinessAnswer(response, Date.now()));

  const askForToken = async (): Promise<Result<AccessToken, BusinessRefusal>> => {
    for (const [at, path] of tokenPaths.entries()) {
      const now = Date.now();
      const assertion = await clientAssertion(key, now, toHex(crypto.getRandomValues(new Uint8Array(16))));
      const answer = await send(`${tokenBase}${path}`, {
        method: "POST",
        body: tokenForm(portal, key.clientId, assertion),
      });
      if (!answer.ok) return answer;
      const isElsewhere = answer.value.status === 404 || answer.value.status === 405;
      if (isElsewhere && at + 1 < tokenPaths.length) continue;
      return readToken(answer.value, now);
    }
    throw new Error("there is a path for tokens");
  };

  const present = async (): Promise<Result<AccessToken, BusinessRefusal>> => {
    if (token && token.until > Date.now()) return ok(token);
    const made = await askForToken();
    token = made.ok ? made.value : undefined;
    if (made.ok) await keepToken(made.value);
    return made;
  };

  /** A token may be refused before its time: one more is asked for. */
  const converse = async ({ method, path, body }: BusinessCall<unknown>): Promise<Sent> => {
    for (let isAgain = false; ; isAgain = true) {
      const held = await present();
      if (!held.ok) return held;
      const answer = await send(`${baseUrl}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${held.value.token}`,
          ...(body && { "Content-Type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!answer.ok || answer.value.status !== 401) return answer;
      token = undefined;
      await keepToken(undefined);
      if (isAgain) return answer;
    }
  };

  return {
    authenticate: present,

    async call(call) {
      if (!call.path.startsWith("/v1/")) throw new Error("a call goes to the API");
      const sent = await converse(call);
      if (!sent.ok) return sent;
      const answer = sent.value;
      if (answer.status === 404 && !answer.isPage && call.none !== undefined) return ok(call.none);
      if (answer.status !== 200 && answer.status !== 201) return refuse(callRefusal(answer));
      const body = readBody(answer);
      if (!body.ok) return refuse(unreadable(answer, body.refusal));
      const value = call.read(body.value, baseUrl);
      return value === undefined
        ? refuse(unreadable(answer, "its answer lacks what it should hold"))
        : ok(value);
    },

    async download(address) {
      const url = URL.parse(address);
      const isOurs = options.baseUrl !== undefined && url?.origin === new URL(baseUrl).origin;
      if (!url || (url.protocol !== "https:" && !isOurs))
        return refuse(unanswered("unreachable", "the table of the activity has no https address"));
      const answer = await transmit(url.href, { headers: { Accept: "text/csv, */*" } }, async (response) => ({
        status: response.status,
        ...(await readText(response, longestTable)),
      }));
      if (!answer.ok) return answer;
      const { status, text, isTooLarge } = answer.value;
      return status === 200 && !isTooLarge
        ? ok(text)
        : refuse(unanswered("unreachable", `the table of the activity could not be read (status ${status})`));
    },
  };
}
