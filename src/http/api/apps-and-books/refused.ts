import type { Context } from "hono";
import type { ContentRefusal } from "../../../apps-and-books/refusals.ts";
import type { WishRefusal } from "../../../licences/ask.ts";
import type { LocationRefusal } from "../../../licences/manage-locations.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { problem } from "../route/problem.ts";
import { invalid } from "../route/validate.ts";

// What Apple refuses is not a fault of this server, and not a wrong request either.

export function refusedLocation(c: Context<ApiEnv>, name: string, refusal: LocationRefusal): Response {
  switch (refusal.reason) {
    case "not-proven":
      return refusedByApple(c, name, refusal.apple);
    case "input":
      return invalid(c, [{ pointer: refusal.pointer, code: "not-usable", detail: refusal.detail }]);
    case "managed-elsewhere":
      return problem(c, "conflict", refusal.detail, {
        members: { reason: refusal.reason, managed_by: refusal.by },
      });
    default:
      return problem(c, "conflict", refusal.detail, { members: { reason: refusal.reason } });
  }
}

function refusedByApple(c: Context<ApiEnv>, name: string, refusal: ContentRefusal): Response {
  const { reason, code, detail, remedy, retry, retryAfterSeconds } = refusal;
  const members = { apple: { location: name, reason, code: code ?? null, remedy } };
  if (retry !== "backoff") return problem(c, "apple-refused", `${detail}. ${remedy}`, { members });
  return problem(c, "apple-unavailable", `${detail}. ${remedy}`, {
    members,
    headers: { "Retry-After": String(retryAfterSeconds ?? 30) },
  });
}

export const refusedWish = (c: Context<ApiEnv>, refusal: WishRefusal): Response =>
  refusal.reason === "managed-elsewhere"
    ? problem(c, "conflict", refusal.detail, { members: { reason: refusal.reason } })
    : invalid(c, [{ pointer: `/assets/${refusal.at}`, code: refusal.reason, detail: refusal.detail }]);
