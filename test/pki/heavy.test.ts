import { expect, test } from "vitest";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { readPkcs12 } from "../../src/pki/heavy/pkcs12.ts";
import { readPrivateKey } from "../../src/pki/heavy/private-key.ts";
import { decryptRc2Cbc } from "../../src/pki/heavy/rc2.ts";
import { readPem } from "../../src/pki/pem.ts";
import { mutate, repeatableRandom } from "../support/mutate.ts";
import { credential, fixture, pemText } from "../support/pki.ts";

const authority = credential("authority");
const device = credential("device");

const keyFrom = (name: string, password?: string) => {
  const [block] = readPem(pemText(name));
  if (!block) throw new Error(`no block in ${name}`);
  return readPrivateKey(block, password);
};

test.each([
  ["authority.key", undefined],
  ["authority.pkcs1", undefined],
  ["authority.pkcs8-aes256", "geheim"],
  ["authority.pkcs8-3des", "geheim"],
  ["authority.pkcs8-v1", "geheim"],
  ["authority.pkcs1-aes256", "geheim"],
  ["authority.pkcs1-3des", "geheim"],
])("%s, as openssl writes it, is the same key", async (name, password) => {
  expect(await keyFrom(name, password)).toEqual({ ok: true, value: authority.pkcs8 });
});

test("a SEC 1 key becomes PKCS#8 on its curve", async () => {
  const key = await keyFrom("p256.sec1");
  if (!key.ok) throw new Error(key.refusal.reason);
  const { keyMatches } = await import("../../src/pki/signature.ts");

  expect(await keyMatches(key.value, credential("p256").certificate.spki)).toBe(true);
  expect(await keyMatches(key.value, credential("p384").certificate.spki)).toBe(false);
});

test.each([
  ["authority.pkcs8-aes256", "falsch", { reason: "wrong-password" }],
  ["authority.pkcs8-v1", "falsch", { reason: "wrong-password" }],
  ["authority.pkcs1-aes256", "falsch", { reason: "wrong-password" }],
  ["authority.pkcs1-3des", "", { reason: "wrong-password" }],
  ["authority.pkcs8-aes256", undefined, { reason: "no-password" }],
  ["authority.pkcs1-aes256", undefined, { reason: "no-password" }],
  [
    "authority.pkcs8-scrypt",
    "geheim",
    { reason: "unsupported-encryption", algorithm: "1.3.6.1.4.1.11591.4.11" },
  ],
  ["authority.cert", undefined, { reason: "not-a-private-key", label: "CERTIFICATE" }],
])("%s with password %j is refused by name", async (name, password, refusal) => {
  expect(await keyFrom(name, password)).toEqual({ ok: false, refusal });
});

test.each(["modern", "legacy", "legacy-rc2-128", "in-clear", "no-mac", "mac-sha512"])(
  "a %s PKCS#12 file gives up its key and certificate",
  async (name) => {
    const file = await readPkcs12(fixture(`${name}.p12`), "geheim");

    expect(file).toMatchObject({ ok: true, value: { credential: { pkcs8: device.pkcs8 } } });
    expect(file.ok && file.value.credential.certificate.der).toEqual(device.certificate.der);
    expect(file.ok && file.value.otherCertificates.map(({ subjectText }) => subjectText)).toEqual(
      ["modern", "legacy"].includes(name) ? [authority.certificate.subjectText] : [],
    );
  },
);

test("an elliptic key and an empty password are as good", async () => {
  expect(await readPkcs12(fixture("elliptic.p12"), "geheim")).toMatchObject({ ok: true });
  expect(await readPkcs12(fixture("empty-password.p12"), "")).toMatchObject({ ok: true });
});

test.each([
  ["modern", "falsch", { reason: "wrong-password" }],
  ["legacy", "", { reason: "wrong-password" }],
  ["no-mac", "falsch", { reason: "wrong-password" }],
  ["legacy-rc4", "geheim", { reason: "unsupported-encryption", algorithm: "1.2.840.113549.1.12.1.1" }],
  ["many-iterations", "geheim", { reason: "too-many-iterations", iterations: 200_000 }],
  ["no-key", "geheim", { reason: "key-count", count: 0 }],
])("the PKCS#12 file %s with password %j is refused by name", async (name, password, refusal) => {
  expect(await readPkcs12(fixture(`${name}.p12`), password)).toEqual({ ok: false, refusal });
});

test("damaged PKCS#12 files are refused in words", async () => {
  const random = repeatableRandom(12);
  for (let round = 0; round < 60; round++) {
    const file = await readPkcs12(mutate(fixture("in-clear.p12"), random), "geheim");
    expect(file).toHaveProperty("ok");
  }
});

// printf '\0\1\2\3\4\5\6\7\10\11\12' | openssl enc -rc2-40-cbc -K 0102030405 -iv 0000000000000000 -provider legacy -provider default
const rc2Of40Bits = "811435a5bf3ea2f84f2282b35fec6c89";

test("RC2 with a key of 40 bits decrypts what openssl encrypted", () => {
  const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array();
  const openssl = decryptRc2Cbc(bytes("0102030405"), new Uint8Array(8), bytes(rc2Of40Bits));

  expect(openssl && toHex(openssl)).toBe("000102030405060708090a");
  expect(decryptRc2Cbc(bytes("0102030406"), new Uint8Array(8), bytes(rc2Of40Bits))).toBeUndefined();
  expect(decryptRc2Cbc(bytes("0102030405"), new Uint8Array(8), bytes("00"))).toBeUndefined();
});
