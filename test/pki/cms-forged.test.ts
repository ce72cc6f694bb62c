import { expect, test } from "vitest";
import { type Bytes, concat, utf8 } from "../../src/base/bytes.ts";
import { attribute } from "../../src/pki/attributes.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { octetString, oid, sequence, setOf, sorted, tlv } from "../../src/pki/der/write.ts";
import { subjectKeyIdExtension } from "../../src/pki/extensions.ts";
import { commonName } from "../../src/pki/names.ts";
import { oids } from "../../src/pki/oids.ts";
import { forgeSignedData, type SignedForgery } from "../support/cms-forge.ts";
import { body, credential, fixture, forgeCertificate, toIndefinite } from "../support/pki.ts";

// What openssl does not make: messages that break one rule each (RFC 5652 section 5).

const signer = credential("device");
const content = body;
const digestOf = async (data: Bytes): Promise<Bytes> =>
  octetString(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));

const contentType = attribute(oids.contentType, oid(oids.data));
const messageDigest = attribute(oids.messageDigest, await digestOf(content));
const further = attribute("1.2.840.113635.100.9.1", octetString(utf8("<plist/>")));
const attributes = sorted([contentType, messageDigest, further]) as Bytes[];

const verify = async (forgery: Partial<SignedForgery>, options: object = {}) =>
  verifySignedData(await forgeSignedData({ signer, content, attributes, ...forgery }), options);

test("the forger's plain message verifies, so the cases below fail for their own reason", async () => {
  expect(await verify({})).toMatchObject({ ok: true, value: { content } });
  expect(await verify({ detached: true }, { detached: content })).toMatchObject({ ok: true });
});

test("attributes may be signed in the order they were sent, or sent otherwise than signed in DER order", async () => {
  const unsorted = [...attributes].reverse();

  expect(await verify({ attributes: unsorted })).toMatchObject({ ok: true });
  expect(await verify({ attributes: unsorted, signedOrder: attributes })).toMatchObject({ ok: true });
  expect(await verify({ signedOrder: unsorted })).toMatchObject({ refusal: { reason: "bad-signature" } });
});

test("an attribute with several values, as Apple's hash agility has, is kept and does no harm", async () => {
  const several = tlv(
    0x30,
    oid("1.2.840.113635.100.9.2"),
    setOf(octetString(utf8("a")), octetString(utf8("b"))),
  );
  const result = await verify({ attributes: sorted([...attributes, several]) as Bytes[] });

  expect(result.ok && result.value.signedAttributes?.get("1.2.840.113635.100.9.2")).toHaveLength(2);
});

test("content in pieces is put together", async () => {
  expect(await verify({ inPieces: true })).toMatchObject({ ok: true, value: { content } });
});

test.each<[string, Uint8Array]>([
  ["as they were signed", setOf(...attributes)],
  ["in another order", tlv(0x31, ...[...sorted(attributes)].reverse())],
  ["with one that comes twice", tlv(0x31, ...attributes, contentType)],
  ["of indefinite length", concat([Uint8Array.of(0x31, 0x80), ...attributes, Uint8Array.of(0, 0)])],
  ["none of them", tlv(0x31)],
])(
  "attributes that come as content, %s, are refused: their signature was made for other content",
  async (_, content) => {
    expect(await verify({ attributes: undefined, content } as never)).toMatchObject({
      refusal: { reason: "attributes-as-content" },
    });
  },
);

test("content that begins like a set and is none is content", async () => {
  for (const text of ["1", "1 plus 1", "10,000 things"])
    expect(await verify({ attributes: undefined, content: utf8(text) } as never)).toMatchObject({ ok: true });
});

test.each<[string, Partial<SignedForgery>, object, object?]>([
  ["a digest of other content", { content: utf8("else") }, { reason: "digest-mismatch" }],
  ["no content type attribute", { attributes: [messageDigest] }, { reason: "bad-attributes" }],
  [
    "no message digest attribute",
    { attributes: [contentType] },
    { reason: "bad-attributes", detail: "no message digest" },
  ],
  ["no attributes in the set", { attributes: [] }, { reason: "bad-attributes" }],
  [
    "a content type that was signed as another",
    { contentType: "1.2.840.113549.1.7.5" },
    { reason: "bad-attributes", detail: "content type 1.2.840.113549.1.7.5 signed as 1.2.840.113549.1.7.1" },
  ],
  [
    "an unsigned content type",
    { attributes: undefined, contentType: "1.2.840.113549.1.7.5" } as never,
    { reason: "bad-attributes", detail: "content type 1.2.840.113549.1.7.5 without signed attributes" },
  ],
  [
    "two message digests in one attribute",
    {
      attributes: [
        contentType,
        tlv(0x30, oid(oids.messageDigest), setOf(octetString(utf8("a")), octetString(utf8("b")))),
      ],
    },
    { reason: "bad-attributes" },
  ],
  [
    "an attribute that comes twice",
    { attributes: [...attributes, contentType] },
    { reason: "malformed", detail: "attribute 1.2.840.113549.1.9.3 twice" },
  ],
  ["two signer infos", { signerCount: 2 }, { reason: "signer-count", count: 2 }],
  ["no signer info", { signerCount: 0 }, { reason: "signer-count", count: 0 }],
  ["no certificate", { certificates: [] }, { reason: "no-signer-certificate", certificates: 0 }],
  [
    "somebody else's certificate only",
    { certificates: [credential("p256").certificate] },
    { reason: "no-signer-certificate", certificates: 1 },
  ],
  ["SHA-1 where it is not allowed", { digest: "SHA-1" }, { reason: "weak-digest" }],
  [
    "a digest beside a signature over another one",
    { signatureOid: oids.sha1WithRSAEncryption },
    { reason: "unsupported-algorithm", algorithm: oids.sha1WithRSAEncryption },
    { allowSha1: true },
  ],
  [
    "MD5",
    { digestOid: "1.2.840.113549.2.5" },
    { reason: "unsupported-algorithm", algorithm: "1.2.840.113549.2.5" },
  ],
  [
    "MD5 in the signature algorithm",
    { signatureOid: "1.2.840.113549.1.1.4" },
    { reason: "unsupported-algorithm", algorithm: "1.2.840.113549.1.1.4" },
  ],
  [
    "an elliptic algorithm for an RSA key",
    { signatureOid: oids.ecdsaWithSHA256 },
    { reason: "unsupported-key" },
  ],
  [
    "a signature of another key",
    { signer: { ...signer, pkcs8: credential("authority").pkcs8 } },
    { reason: "bad-signature" },
  ],
])("%s is refused by name", async (_, forgery, refusal, options = {}) => {
  expect(await verify(forgery, options)).toMatchObject({ ok: false, refusal });
});

