import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { attribute } from "../../src/pki/attributes.ts";
import { readContentInfo } from "../../src/pki/cms/content-info.ts";
import { buildDegenerate } from "../../src/pki/cms/degenerate.ts";
import { buildSignedData } from "../../src/pki/cms/sign.ts";
import { readSignedData, verifySignedData } from "../../src/pki/cms/verify.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { printableString } from "../../src/pki/der/write.ts";
import { keyUsageExtension, readKeyUsage } from "../../src/pki/extensions.ts";
import { issueLeaf, serialFrom } from "../../src/pki/issue.ts";
import { commonName } from "../../src/pki/names.ts";
import { verifySignature } from "../../src/pki/signature.ts";
import { buildCsr } from "../support/build-request.ts";
import { certificateOf, credential, fixture } from "../support/pki.ts";

const authority = credential("authority");
const device = credential("device");
const now = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;
const random = Uint8Array.from({ length: 16 }, (_, index) => 255 - index);

test("a leaf has the fields that Apple devices want, signed by its authority", async () => {
  const der = await issueLeaf(
    {
      serial: serialFrom(random),
      subject: commonName("Anna"),
      spki: device.certificate.spki,
      now,
      lifetimeMs: 397 * day,
    },
    authority,
  );
  const leaf = certificateOf(der);

  expect(leaf).toMatchObject({
    version: 3,
    serial: "7FFEFDFCFBFAF9F8F7F6F5F4F3F2F1F0",
    subjectText: "CN=Anna",
    issuer: authority.certificate.subject,
    notBefore: now - 600_000,
    notAfter: now + 397 * day,
    isCa: false,
    keyUsage: new Set(["digitalSignature", "keyEncipherment"]),
    extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"],
    authorityKeyId: authority.certificate.subjectKeyId,
    subjectKeyId: device.certificate.subjectKeyId,
  });
  expect(leaf.extensions.get("2.5.29.35")?.critical).toBe(false);
  expect(
    await verifySignature({
      algorithm: { algorithm: leaf.signatureAlgorithm, parameters: leaf.signatureParameters },
      spki: authority.certificate.spki,
      signature: leaf.signature,
      data: leaf.tbs,
    }),
  ).toEqual({ ok: true, value: undefined });
});

test("a leaf never outlives its authority", async () => {
  const order = {
    serial: serialFrom(random),
    subject: commonName("Anna"),
    spki: device.certificate.spki,
    now,
  };
  const leaf = certificateOf(await issueLeaf({ ...order, lifetimeMs: 100 * 365 * day }, authority));

  expect(leaf.notAfter).toBe(authority.certificate.notAfter);
});

test("key usages are written as the shortest bit string that holds them", () => {
  expect(keyUsageExtension(["digitalSignature", "keyEncipherment"]).slice(-4)).toEqual(
    Uint8Array.of(0x03, 0x02, 0x05, 0xa0),
  );
  expect(keyUsageExtension(["decipherOnly"]).slice(-5)).toEqual(Uint8Array.of(0x03, 0x03, 0x07, 0x00, 0x80));
  expect(readKeyUsage(Uint8Array.of(0x03, 0x03, 0x07, 0x00, 0x80))).toEqual(new Set(["decipherOnly"]));
});

test("openssl's request is read and proves its key", async () => {
  const csr = parseCsr(fixture("request.csr"));
  if (!csr.ok) throw new Error(csr.refusal.detail);

  expect(csr.value).toMatchObject({
    subjectText: "CN=Anna,O=Exämple,C=DE",
    spki: device.certificate.spki,
    challengePassword: undefined,
  });
  expect(await verifyCsr(csr.value)).toMatchObject({ ok: true });
  expect(await verifyCsr({ ...csr.value, spki: authority.certificate.spki })).toMatchObject({
    refusal: { reason: "bad-signature" },
  });
});

test.each(["device", "p256", "p384", "p521"])("a request made for %s is read again", async (name) => {
  const { certificate, pkcs8 } = credential(name);
  const der = await buildCsr({
    subject: commonName(name),
    spki: certificate.spki,
    pkcs8,
    challengePassword: "s3cret_with_underscore",
    extensions: [keyUsageExtension(["digitalSignature"])],
  });
  const csr = parseCsr(der);
  if (!csr.ok) throw new Error(csr.refusal.detail);

  expect(csr.value.challengePassword).toBe("s3cret_with_underscore");
  expect([...csr.value.extensions.keys()]).toEqual(["2.5.29.15"]);
  expect(await verifyCsr(csr.value)).toMatchObject({ ok: true });
});

test.each(["device", "p256", "p384", "p521"])("what %s signs, attached or not, verifies", async (name) => {
  const signer = credential(name);
  const content = utf8("Inhalt");
  const attributes = [attribute("2.16.840.1.113733.1.9.2", printableString("3"))];

  const attached = await buildSignedData({ signer, content, attributes, signingTime: now });
  const detached = await buildSignedData({ signer, content, attributes, detached: true });
  const empty = await buildSignedData({ signer, content: undefined, attributes });

  expect(await verifySignedData(attached)).toMatchObject({ ok: true, value: { content } });
  expect(await verifySignedData(detached, { detached: content })).toMatchObject({ ok: true });
  expect(await verifySignedData(empty, { allowAbsentContent: true })).toMatchObject({
    ok: true,
    value: { content: undefined },
  });
  expect(await verifySignedData(empty)).toMatchObject({ refusal: { reason: "absent-content" } });
});

test("a bag of certificates keeps their order", () => {
  const ders = [device.certificate.der, authority.certificate.der];
  const { certificates } = readSignedData(readContentInfo(buildDegenerate(ders)).content);

  expect(certificates.map(({ der }) => der)).toEqual(ders);
});
