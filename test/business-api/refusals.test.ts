import { expect, test } from "vitest";
import { readBusinessAnswer } from "../../src/business-api/answer.ts";
import { callRefusal, tokenRefusal } from "../../src/business-api/refusals.ts";

const answer = (status: number, body: unknown) =>
  readBusinessAnswer(Response.json(body, { status, headers: { "Retry-After": "7" } }), 0);

test.each([
  [400, { error: "invalid_client" }, "client-refused", "schedule"],
  [400, { error: "slow_down" }, "too-many-requests", "backoff"],
  [401, { error: "invalid_client" }, "key-refused", "schedule"],
  [403, {}, "key-revoked", "schedule"],
  [429, {}, "too-many-requests", "backoff"],
  [502, {}, "apple-unavailable", "backoff"],
])("a token refused with %i %j is %s", async (status, body, reason, retry) => {
  expect(tokenRefusal(await answer(status, body))).toMatchObject({ reason, retry, retryAfterSeconds: 7 });
});

test.each([
  [401, "token-rejected"],
  [403, "forbidden"],
  [404, "not-found"],
  [406, "not-acceptable"],
  [409, "conflict"],
  [422, "request-refused"],
  [418, "unreadable-answer"],
  [500, "apple-unavailable"],
])("a call refused with %i is %s, with Apple's words", async (status, reason) => {
  const refusal = callRefusal(await answer(status, { errors: [{ code: "SOME.CODE", detail: "so it is" }] }));

  expect(refusal).toMatchObject({ reason, code: "SOME.CODE" });
  if (reason !== "unreadable-answer") expect(refusal.detail).toContain("so it is");
});
