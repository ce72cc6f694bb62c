import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import fc from "fast-check";
import * as pkijs from "pkijs";
import { expect, test } from "vitest";
import { type Bytes, toHex, utf8 } from "../../src/base/bytes.ts";
import { readAltNames } from "../../src/pki/alt-names.ts";
import { attribute } from "../../src/pki/attributes.ts";
import { type KeyUsage, keyUsages } from "../../src/pki/certificate.ts";
import { openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { buildSignedData } from "../../src/pki/cms/sign.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { octetString, oid, sorted } from "../../src/pki/der/write.ts";
import { keyUsageExtension } from "../../src/pki/extensions.ts";
import { issueLeaf, serialFrom } from "../../src/pki/issue.ts";
import { oids } from "../../src/pki/oids.ts";
import { buildCsr } from "../support/build-request.ts";
import { forgeSignedData } from "../support/cms-forge.ts";
import { buildName } from "../support/name-text.ts";
import { body, certificateOf, credential, fixture, fixtureNames, toIndefinite } from "../support/pki.ts";

// Our small readers and writers against pkijs and @peculiar/x509, over every fixture and thousands of generated inputs.

const buffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
const issuer = credential("p256");
const day = 86_400_000;

function compareCertificate(der: Bytes): void {
  const ours = certificateOf(der);
  const theirs = new x509.X509Certificate(buffer(der));
  const usage = theirs.getExtension(x509.KeyUsagesExtension)?.usages;
  const extended = theirs.getExtension(x509.ExtendedKeyUsageExtension)?.usages;
  const constraints = theirs.getExtension(x509.BasicConstraintsExtension);

  expect(ours.serial).toBe(theirs.serialNumber.toUpperCase().replace(/^00(?=[89A-F])/, ""));
  expect(toHex(ours.subject)).toBe(toHex(new Uint8Array(theirs.subjectName.toArrayBuffer())));
  expect(toHex(ours.issuer)).toBe(toHex(new Uint8Array(theirs.issuerName.toArrayBuffer())));
  expect([ours.notBefore, ours.notAfter]).toEqual([theirs.notBefore.getTime(), theirs.notAfter.getTime()]);
  expect(toHex(ours.spki)).toBe(toHex(new Uint8Array(theirs.publicKey.rawData)));
  expect(toHex(ours.signature)).toBe(toHex(new Uint8Array(theirs.signature)));
  expect([...ours.extensions.keys()]).toEqual(theirs.extensions.map(({ type }) => type));
  expect(
    ours.keyUsage && [...ours.keyUsage].reduce((bits, name) => bits | (1 << keyUsages.indexOf(name)), 0),
  ).toBe(usage);
  expect(ours.extendedKeyUsage).toEqual(extended);
  expect(ours.isCa).toBe(constraints?.ca ?? false);
  expect(ours.pathLength).toBe(constraints?.pathLength);
}

test("every certificate of the fixtures reads as @peculiar/x509 reads it", () => {
  for (const name of fixtureNames.filter((name) => name.endsWith(".cert"))) compareCertificate(fixture(name));
});

const subjectPart = fc.record({
  type: fc.constantFrom("CN", "O", "OU", "L", "UID", "1.2.3.4"),
  value: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
});
const host = fc.stringMatching(/^[a-z]{1,10}\.example$/);
const altName: fc.Arbitrary<{ type: x509.GeneralNameType; value: string }> = fc.oneof(
  fc.record({ type: fc.constant("dns" as const), value: host }),
  fc.record({ type: fc.constant("email" as const), value: host.map((name) => `anna@${name}`) }),
  fc.record({ type: fc.constant("url" as const), value: host.map((name) => `https://${name}/`) }),
  fc.record({ type: fc.constant("upn" as const), value: host.map((name) => `anna@${name}`) }),
);

const leafOrder = fc.record({
  subject: fc.array(fc.array(subjectPart, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
  serial: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  now: fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2044, 0) }).map((at) => at - (at % 1000)),
  days: fc.integer({ min: 1, max: 10_000 }),
  keyUsage: fc.uniqueArray(fc.constantFrom<KeyUsage>(...keyUsages), { minLength: 1 }),
  key: fc.constantFrom("device", "p384", "p521", "weak"),
});

