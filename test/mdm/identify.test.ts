import { describe, expect, test } from "vitest";
import { type Bytes, sha256, toBase64, utf8 } from "../../src/base/bytes.ts";
import { identify, type Presented } from "../../src/mdm/identify.ts";
import { attribute } from "../../src/pki/attributes.ts";
import { octetString, oid, tlv } from "../../src/pki/der/write.ts";
import { oids } from "../../src/pki/oids.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { forgeSignedData, type SignedForgery } from "../support/cms-forge.ts";
import { mutate, repeatableRandom } from "../support/mutate.ts";
import { body, credential, fixture, toIndefinite } from "../support/pki.ts";

const device = credential("device");

const presenting = (presented: Partial<Presented>): Presented => ({
  mdmSignature: undefined,
  tlsClientAuth: undefined,
  clientCert: undefined,
  proxySecret: undefined,
  ...presented,
});

const bySignature = (cms: Uint8Array | string, over: Bytes = body) =>
  identify(presenting({ mdmSignature: typeof cms === "string" ? cms : toBase64(cms) }), over, undefined);

const forged = (forgery: Partial<SignedForgery> = {}) =>
  forgeSignedData({ signer: device, content: body, detached: true, ...forgery });

const reasonOf = async (asked: ReturnType<typeof identify>) => {
  const answer = await asked;
  return answer.ok ? answer.value.via : answer.refusal.reason;
};

describe("a signature proves the certificate inside it", () => {
  test.each<[string, Partial<SignedForgery>]>([
    ["SHA-1, nothing signed but the body, as macOS sends", { digest: "SHA-1" }],
    ["SHA-256", { digest: "SHA-256" }],
    ["SHA-512", { digest: "SHA-512" }],
  ])("%s", async (_, forgery) => {
    const identity = await bySignature(await forged(forgery));

    expect(identity).toMatchObject({
      value: { via: "signature", fingerprint: await fingerprint(device.certificate.der) },
    });
  });

  test("in indefinite lengths, as macOS writes them", async () => {
    expect(await reasonOf(bySignature(toIndefinite(await forged({ digest: "SHA-1" }), 3)))).toBe("signature");
  });

  test("with signed attributes, and by elliptic curves", async () => {
    expect(await reasonOf(bySignature(fixture("detached.cms")))).toBe("signature");
  });

  test("with line breaks in its base64", async () => {
    const folded = toBase64(await forged()).replace(/(.{64})/g, "$1\n");

    expect(await reasonOf(bySignature(folded))).toBe("signature");
  });
});

const signedWith = async (...more: Bytes[]) =>
  forged({
    attributes: [
      attribute(oids.contentType, oid(oids.data)),
      attribute(oids.messageDigest, octetString(await sha256(body))),
      ...more,
    ],
  });

describe("when a device says that it signed", () => {
  test.each<[string, Bytes[], number | undefined]>([
    [
      "is told",
      [attribute(oids.signingTime, tlv(23, utf8("261121161311Z")))],
      Date.UTC(2026, 10, 21, 16, 13, 11),
    ],
    ["is not known where it does not say", [], undefined],
    [
      "is not known where it cannot be read",
      [attribute(oids.signingTime, tlv(23, utf8("yesterday")))],
      undefined,
    ],
  ])("%s", async (_, attributes, signedAt) => {
    expect(await bySignature(await signedWith(...attributes))).toMatchObject({
      ok: true,
      value: { signedAt },
    });
  });
});

