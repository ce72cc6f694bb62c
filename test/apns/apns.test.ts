import { expect, test, vi } from "vitest";
import {
  outcomeOf,
  outcomeOfGoodbye,
  type PushOutcome,
  type PushRequest,
  requestBody,
  requestHeaders,
  requestPath,
} from "../../src/apns/apns.ts";
import { bindingConnection, type MtlsBinding } from "../../src/apns/binding-client.ts";
import { pushRoots } from "../../src/apns/roots.ts";
import { fromUtf8, utf8 } from "../../src/base/bytes.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";

const request: PushRequest = {
  token: Uint8Array.of(0x00, 0xab, 0xff),
  topic: "com.apple.mgmt.External.1",
  PushMagic: 'quoted "magic"',
  expiration: 1_800_000_000,
  priority: 10,
};

test("a push says nothing but the PushMagic, to the token in lower-case hex", () => {
  expect(requestPath(request)).toBe("/3/device/00abff");
  expect(fromUtf8(requestBody(request))).toBe('{"mdm":"quoted \\"magic\\""}');
  expect(requestHeaders(request)).toEqual([
    ["apns-topic", "com.apple.mgmt.External.1"],
    ["apns-push-type", "mdm"],
    ["apns-priority", "10"],
    ["apns-expiration", "1800000000"],
    ["content-type", "application/json"],
  ]);
  expect(requestHeaders({ ...request, id: "0f-1" }).at(-1)).toEqual(["apns-id", "0f-1"]);
});

const answered = (status: number, body: unknown): PushOutcome =>
  outcomeOf({ status, id: "id-1", body: utf8(typeof body === "string" ? body : JSON.stringify(body)) });

test("200 is delivered, with Apple's id", () => {
  expect(answered(200, "")).toEqual({ outcome: "delivered", id: "id-1" });
});

test.each<[number, string, Partial<PushOutcome>]>([
  [400, "BadDeviceToken", { outcome: "unregistered" }],
  [400, "DeviceTokenNotForTopic", { outcome: "token-for-other-topic" }],
  [400, "BadTopic", { outcome: "topic-trouble" }],
  [400, "MissingTopic", { outcome: "topic-trouble" }],
  [400, "TopicDisallowed", { outcome: "topic-trouble" }],
  [400, "IdleTimeout", { outcome: "retry", afterSeconds: 0, scope: "connection" }],
  [400, "BadExpirationDate", { outcome: "our-mistake" }],
  [400, "BadPriority", { outcome: "our-mistake" }],
  [400, "InvalidPushType", { outcome: "our-mistake" }],
  [400, "PayloadEmpty", { outcome: "our-mistake" }],
  [403, "BadCertificate", { outcome: "certificate-trouble" }],
  [403, "BadCertificateEnvironment", { outcome: "certificate-trouble" }],
  [403, "Forbidden", { outcome: "certificate-trouble" }],
  [403, "MissingProviderToken", { outcome: "certificate-trouble" }],
  [404, "BadPath", { outcome: "our-mistake" }],
  [405, "MethodNotAllowed", { outcome: "our-mistake" }],
  [410, "ExpiredToken", { outcome: "unregistered" }],
  [413, "PayloadTooLarge", { outcome: "our-mistake" }],
  [429, "TooManyRequests", { outcome: "retry", afterSeconds: 60, scope: "token" }],
  [500, "InternalServerError", { outcome: "retry", afterSeconds: 60, scope: "token" }],
  [503, "ServiceUnavailable", { outcome: "retry", afterSeconds: 60, scope: "connection" }],
  [503, "Shutdown", { outcome: "retry", afterSeconds: 1, scope: "connection" }],
  [400, "SomethingNew", { outcome: "our-mistake" }],
  [403, "SomethingNew", { outcome: "certificate-trouble" }],
  [410, "SomethingNew", { outcome: "unregistered" }],
  [429, "SomethingNew", { outcome: "retry", scope: "token" }],
  [599, "SomethingNew", { outcome: "retry", scope: "connection" }],
])("%i %s is understood", (status, reason, outcome) => {
  expect(answered(status, { reason })).toMatchObject({ ...outcome, reason });
});

test("410 says since when", () => {
  expect(answered(410, { reason: "Unregistered", timestamp: 1_700_000_000_123 })).toEqual({
    outcome: "unregistered",
    reason: "Unregistered",
    since: 1_700_000_000_123,
  });
  expect(answered(410, { reason: "Unregistered", timestamp: "yesterday" })).toMatchObject({
    since: undefined,
  });
});

test.each(["", "<html>", "null", "[]", "7", '{"reason":7}', '{"reason":"<script>"}', "\ud800"])(
  "an error without a reason is told by its status: %j",
  (body) => {
    expect(answered(403, body)).toEqual({ outcome: "certificate-trouble", reason: "status 403" });
  },
);

test("a goodbye for the certificate's sake is certificate trouble, every other one is a reason to connect again", () => {
  expect(outcomeOfGoodbye('{"reason":"BadCertificate"}')).toEqual({
    outcome: "certificate-trouble",
    reason: "BadCertificate",
  });
  expect(outcomeOfGoodbye('{"reason":"Shutdown"}')).toMatchObject({ outcome: "retry", reason: "Shutdown" });
  expect(outcomeOfGoodbye("")).toEqual({
    outcome: "retry",
    reason: "the server went away",
    afterSeconds: 0,
    scope: "connection",
  });
});

test("the pinned root is the one that Apple announced, and others can be added", async () => {
  const [pinned] = pushRoots();
  const doubled = pushRoots(`text around\n${pemOf(pinned?.der ?? new Uint8Array())}`);

  expect(pushRoots()).toHaveLength(1);
  expect(await fingerprint(pinned?.der ?? new Uint8Array())).toBe(
    "e793c9b02fd8aa13e21c31228accb08119643b749c898964b1746d46c3d4cbd2",
  );
  expect(doubled).toHaveLength(2);
  expect(() => pushRoots("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).toThrow(
    "not a root certificate",
  );
});

const pemOf = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;

test("over Cloudflare's binding the same push is a fetch, and the same answers are the same outcomes", async () => {
  const fetch = vi.fn<MtlsBinding["fetch"]>(async () =>
    Response.json({ reason: "Unregistered", timestamp: 5 }, { status: 410, headers: { "apns-id": "x" } }),
  );
  const connection = bindingConnection(
    { fetch },
    { host: "api.push.apple.com", port: 443, requestTimeoutMs: 1000 },
  );

  const outcome = await connection.push(request);

  expect(outcome).toEqual({ outcome: "unregistered", reason: "Unregistered", since: 5 });
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe("https://api.push.apple.com:443/3/device/00abff");
  expect(init).toMatchObject({
    method: "POST",
    headers: requestHeaders(request),
    body: requestBody(request),
  });
  expect(connection.unanswered).toBe(0);
});

test("a fetch that fails is to be tried again", async () => {
  const fetch = async () => {
    throw new Error("Network connection lost.");
  };
  const connection = bindingConnection(
    { fetch },
    { host: "api.push.apple.com", port: 443, requestTimeoutMs: 1000 },
  );

  expect(await connection.push(request)).toMatchObject({
    outcome: "retry",
    reason: "Network connection lost.",
  });
  expect(await connection.ping(10)).toBe(true);
  await connection.close();
  expect(await connection.ended).toMatchObject({ detail: "we closed the connection" });
});