test("1,000 certificates of ours read alike in both", async () => {
  await fc.assert(
    fc.asyncProperty(leafOrder, async ({ subject, serial, days, key, ...order }) => {
      const { spki } = credential(key).certificate;
      const leaf = { ...order, subject: buildName(subject), serial: serialFrom(serial), spki };

      compareCertificate(await issueLeaf({ ...leaf, lifetimeMs: days * day }, issuer));
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test("alternative names that x509 writes are read here, the kinds that we know", () => {
  const kinds = { dns: "dns", email: "email", url: "uri", upn: "upn" } as const;
  fc.assert(
    fc.property(fc.array(altName, { minLength: 1, maxLength: 4 }), (names) => {
      const written = new x509.SubjectAlternativeNameExtension([
        ...names,
        { type: "ip", value: "192.0.2.1" },
      ]);

      expect(readAltNames(new Uint8Array(written.value))).toEqual(
        names.map(({ type, value }) => ({ kind: kinds[type as keyof typeof kinds], value })),
      );
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("300 requests of ours are read and verified by x509", async () => {
  const signer = credential("p256");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(subjectPart, { minLength: 1, maxLength: 1 }), { maxLength: 4 }),
      fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/), { nil: undefined }),
      fc.uniqueArray(fc.constantFrom<KeyUsage>(...keyUsages)),
      async (subject, challengePassword, usages) => {
        const name = buildName(subject);
        const der = await buildCsr({
          subject: name,
          spki: signer.certificate.spki,
          pkcs8: signer.pkcs8,
          extensions: usages.length > 0 ? [keyUsageExtension(usages)] : [],
          ...(challengePassword === undefined ? {} : { challengePassword }),
        });
        const theirs = new x509.Pkcs10CertificateRequest(buffer(der));

        expect(await theirs.verify()).toBe(true);
        expect(toHex(new Uint8Array(theirs.subjectName.toArrayBuffer()))).toBe(toHex(name));
        const password = theirs.attributes.find((item) => item instanceof x509.ChallengePasswordAttribute);
        expect(password?.password).toBe(challengePassword);
        expect(theirs.extensions.map(({ type }) => type)).toEqual(usages.length > 0 ? [oids.keyUsage] : []);
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

test("a request of x509's, with its challenge and extensions, is read and verified here", async () => {
  const keys = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "CN=Anna, O=Example",
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-384" },
    attributes: [new x509.ChallengePasswordAttribute("geheim")],
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "a.example" }])],
  });
  const csr = parseCsr(new Uint8Array(made.rawData));
  if (!csr.ok) throw new Error(csr.refusal.detail);

  expect(csr.value.challengePassword).toBe("geheim");
  expect([...csr.value.extensions.keys()]).toEqual([oids.subjectAltName]);
  expect(await verifyCsr(csr.value)).toMatchObject({ ok: true });
});

/** pkijs' verdict; where content travels beside a message it is handed over, as a buffer of its own. */
async function pkijsVerifies(cms: Uint8Array, detached?: Uint8Array): Promise<boolean> {
  try {
    const info = pkijs.ContentInfo.fromBER(buffer(cms));
    const signedData = new pkijs.SignedData({ schema: info.content });
    return await signedData.verify({ signer: 0, ...(detached ? { data: buffer(detached) } : {}) });
  } catch {
    return false;
  }
}

test("every signed fixture has the same verdict from pkijs, but for the rules that pkijs does not know", async () => {
  const stricter = ["two-signers", "detached-md5"];
  for (const name of fixtureNames.filter((name) => /^(attached|detached|stream|two).*\.cms$/.test(name))) {
    const detached = name.startsWith("detached") || name.startsWith("two") ? body : undefined;
    const cms = fixture(name);
    const ours = await verifySignedData(cms, { allowSha1: true, ...(detached ? { detached } : {}) });
    const theirs = await pkijsVerifies(cms, detached);

    if (stricter.some((rule) => name.startsWith(rule))) expect(ours.ok, name).toBe(false);
    else expect(ours.ok, name).toBe(theirs);
  }
});

const message = fc.record({
  digest: fc.constantFrom("SHA-1", "SHA-256", "SHA-384", "SHA-512"),
  content: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  attributes: fc.constantFrom("none", "right", "wrong digest", "unsorted"),
  detached: fc.boolean(),
  inPieces: fc.boolean(),
  levels: fc.integer({ min: 0, max: 4 }),
  otherContent: fc.boolean(),
});

test("400 generated messages, right and wrong, have the same verdict from pkijs", async () => {
  const signer = credential("device");
  await fc.assert(
    fc.asyncProperty(
      message,
      async ({ digest, attributes, detached, inPieces, levels, otherContent, content }) => {
        const hash = new Uint8Array(await crypto.subtle.digest(digest, content as Bytes));
        const set = sorted([
          attribute(oids.contentType, oid(oids.data)),
          attribute(
            oids.messageDigest,
            octetString(attributes === "wrong digest" ? hash.with(0, hash[0] ? 0 : 1) : hash),
          ),
        ]) as Bytes[];
        const cms = toIndefinite(
          await forgeSignedData({
            signer,
            content,
            digest,
            detached,
            inPieces,
            ...(attributes === "none" ? {} : { attributes: attributes === "unsorted" ? set.reverse() : set }),
          }),
          levels,
        );
        const beside = detached ? (otherContent ? utf8("else") : content) : undefined;
        const ours = await verifySignedData(cms, {
          allowSha1: true,
          ...(beside ? { detached: beside } : {}),
        });

        expect(ours.ok).toBe(await pkijsVerifies(cms, beside));
        expect(ours.ok).toBe(attributes !== "wrong digest" && !(detached && otherContent));
      },
    ),
    { seed: 3, numRuns: 400 },
  );
});

test.each(["device", "p256", "p384", "p521"])("pkijs verifies what %s signs here", async (name) => {
  const content = utf8("Inhalt");
  const signer = credential(name);
  const attached = await buildSignedData({ signer, content, signingTime: Date.UTC(2026, 0) });
  const detached = await buildSignedData({ signer, content, detached: true });

  expect(await pkijsVerifies(attached)).toBe(true);
  expect(await pkijsVerifies(detached, content)).toBe(true);
  expect(await pkijsVerifies(detached, utf8("else"))).toBe(false);
});

test.each(["SHA-1", "SHA-256", "SHA-512"])(
  "an envelope that pkijs makes with OAEP and %s opens here",
  async (hash) => {
    const recipient = credential("authority");
    const enveloped = new pkijs.EnvelopedData();
    enveloped.addRecipientByCertificate(pkijs.Certificate.fromBER(buffer(recipient.certificate.der)), {
      oaepHashAlgorithm: hash,
    });
    await enveloped.encrypt({ name: "AES-CBC", length: 256 } as never, buffer(body));
    const info = new pkijs.ContentInfo({ contentType: oids.envelopedData, content: enveloped.toSchema() });
    const envelope = parseEnvelope(new Uint8Array(info.toSchema().toBER()));
    if (!envelope.ok) throw new Error(envelope.refusal.reason);

    expect(await openEnvelope(envelope.value, recipient)).toEqual({ ok: true, value: body });
  },
);