describe("a signature is refused", () => {
  test("of a SCEP message", async () => {
    const messageType = attribute(`${oids.scepAttributes}.2`, tlv(19, utf8("17")));

    expect(await reasonOf(bySignature(await signedWith(messageType)))).toBe("signed-for-another-purpose");
  });

  test.each<[string, Partial<SignedForgery>]>([
    ["by two signers", { signerCount: 2 }],
    ["by none", { signerCount: 0 }],
    ["without its certificate", { certificates: [] }],
    ["with content of its own, however well it signs that", { detached: false }],
    ["of something that is not data", { contentType: "1.2.840.113549.1.7.3" }],
  ])("%s", async (_, forgery) => {
    expect(await reasonOf(bySignature(await forged(forgery)))).toBe("signature-invalid");
  });

  test("over another body", async () => {
    const other = body.slice();
    other[10] = (other[10] ?? 0) ^ 1;

    expect(await reasonOf(bySignature(await forged(), other))).toBe("signature-invalid");
  });

  test("that is longer than any device's", async () => {
    expect(await reasonOf(bySignature("A".repeat(100_000)))).toBe("signature-too-long");
  });

  test.each(["", "not base64!", "====", "\u00e9"])("that is no base64: %j", async (header) => {
    expect(await reasonOf(bySignature(header))).toBe("signature-not-base64");
  });

  test("when there is none at all", async () => {
    expect(await identify(presenting({}), body, undefined)).toMatchObject({
      refusal: { reason: "no-identity", detail: expect.stringContaining("SignMessage") },
    });
  });

  test("20,000 damaged or random ones are refused by name, and none passes for another body", async () => {
    const random = repeatableRandom(3);
    const whole = await forged();
    const elsewhere = utf8("another body");
    const passed: number[] = [];

    for (let count = 0; count < 20_000; count++) {
      const bytes =
        count % 4 === 0 ? Uint8Array.from({ length: random(400) }, () => random(256)) : mutate(whole, random);
      if ((await bySignature(bytes, elsewhere)).ok) passed.push(count);
    }

    expect(passed).toEqual([]);
  });
});

describe("a client certificate that Cloudflare verified", () => {
  const certFingerprintSHA256 = "ab".repeat(32).toUpperCase();
  const verified = { certPresented: "1", certVerified: "SUCCESS", certFingerprintSHA256 };
  const over = (tlsClientAuth: Presented["tlsClientAuth"]) =>
    identify(presenting({ tlsClientAuth }), body, undefined);

  test("is known by its fingerprint", async () => {
    expect(await over(verified)).toMatchObject({
      value: { via: "cloudflare", fingerprint: "ab".repeat(32) },
    });
  });

  test.each([
    [
      "was not verified",
      { ...verified, certVerified: "FAILED:unable to verify the first certificate" },
      "bad-client-certificate",
    ],
    ["has no fingerprint", { ...verified, certFingerprintSHA256: "" }, "bad-client-certificate"],
    ["was not presented", { ...verified, certPresented: "0" }, "no-identity"],
  ])("is not believed when it %s", async (_, auth, reason) => {
    expect(await reasonOf(over(auth))).toBe(reason);
  });

  test("does not stand in for a signature that does not hold", async () => {
    const presented = presenting({ mdmSignature: "AAAA", tlsClientAuth: verified });

    expect(await reasonOf(identify(presented, body, undefined))).toBe("signature-invalid");
  });
});

describe("a client certificate from a proxy", () => {
  const secret = "a secret that the proxy and we share";
  const clientCert = `:${toBase64(device.certificate.der)}:`;
  const from = (presented: Partial<Presented>, configured: string | undefined = secret) =>
    identify(presenting({ clientCert, proxySecret: secret, ...presented }), body, configured);

  test("is believed when the proxy knows the secret", async () => {
    expect(await from({})).toMatchObject({
      value: { via: "proxy", fingerprint: await fingerprint(device.certificate.der) },
    });
  });

  test("is not believed from anybody else", async () => {
    expect(await reasonOf(from({ proxySecret: "a guess" }))).toBe("proxy-not-trusted");
    expect(await reasonOf(from({ proxySecret: undefined }))).toBe("proxy-not-trusted");
  });

  test("counts for nothing while no proxy is configured", async () => {
    expect(await reasonOf(identify(presenting({ clientCert, proxySecret: "" }), body, undefined))).toBe(
      "no-identity",
    );
  });

  test.each([":AAAA:", "AAAA", "::", ":***:"])("must be a certificate: %j is none", async (header) => {
    expect(await reasonOf(from({ clientCert: header }))).toBe("bad-client-certificate");
  });
});
