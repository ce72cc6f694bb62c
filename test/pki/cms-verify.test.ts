import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { type VerifyOptions, verifySignedData } from "../../src/pki/cms/verify.ts";
import { body, certificateOf, fixture, toIndefinite } from "../support/pki.ts";

const verify = (name: string, options: VerifyOptions = {}) =>
  verifySignedData(fixture(`${name}.cms`), { allowSha1: true, ...options });

test.each([
  "detached",
  "detached-noattr",
  "detached-sha1",
  "detached-sha1-noattr",
  "detached-sha384",
  "detached-sha512",
  "detached-keyid",
  "detached-pss",
  "detached-pss-sha512",
  "detached-p256",
  "detached-p256-sha1",
  "detached-p384",
  "detached-p521",
  "detached-p256-noattr",
  "detached-weak",
])(
  "%s: a signature beside its content verifies, and no longer once a byte of the content changes",
  async (name) => {
    const good = await verify(name, { detached: body });
    const bad = await verify(name, { detached: body.with(20, 0x20) as typeof body });

    expect(good).toMatchObject({ ok: true, value: { content: undefined } });
    expect(bad.ok).toBe(false);
  },
);

test.each(["attached", "attached-noattr", "attached-chain", "stream-attached", "stream-attached-noattr"])(
  "%s: a signature around its content verifies and gives the content back",
  async (name) => {
    const result = await verify(name);

    expect(result).toMatchObject({ ok: true, value: { content: body, contentType: "1.2.840.113549.1.7.1" } });
  },
);

test("an empty detached content is a content", async () => {
  expect(await verify("detached", { detached: utf8("") })).toMatchObject({
    refusal: { reason: "digest-mismatch" },
  });
});

test("a known certificate stands in for one the message does not bring", async () => {
  const without = await verify("detached-nocerts", { detached: body });
  const known = await verify("detached-nocerts", {
    detached: body,
    certificates: [certificateOf(fixture("device.cert"))],
  });

  expect(without).toEqual({ ok: false, refusal: { reason: "no-signer-certificate", certificates: 0 } });
  expect(known.ok).toBe(true);
});

test.each([
  ["attached", { detached: body }, { reason: "embedded-content" }],
  ["detached", {}, { reason: "absent-content" }],
  ["two-signers", { detached: body }, { reason: "signer-count", count: 2 }],
  ["degenerate", {}, { reason: "signer-count" }],
  ["detached-sha1", { detached: body, allowSha1: false }, { reason: "weak-digest", digest: "SHA-1" }],
  ["detached-md5", { detached: body }, { reason: "unsupported-algorithm" }],
  ["encrypted-aes128", {}, { reason: "wrong-content-type" }],
] as [string, VerifyOptions, object][])("%s is refused by name", async (name, options, refusal) => {
  expect(await verify(name, options)).toMatchObject({ ok: false, refusal });
});

// The shape of the captured macOS headers: indefinite lengths down to the certificate, SHA-1, no attributes.
test("a detached message with indefinite lengths verifies", async () => {
  for (const name of ["detached-sha1-noattr", "detached"]) {
    const ber = toIndefinite(fixture(`${name}.cms`), 4);

    expect(await verifySignedData(ber, { detached: body, allowSha1: true })).toMatchObject({ ok: true });
    expect(ber.subarray(0, 2)).toEqual(Uint8Array.of(0x30, 0x80));
  }
});
