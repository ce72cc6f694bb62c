import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { checkAddress } from "../../src/webhooks/address.ts";
import { retryAfterMs } from "../../src/webhooks/client.ts";
import { isSecret, signatureHeaders } from "../../src/webhooks/sign.ts";

test.each([
  "https://hooks.example.com/mdm?token=x",
  "https://hooks.slack.com/services/T0/B0/x",
  "https://8.8.8.8/in",
  "https://172.32.0.1/",
  "https://[2606:4700::1111]/",
  "https://example.com:8443/",
])("%s is taken", (url) => {
  expect(checkAddress(url, false).ok).toBe(true);
});

test.each([
  "http://hooks.example.com/",
  "ftp://hooks.example.com/",
  "not an address",
  "https://user:secret@example.com/",
  "https://example.com/#part",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://localhost../",
  "https://127.0.0.1./",
  "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
  "https://１２７.0.0.1/",
  "https://%31%32%37.0.0.1/",
  "https://intranet/",
  "https://db.internal/",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://printer.local/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://0/",
  "https://10.1.2.3/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://172.16.0.1/",
  "https://192.168.1.1/",
  "https://198.18.0.1/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:db8::1]/",
  "https://[ff02::1]/",
])("%s is refused", (url) => {
  expect(checkAddress(url, false)).toMatchObject({ ok: false, refusal: { reason: "address-not-taken" } });
});

test("for development this machine is taken, and without TLS", () => {
  expect(checkAddress("http://127.0.0.1:8080/in", true).ok).toBe(true);
  expect(checkAddress("file:///etc/passwd", true).ok).toBe(false);
});

// The example of Standard Webhooks' own libraries.
test("a message is signed as the standard's test vector is", async () => {
  const held = { url: "https://x.example", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  const headers = await signatureHeaders(
    held,
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    utf8('{"test": 2432232314}'),
    1_614_265_330_000,
  );

  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("a secret has 24 to 64 bytes", () => {
  expect(isSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).toBe(true);
  expect(["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA", "whsec_!!"].some(isSecret)).toBe(false);
});

test("Retry-After comes in seconds or as a date, and what is neither asks for nothing", () => {
  const now = Date.parse("2026-11-28T00:00:00Z");

  expect(retryAfterMs("120", now)).toBe(120_000);
  expect(retryAfterMs("Sat, 28 Nov 2026 00:01:00 GMT", now)).toBe(60_000);
  expect([retryAfterMs("soon", now), retryAfterMs(null, now), retryAfterMs("-5", now)]).toEqual([0, 0, 0]);
});
