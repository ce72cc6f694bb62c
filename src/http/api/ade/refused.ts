import type { Context } from "hono";
import type { AskRefusal } from "../../../apple-business/service.ts";
import type { UploadRefusal } from "../../../apple-business/upload-token.ts";
import type { BusinessRefusal } from "../../../business-api/refusals.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { problem } from "../route/problem.ts";

// What Apple refuses is not a fault of this server, and not a wrong request either: it has problems of its own, each
// with what a person can do.

export const appleProblems = ["apple-refused", "apple-unavailable", "conflict"] as const;

export function refusedByApple(
  c: Context<ApiEnv>,
  account: string,
  refusal: AskRefusal | BusinessRefusal,
): Response {
  if (refusal.reason === "no-token")
    return problem(c, "conflict", `${refusal.detail}: upload one (docs/ade.md)`);
  const { reason, code, status, detail, remedy, retry, retryAfterSeconds } = refusal;
  const members = { apple: { account, reason, code: code ?? null, status: status ?? null, remedy } };
  if (retry !== "backoff") return problem(c, "apple-refused", `${detail}. ${remedy}`, { members });
  const seconds = String(retryAfterSeconds ?? 30);
  return problem(c, "apple-unavailable", `${detail}. ${remedy}`, {
    members,
    headers: { "Retry-After": seconds },
  });
}

/** The token that is in use stays in use. */
export function refusedToken(c: Context<ApiEnv>, account: string, refusal: UploadRefusal): Response {
  if (refusal.reason === "not-proven") return refusedByApple(c, account, refusal.apple);
  const { reason, detail } = refusal;
  const members = { reason };
  const isState =
    reason === "no-key-pair" ||
    reason === "other-server" ||
    reason === "server-taken" ||
    reason === "other-consumer";
  if (isState) return problem(c, "conflict", detail, { members });
  return problem(c, "invalid-request", detail, {
    members,
    errors: [{ pointer: "", code: reason, detail }],
  });
}
