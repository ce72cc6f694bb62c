import { publicEncrypt } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import type { Bytes } from "../../src/base/bytes.ts";
import { issuerAndSerial } from "../../src/pki/cms/certificate-id.ts";
import { cipherByName, encryptContent } from "../../src/pki/cms/ciphers.ts";
import { contentInfo } from "../../src/pki/cms/content-info.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { rawOf } from "../../src/pki/der/fields.ts";
import { primitiveTag } from "../../src/pki/der/tags.ts";
import { asn1Null, integer, octetString, oid, sequence, setOf, tlv } from "../../src/pki/der/write.ts";
import { commonName } from "../../src/pki/names.ts";
import { oids } from "../../src/pki/oids.ts";
import { toPem } from "../../src/pki/pem.ts";
import { readAsked, readEnvelope } from "../../src/scep/envelope.ts";
import { buildFailure } from "../../src/scep/reply.ts";
import { attributeOids } from "../../src/scep/vocabulary.ts";
import { buildCsr } from "./build-request.ts";
import { credential } from "./pki.ts";

// SCEP decrypts for strangers, so every way of getting an envelope wrong must look the same from outside: the same
// answer but for its nonce, after the same private operations. Run in workerd and in Node, whose RSA differs
// (test/scep/padding*.test.ts).

const authority = credential("authority");
const device = credential("device");
const cipher = cipherByName("AES-128-CBC");
const key = new Uint8Array(16).fill(3);
const iv = new Uint8Array(16).fill(4);
const block = 256;

const padded = (contentKey: Uint8Array): Bytes => {
  const bytes = new Uint8Array(block).fill(7);
  bytes.set([0, 2]);
  bytes[block - contentKey.length - 1] = 0;
  bytes.set(contentKey, block - contentKey.length);
  return bytes;
};

const wrap = (bytes: Uint8Array): Bytes =>
  new Uint8Array(publicEncrypt({ key: toPem("PUBLIC KEY", authority.certificate.spki), padding: 3 }, bytes));

const envelope = (wrapped: Uint8Array, ciphertext: Uint8Array): Bytes =>
  contentInfo(
    oids.envelopedData,
    sequence(
      integer(0),
      setOf(
        sequence(
          integer(0),
          issuerAndSerial(authority.certificate),
          sequence(oid(oids.rsaEncryption), asn1Null),
          octetString(wrapped),
        ),
      ),
      sequence(oid(oids.data), sequence(oid(cipher.oid), octetString(iv)), tlv(primitiveTag(0), ciphertext)),
    ),
  );

const spki = device.certificate.spki;
const csr = await buildCsr({ subject: commonName("device"), spki, pkcs8: device.pkcs8 });
const unproved = await buildCsr({ subject: commonName("device"), spki, pkcs8: authority.pkcs8 });
const encrypted = (content: Bytes): Promise<Bytes> => encryptContent(cipher, key, iv, content);
const good = await encrypted(csr);
const flipped = (bytes: Bytes, at: number): Bytes => bytes.with(at, (bytes[at] ?? 0) ^ 0xff) as Bytes;

const cases: [string, Bytes, Bytes][] = [
  ["padding of type 1", wrap(padded(key).with(1, 1) as Bytes), good],
  ["a first byte of 1", wrap(padded(key).with(0, 1) as Bytes), good],
  ["a key that is too long", wrap(padded(new Uint8Array(24).fill(3))), good],
  ["a key that is too short", wrap(padded(new Uint8Array(8).fill(3))), good],
  ["no padding to find", wrap(new Uint8Array(block).fill(1).with(0, 0) as Bytes), good],
  ["a wrapped key that is no number below the modulus", new Uint8Array(block).fill(0xff), good],
  ["a wrapped key of the wrong length", new Uint8Array(100).fill(1), good],
  ["another key in right padding", wrap(padded(new Uint8Array(16).fill(9))), good],
  ["bad padding of the content", wrap(padded(key)), flipped(good, good.length - 17)],
  ["content that is cut off", wrap(padded(key)), good.subarray(0, good.length - 16) as Bytes],
  ["content of half a block", wrap(padded(key)), good.subarray(0, good.length - 8) as Bytes],
  ["content that is no request", wrap(padded(key)), await encrypted(new Uint8Array(300))],
  ["a request that does not prove its key", wrap(padded(key)), await encrypted(unproved)],
];

async function answerTo(bytes: Bytes) {
  const opened = readEnvelope(bytes, false);
  if (!opened.ok) throw new Error(opened.refusal.detail);
  const sign = vi.spyOn(crypto.subtle, "sign");
  const asked = await readAsked("PKCSReq", opened.value, authority);
  if (asked.ok) return undefined;
  const echo = { transactionID: "T", senderNonce: new Uint8Array(16) };
  const reply = await buildFailure(authority, { echo, digest: "SHA-256" }, asked.refusal.failInfo);
  return { reply, signatures: sign.mock.calls.length };
}

async function sayingOf(reply: Bytes) {
  const read = await verifySignedData(reply, { allowAbsentContent: true });
  if (!read.ok) throw new Error(read.refusal.reason);
  const attributes = [...(read.value.signedAttributes ?? [])].filter(
    ([type]) => type !== attributeOids.senderNonce,
  );
  return attributes.map(([type, values]) => [
    type,
    values.map((value) => Buffer.from(rawOf(value)).toString("hex")),
  ]);
}

afterEach(() => vi.restoreAllMocks());

test("an envelope that is right is opened", async () => {
  expect(await answerTo(envelope(wrap(padded(key)), good))).toBeUndefined();
});

test("every wrong envelope gets the same answer, of the same length, after the same private operations", async () => {
  const answers = [];
  for (const [name, wrapped, content] of cases) {
    const answer = await answerTo(envelope(wrapped, content));
    vi.restoreAllMocks();
    if (!answer) throw new Error(`${name} was opened`);
    answers.push({
      says: await sayingOf(answer.reply),
      bytes: answer.reply.length,
      signatures: answer.signatures,
    });
  }

  expect(answers[0]?.signatures).toBe(1);
  for (const [index, answer] of answers.entries()) expect(answer, cases[index]?.[0]).toEqual(answers[0]);
});