test("attributes that were signed cannot be passed off as content", async () => {
  // The set of attributes is itself something the signer signed; without attributes it would be the content.
  const message = await forgeSignedData({ signer, content, attributes });
  const asContent = await forgeSignedData({ signer, content: tlv(0x31, ...attributes) });

  expect(await verifySignedData(message)).toMatchObject({ ok: true, value: { content } });
  expect(await verifySignedData(asContent, { detached: content })).toMatchObject({
    refusal: { reason: "embedded-content" },
  });
});

test("a key identifier is compared with the extension, whatever it was made from", async () => {
  const keyId = utf8("any twenty bytes....");
  const certificate = await forgeCertificate({
    issuer: { name: commonName("self"), pkcs8: signer.pkcs8 },
    subject: commonName("self"),
    spki: signer.certificate.spki,
    extensions: [subjectKeyIdExtension(keyId)],
  });
  const der = fixture("detached-keyid.cms");
  const old = signer.certificate.subjectKeyId ?? new Uint8Array();
  const at = Buffer.from(der).lastIndexOf(Buffer.from(old));
  const named = concat([der.subarray(0, at), keyId, der.subarray(at + old.length)]);

  expect(await verifySignedData(named, { detached: body })).toMatchObject({
    refusal: { reason: "no-signer-certificate" },
  });
  expect(await verifySignedData(named, { detached: body, certificates: [certificate] })).toMatchObject({
    ok: true,
    value: { signer: { subjectText: "CN=self" } },
  });
});

test("a transient signer of version 1, without extensions, may sign", async () => {
  const certificate = await forgeCertificate({
    issuer: { name: commonName("SCEP SIGNER"), pkcs8: signer.pkcs8 },
    subject: commonName("SCEP SIGNER"),
    spki: signer.certificate.spki,
  });

  expect(await verify({ signer: { ...signer, certificate } })).toMatchObject({
    ok: true,
    value: { signer: { version: 1, keyUsage: undefined } },
  });
});

test.each<[string, (cms: Bytes) => Uint8Array, string]>([
  ["trailing bytes", (cms) => concat([cms, Uint8Array.of(0)]), "1 bytes after the end"],
  ["its last byte missing", (cms) => cms.subarray(0, -1), "at byte 0 runs past the end"],
  ["nothing in it", () => new Uint8Array(), "cut off at byte 0"],
  ["a length of five octets", () => Uint8Array.of(0x30, 0x85, 1, 1, 1, 1, 1), "a length of 5 octets"],
  [
    "an indefinite length on a primitive",
    () => Uint8Array.of(0x04, 0x80, 0, 0),
    "indefinite length at byte 0",
  ],
  ["no end to an indefinite length", (cms) => toIndefinite(cms, 3).subarray(0, -2), "cut off"],
  [
    "a thousand levels",
    () => new Uint8Array(4000).fill(0x30).map((byte, at) => (at % 2 ? 0x80 : byte)),
    "nested deeper than 32",
  ],
  ["a plain SEQUENCE", () => sequence(), "CMS message has no content type"],
  ["two megabytes and a byte", () => new Uint8Array(2 * 1024 * 1024 + 1), "2097153 bytes, more than 2097152"],
  [
    "a hundred thousand elements",
    () => sequence(concat(Array.from({ length: 100_000 }, () => sequence()))),
    "more than 20000 elements",
  ],
])("a message with %s is malformed", async (_, breakIt, detail) => {
  const result = await verifySignedData(breakIt(fixture("attached.cms")));

  expect(result).toEqual({
    ok: false,
    refusal: { reason: "malformed", detail: expect.stringContaining(detail) },
  });
});

test("the caller's own limit is looked at before anything else", async () => {
  expect(await verifySignedData(fixture("attached.cms"), { maxBytes: 1000 })).toMatchObject({
    refusal: { reason: "malformed", detail: expect.stringContaining("bytes, more than 1000") },
  });
});
