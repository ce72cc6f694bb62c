import { expect, test } from "vitest";
import { type Finding, harmful, judge, remedies } from "../../src/selftest/judge.ts";

const id = { "X-Request-Id": "7f3c1f7e-6f0e-4b43-9d3f-0d5b1c0a9e11" };
const html = { "Content-Type": "text/html; charset=UTF-8", Server: "cloudflare", "CF-Ray": "8f" };
const expected = { statuses: [200], says: /SHA-256/ };
const challengePage = "<script>window._cf_chl_opt={};</script>";

test.each([
  ["our own answer", 200, id, "SHA-256\nPOST", "ours"],
  ["a challenge, whatever its status", 403, { ...html, "cf-mitigated": "challenge" }, "", "challenged"],
  ["one with 429", 429, { ...html, "cf-mitigated": "challenge" }, "", "challenged"],
  ["an older one, known by its page", 503, html, challengePage, "challenged"],
  [
    "the log-in of Access",
    302,
    { Location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/x" },
    "",
    "access-login",
  ],
  ["a redirect to another host", 301, { Location: "https://www.example.com/scep" }, "", "redirected"],
  ["a redirect to a path", 308, { Location: "/login" }, "", "redirected"],
  ["the browser check", 403, html, "error code: 1010", "browser-check"],
  ["the browser check as a page", 403, html, "<h1>Access denied</h1> Error 1010", "browser-check"],
  ["a block", 403, html, "<h1>Sorry, you have been blocked</h1>", "blocked"],
  ["a rate limiting rule", 429, html, "error code: 1015", "rate-limited"],
  ["the end of the Free plan's day", 429, html, "error code: 1027", "daily-limit"],
  ["a Worker that may not ask itself", 530, {}, "error code: 1042", "untested"],
  ["a name that leads nowhere", 530, html, "error code: 1016", "unreachable"],
  ["a certificate that is not issued", 526, html, "", "unreachable"],
  ["a page of somebody else", 200, html, "<h1>Welcome to nginx</h1> SHA-256", "not-ours"],
  ["a refusal of our own", 503, id, "no authority issues identities yet", "unexpected"],
  ["an id that is not one of ours", 200, { "X-Request-Id": "abc" }, "SHA-256", "not-ours"],
])("%s is known", (_, status, headers, body, outcome) => {
  expect(
    judge({ status, headers: new Headers(headers as Record<string, string>), body }, expected).outcome,
  ).toBe(outcome);
});

test("all but our own answer, and what could not be tested, keeps devices out", () => {
  const finding = (outcome: Finding["outcome"]): Finding => ({
    probe: "scep",
    request: "",
    outcome,
    detail: "",
    remedy: "",
  });

  expect(harmful(["ours" as const, "untested" as const].map(finding))).toEqual([]);
  expect(harmful([finding("challenged")])).toHaveLength(1);
  expect(Object.values(remedies).every((remedy) => remedy.length > 20)).toBe(true);
});
