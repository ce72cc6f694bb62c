import { expect, test } from "vitest";
import { type AppleAnswer, readAnswer, readErrorCode, readRetryAfter } from "../../src/ade/answer.ts";
import { appleCodes } from "../../src/ade/apple-codes.ts";
import { findingOf, profileCodes } from "../../src/ade/profile-findings.ts";
import { refusalOf } from "../../src/ade/refusals.ts";

const now = Date.parse("2026-08-01T08:00:00Z");
const answer = (status: number, text: string, headers: Record<string, string> = {}): Promise<AppleAnswer> =>
  readAnswer(new Response(text, { status, headers }), now);

test.each(Object.entries(appleCodes))("%s is a refusal with a reason and a remedy", async (code, meaning) => {
  const refusal = refusalOf(await answer(code === "TOO_MANY_REQUESTS" ? 429 : 400, code));

  expect(refusal).toMatchObject({ code, reason: meaning.reason });
  expect(refusal.remedy.length).toBeGreaterThan(10);
});

test.each<[string, number, string, string]>([
  ["a forbidden call without a word", 403, "", "access-denied"],
  ["a forbidden call with words", 403, "you shall not", "access-denied"],
  ["an expired token", 403, "token_expiredForbidden", "token-expired"],
  ["an unknown token", 401, "oauth_problem_adviceUnauthorized", "token-rejected"],
  ["a bad signature", 400, "oauth_problem_adviceBad Request", "bad-signature"],
  ["a path that is gone", 404, "", "not-found"],
  ["a method that is not taken", 405, "", "request-refused"],
  ["too many calls without a word", 429, "", "too-many-requests"],
  ["a broken Apple", 500, "FORBIDDEN", "apple-unavailable"],
  ["an Apple in repair", 503, "", "apple-unavailable"],
  ["a word that no page knows", 400, "SOMETHING_NEW", "request-refused"],
  ["a success without a body's sense", 304, "", "unreadable-answer"],
])("%s is understood by its status", async (_, status, text, reason) => {
  const response = status === 304 ? { ...(await answer(400, text)), status } : await answer(status, text);

  expect(refusalOf(response).reason).toBe(reason);
});

test("what is not found is what was asked for", async () => {
  expect(refusalOf(await answer(400, "NOT_FOUND"), "profile").reason).toBe("profile-not-found");
  expect(refusalOf(await answer(404, ""), "device").reason).toBe("device-not-found");
  expect(refusalOf(await answer(404, "NOT_FOUND"), "discovery").reason).toBe("discovery-not-set");
  expect(refusalOf(await answer(400, "ORG_NOT_SUPPORTED"), "discovery").reason).toBe(
    "organisation-not-supported",
  );
});

test.each<[string, string | undefined]>([
  ["EXPIRED_CURSOR", "EXPIRED_CURSOR"],
  [' "EXPIRED_CURSOR"\n', "EXPIRED_CURSOR"],
  ['{"code":"EXPIRED_CURSOR"}', "EXPIRED_CURSOR"],
  ['{"error":"EXPIRED_CURSOR"}', "EXPIRED_CURSOR"],
  ["error: DEVICE_NOT_FOUND", "DEVICE_NOT_FOUND"],
  ["access FORBIDDEN by policy", undefined],
  ["FORBIDDEN", "FORBIDDEN"],
  ["NEWER_THAN_THIS", "NEWER_THAN_THIS"],
  ["<html>T_C_NOT_SIGNED</html>", undefined],
  ['{"code":5}', undefined],
  ["{half", undefined],
  ["toString", undefined],
  ["", undefined],
])("the word in %j is %j", (text, code) => {
  expect(readErrorCode(text)).toBe(code);
});

test.each<[string | null, number | undefined]>([
  [null, undefined],
  ["", undefined],
  ["30", 30],
  ["0", 0],
  ["Sat, 01 Aug 2026 08:02:00 GMT", 120],
  ["Sat, 01 Aug 2026 07:00:00 GMT", 0],
  ["9999999999", 86_400],
  ["soon", undefined],
])("Retry-After %j is %j seconds", (value, seconds) => {
  expect(readRetryAfter(value, now)).toBe(seconds);
});

test("a long error is cut, and its text is on one line", async () => {
  const long = await answer(400, `bad\n\u0007things ${"x".repeat(5000)}`);

  expect(long.isTooLarge).toBe(true);
  expect(refusalOf(long).detail).toMatch(/^Apple answered 400 bad things x+$/);
  expect(refusalOf(long).detail.length).toBeLessThan(250);
});

test("what Apple says of a profile is the finding that the check makes", async () => {
  for (const [code, pointer] of Object.entries(profileCodes)) {
    expect(findingOf(refusalOf(await answer(400, code)))).toMatchObject({ code, pointer });
  }
  expect(findingOf(refusalOf(await answer(403, "T_C_NOT_SIGNED")))).toBeUndefined();
});
