import { publicEncrypt } from "node:crypto";
import { expect, test } from "vitest";
import type { Bytes } from "../../src/base/bytes.ts";
import { type Envelope, openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { unpad } from "../../src/pki/cms/key-transport.ts";
import { toPem } from "../../src/pki/pem.ts";
import { credential, fixture } from "./pki.ts";

// What an attacker may learn from a wrapped key that is wrong: nothing. The same cases run in workerd, whose
// RSA decryption throws on bad padding, and in Node, whose answers with random bytes (test/pki/padding*.test.ts).

const authority = credential("authority");
const length = 16;
const block = 256;

const pkcs1 = (key: Uint8Array, { zeroAt = 0, type = 2, first = 0 } = {}): Bytes => {
  const padded = new Uint8Array(block).fill(7);
  padded.set([first, type]);
  padded[block - key.length - 1] = 0;
  padded.set(key, block - key.length);
  if (zeroAt > 0) padded[zeroAt] = 0;
  return padded;
};

/** The raw RSA operation, so that the padding is ours to break (padding 3 is none). */
const rawEncrypt = (padded: Uint8Array): Bytes =>
  new Uint8Array(publicEncrypt({ key: toPem("PUBLIC KEY", authority.certificate.spki), padding: 3 }, padded));

const parsed = (name: string): Envelope => {
  const envelope = parseEnvelope(fixture(`${name}.cms`));
  if (!envelope.ok) throw new Error(envelope.refusal.reason);
  return envelope.value;
};
// Authenticated, so that a wrong key is told every time: CBC padding comes out right once in 256 wrong keys.
const good = parsed("encrypted-gcm128");
const padded = parsed("encrypted-aes128");

const withKey = (wrappedKey: Bytes): Envelope => ({
  ...good,
  recipients: good.recipients.map((recipient) => ({ ...recipient, wrappedKey })),
});

const key = Uint8Array.from({ length }, (_, index) => index + 1);

const wrongKeys: [string, Bytes][] = [
  ["a first byte other than 00", rawEncrypt(pkcs1(key, { first: 0x01 }))],
  ["a block type other than 02", rawEncrypt(pkcs1(key, { type: 1 }))],
  ["a zero among the first eight bytes of padding", rawEncrypt(pkcs1(key, { zeroAt: 5 }))],
  ["a zero later in the padding, so a longer key", rawEncrypt(pkcs1(key, { zeroAt: 100 }))],
  ["a shorter key", rawEncrypt(pkcs1(key.subarray(1)))],
  ["no zero at all", rawEncrypt(new Uint8Array(block).fill(7).with(0, 0).with(1, 2) as Bytes)],
  ["a right padding around another key", rawEncrypt(pkcs1(key))],
  ["zero", new Uint8Array(block)],
  ["a number above the modulus", new Uint8Array(block).fill(0xff)],
  ["a byte too few", new Uint8Array(block - 1).fill(1)],
  ["a byte too many", new Uint8Array(block + 1).fill(1)],
  ["nothing", new Uint8Array()],
];

test.each(wrongKeys)("a wrapped key with %s fails like every other", async (_, wrapped) => {
  for (let round = 0; round < 3; round++)
    expect(await openEnvelope(withKey(wrapped), authority)).toEqual({
      ok: false,
      refusal: { reason: "undecryptable" },
    });
});

test.each([
  ["its last block broken", (bytes: Bytes) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1)],
  ["half a block", (bytes: Bytes) => bytes.subarray(0, bytes.length - 8)],
  ["nothing at all", () => new Uint8Array()],
])("a ciphertext with %s fails like a wrong key", async (_, breakIt) => {
  const envelope = { ...padded, ciphertext: breakIt(padded.ciphertext) as Bytes };

  expect(await openEnvelope(envelope, authority)).toEqual({
    ok: false,
    refusal: { reason: "undecryptable" },
  });
});

test("a wrong OAEP key fails in the same words", async () => {
  const recipients = good.recipients.map((recipient) => ({
    ...recipient,
    transport: { kind: "oaep", digest: "SHA-256" } as const,
  }));

  expect(await openEnvelope({ ...good, recipients }, authority)).toEqual({
    ok: false,
    refusal: { reason: "undecryptable" },
  });
});

test("padding yields the key when it is right, the substitute when anything is wrong", () => {
  const substitute = new Uint8Array(length).fill(0xaa);

  expect(unpad(pkcs1(key), substitute, 0)).toEqual(key);
  expect(unpad(pkcs1(key), substitute, 1)).toEqual(substitute);
  for (let at = 0; at < block - length; at++) {
    const broken = pkcs1(key);
    broken[at] = at === block - length - 1 ? 9 : at < 2 ? 5 : 0;
    expect(unpad(broken, substitute, 0), `byte ${at}`).toEqual(substitute);
  }
});
