import { expect, test } from "vitest";
import { oauthHeader, signatureBase } from "../../src/ade/oauth.ts";

const token = {
  consumer_key: "CK_test",
  consumer_secret: "CS_test",
  access_token: "AT_test",
  access_secret: "AS_test",
  access_token_expiry: "2099-01-01T00:00:00Z",
};
const request = {
  url: "https://mdmenrollment.apple.com/session",
  timestamp: 1_700_000_000,
  nonce: "0123456789abcdef",
};

test("the signed text names method, address and parameters in their order", () => {
  expect(signatureBase(token, request)).toBe(
    "GET&https%3A%2F%2Fmdmenrollment.apple.com%2Fsession&oauth_consumer_key%3DCK_test%26oauth_nonce%3D0123456789abcdef%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000%26oauth_token%3DAT_test%26oauth_version%3D1.0",
  );
});

test("the header carries the known signature, percent-encoded, on one line", async () => {
  const header = await oauthHeader(token, request);

  expect(header).toMatch(/^OAuth realm="ADM", oauth_consumer_key="CK_test", oauth_token="AT_test", /);
  expect(header).toContain('oauth_signature="BRL5Le54s2T7%2B9Koh1w7WFxin4g%3D"');
  expect(header).not.toContain("\n");
});

test("marks that encodeURIComponent leaves are encoded, and a port belongs to the address", () => {
  const odd = signatureBase(
    { ...token, consumer_key: "CK!'()*~" },
    { ...request, url: "http://LOCALHOST:8080/session" },
  );

  expect(odd).toContain("http%3A%2F%2Flocalhost%3A8080%2Fsession");
  expect(odd).toContain("oauth_consumer_key%3DCK%2521%2527%2528%2529%252A~");
});
