import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { type BuildCipher, buildEnvelope, openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { body, credential, fixture } from "../support/pki.ts";

const authority = credential("authority");

async function open(cms: Uint8Array, allowLegacyCiphers = false, who = authority) {
  const envelope = parseEnvelope(cms, { allowLegacyCiphers });
  return envelope.ok ? openEnvelope(envelope.value, who) : envelope;
}

test.each([
  "aes128",
  "aes192",
  "aes256",
  "keyid",
  "stream-aes128",
  "gcm128",
  "gcm256",
  "oaep-sha1",
  "oaep-sha256",
  "two-recipients",
])("openssl's %s is decrypted", async (name) => {
  expect(await open(fixture(`encrypted-${name}.cms`))).toEqual({ ok: true, value: body });
});

test.each([
  ["3des", "1.2.840.113549.3.7"],
  ["stream-3des", "1.2.840.113549.3.7"],
  ["des", "1.3.14.3.2.7"],
])("%s is decrypted only where old ciphers are allowed", async (name, algorithm) => {
  const cms = fixture(`encrypted-${name}.cms`);

  expect(await open(cms)).toEqual({ ok: false, refusal: { reason: "unsupported-cipher", algorithm } });
  expect(await open(cms, true)).toEqual({ ok: true, value: body });
});

test("RC2 is refused by name, whatever is allowed", async () => {
  expect(await open(fixture("encrypted-rc2.cms"), true)).toMatchObject({
    refusal: { reason: "unsupported-cipher", algorithm: "1.2.840.113549.3.2" },
  });
});

test("a sole recipient is tried even if it names another certificate, and then simply does not decrypt", async () => {
  expect(await open(fixture("encrypted-other-recipient.cms"))).toEqual({
    ok: false,
    refusal: { reason: "undecryptable" },
  });
});

test.each(["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "3DES-CBC"] as BuildCipher[])(
  "what is encrypted with %s is decrypted again",
  async (cipher) => {
    const cms = await buildEnvelope(utf8("geheim"), authority.certificate, cipher);

    expect(await open(cms.ok ? cms.value : fixture("authority.cert"), true)).toEqual({
      ok: true,
      value: utf8("geheim"),
    });
  },
);
