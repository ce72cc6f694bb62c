import { numberAt, textAt } from "../ade/json.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { second } from "../base/time.ts";
import { type BusinessAnswer, readBody } from "./answer.ts";
import type { Portal } from "./assertion.ts";
import { type BusinessRefusal, tokenRefusal, unreadable } from "./refusals.ts";

/** An access token. Apple counts requests for one, so it is used until it is nearly over. */
export type AccessToken = { token: string; until: number };

/** Apple documents one path, and its own clients use the other: where one is missing the other is tried. */
export const tokenPaths = ["/auth/oauth2/v2/token", "/auth/oauth2/token"] as const;

export const tokenForm = (portal: Portal, clientId: string, assertion: string): URLSearchParams =>
  new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: portal === "school" ? "school.api" : "business.api",
  });

/** Of its hour this much is used. */
const usedPart = 0.8;
const shortestSeconds = 60;
const longestSeconds = 24 * 60 * 60;

export function readToken(answer: BusinessAnswer, now: number): Result<AccessToken, BusinessRefusal> {
  if (answer.status !== 200) return refuse(tokenRefusal(answer));
  const body = readBody(answer);
  if (!body.ok) return refuse(unreadable(answer, body.refusal));
  const token = textAt(body.value, "access_token") ?? "";
  // It goes back in a header, as it came.
  if (!/^[!-~]{1,4000}$/.test(token)) return refuse(unreadable(answer, "it gave no access token"));
  const given = numberAt(body.value, "expires_in") ?? 3600;
  const seconds = Math.min(Math.max(given, shortestSeconds), longestSeconds);
  return ok({ token, until: now + Math.floor(seconds * usedPart) * second });
}
