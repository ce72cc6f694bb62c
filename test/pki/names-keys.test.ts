import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex, utf8 } from "../../src/base/bytes.ts";
import { bitString, integer, octetString, oid, sequence, setOf } from "../../src/pki/der/write.ts";
import {
  derEcdsaSignature,
  generateKeyPair,
  keyIdentifier,
  keyShape,
  privateKeyShape,
  rawEcdsaSignature,
} from "../../src/pki/keys.ts";
import { nameParts, nameText, nameValue } from "../../src/pki/names.ts";
import { oids } from "../../src/pki/oids.ts";
import { readPem, toPem } from "../../src/pki/pem.ts";
import { signingKey, verifySignature } from "../../src/pki/signature.ts";
import { buildName, parseNameText } from "../support/name-text.ts";
import { credential, fixture, forgeCertificate, pemText } from "../support/pki.ts";

const nameOf = (text: string): Uint8Array => buildName(parseNameText(text));

test.each([
  "CN=Anna,OU=Büro,O=Example,C=DE",
  "CN=a\\,b\\+c\\=d",
  "CN=\\ leading and trailing\\ ",
  "CN=x+UID=7,DC=example,DC=com",
  "2.5.4.65=pseudonym",
  "",
])("the name %j is read as it was meant", (text) => {
  expect(nameText(text === "" ? sequence() : nameOf(text))).toBe(text);
});

test("any value survives its way through text and DER", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), (values) => {
      const built = buildName(values.map((value) => [{ type: "CN", value }]));
      const again = parseNameText(nameText(built));
      expect(again.flat().map(({ value }) => value)).toEqual(values);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("attributes are found by their type, and what is no text is shown as bytes", () => {
  const topic = nameOf("CN=APSP,UID=com.apple.mgmt.External.7");
  const odd = sequence(setOf(sequence(oid("2.5.4.45"), octetString(Uint8Array.of(1, 2)))));

  expect(nameValue(topic, "0.9.2342.19200300.100.1.1")).toBe("com.apple.mgmt.External.7");
  expect(nameValue(topic, "2.5.4.10")).toBeUndefined();
  expect(nameParts(odd)).toEqual([[{ type: "2.5.4.45", value: "#04020102" }]]);
});

test("a certificate whose subject is no name is read, and shows the bytes", async () => {
  const subject = sequence(setOf(sequence(oid("2.5.4.3"))));
  const { certificate, pkcs8 } = credential("p256");
  const odd = await forgeCertificate({ issuer: { name: subject, pkcs8 }, subject, spki: certificate.spki });

  expect(odd.subjectText).toBe(`#${toHex(subject)}`);
  expect(nameValue(odd.subject, "2.5.4.3")).toBeUndefined();
});

test.each([
  ["authority", { kind: "rsa", bits: 2048 }],
  ["weak", { kind: "rsa", bits: 1024 }],
  ["p256", { kind: "ec", curve: "P-256" }],
  ["p384", { kind: "ec", curve: "P-384" }],
  ["p521", { kind: "ec", curve: "P-521" }],
])("the shape of %s is told by either half", (name, shape) => {
  const { certificate, pkcs8 } = credential(name);

  expect(keyShape(certificate.spki)).toMatchObject({ ok: true, value: shape });
  expect(privateKeyShape(pkcs8)).toMatchObject({ ok: true, value: shape });
});

test("keys that are weak, dear or unknown are refused before they are used", () => {
  const spki = (modulusBytes: number, exponentBytes: number) => {
    const key = sequence(
      integer(new Uint8Array(modulusBytes).fill(0xff)),
      integer(new Uint8Array(exponentBytes).fill(1)),
    );
    return sequence(sequence(oid(oids.rsaEncryption)), bitString(key));
  };
  const refusal = (detail: string) => ({ ok: false, refusal: { reason: "unsupported-key", detail } });

  expect(keyShape(spki(128, 3))).toMatchObject({ ok: true });
  expect(keyShape(spki(127, 3))).toEqual(refusal("an RSA key of 1016 bits"));
  expect(keyShape(spki(2048, 3))).toEqual(refusal("an RSA key of 16384 bits"));
  expect(keyShape(spki(256, 1))).toEqual(refusal("an RSA exponent that ends in 1"));
  expect(keyShape(spki(256, 256))).toEqual(refusal("an RSA exponent of 256 bytes"));
  expect(keyShape(sequence(sequence(oid("1.3.101.112")), integer(1)))).toEqual(
    refusal("key algorithm 1.3.101.112"),
  );
  expect(keyShape(utf8("no key"))).toMatchObject({ ok: false });
});

test("a key identifier is what openssl makes of the key", async () => {
  const { certificate } = credential("device");

  expect(await keyIdentifier(certificate.spki)).toEqual(certificate.subjectKeyId);
});

test.each(["P-256", "P-384", "P-521", "RSA-2048"] as const)(
  "a new %s key signs what verifies",
  async (kind) => {
    const { pkcs8, spki } = await generateKeyPair(kind);
    const key = await signingKey(pkcs8);
    const data = utf8("data");
    const verify = (signature: Uint8Array) =>
      verifySignature({ algorithm: { algorithm: key.oid, parameters: undefined }, spki, signature, data });
    const signature = await key.sign(data);

    expect(await verify(signature)).toMatchObject({ ok: true });
    expect(await verify(signature.with(40, (signature[40] ?? 0) ^ 1))).toMatchObject({
      refusal: { reason: "bad-signature" },
    });
  },
);

test("ECDSA signatures go from DER to fixed width and back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
      expect(rawEcdsaSignature(derEcdsaSignature(raw), "P-256")).toEqual(raw);
    }),
    { seed: 3, numRuns: 200 },
  );
  const long = sequence(integer(new Uint8Array(33).fill(1)), integer(1));
  expect(rawEcdsaSignature(long, "P-256")).toBeUndefined();
  expect(rawEcdsaSignature(sequence(integer(1), integer(1), integer(1)), "P-256")).toBeUndefined();
});

test("PEM is read among other text, with either line ending, and written as openssl writes it", () => {
  const text = pemText("device.key");
  const bundle = `Bag Attributes\r\n${text.replaceAll("\n", "\r\n")}subject=x\n${pemText("device.cert")}-----BEGIN BROKEN-----\n***\n-----END BROKEN-----\n`;

  expect(readPem(bundle).map(({ label }) => label)).toEqual(["PRIVATE KEY", "CERTIFICATE"]);
  expect(toPem("PRIVATE KEY", fixture("device.key"))).toBe(text);
});

test("the headers of an old encrypted key are read", () => {
  const [block] = readPem(
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\nAAEC\n-----END RSA PRIVATE KEY-----\n",
  );

  expect(block?.headers.get("DEK-Info")).toBe("AES-128-CBC,00FF");
  expect(toHex(block?.der ?? utf8(""))).toBe("000102");
});
