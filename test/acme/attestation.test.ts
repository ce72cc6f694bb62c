import { describe, expect, test } from "vitest";
import {
  type Attestation,
  attestationRoots,
  isForToken,
  readAttestationObject,
  verifyAttestation,
} from "../../src/acme/attestation.ts";
import { type Bytes, fromHex, toHex, utf8 } from "../../src/base/bytes.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { verifySignature } from "../../src/pki/signature.ts";
import { testAttestationRoot } from "../support/apple-device/attestation-root.ts";
import { attest, attestationObject, type Properties } from "../support/apple-device/attester.ts";
import { newKey } from "../support/apple-device/keys.ts";

const now = Date.UTC(2027, 0, 1);
const roots = attestationRoots(testAttestationRoot);

async function attested(properties: Properties, freshness: Uint8Array | undefined = new Uint8Array(32)) {
  const { spki } = await newKey("P-256");
  const chain = await attest({ spki, freshness, device: {}, now, properties });
  const verified = await verifyAttestation(chain as Bytes[], roots, now);
  if (!verified.ok) throw new Error(verified.refusal.detail);
  return verified.value;
}

test("the root is Apple's: its fingerprint is the published one, and it has signed itself", async () => {
  const [root] = attestationRoots();
  if (!root) throw new Error("no root");

  expect(await fingerprint(root.der)).toBe(
    "ccf59ef8fcb3017d97f8b5fa6fa90e7a3f9283f76b55ac6cf6eda8b8b949f05b",
  );
  expect(root.serial).toBe("42C0C2BB2C727C5C5EABF6F1A66F1FAC5D798737");
  const { signatureAlgorithm: algorithm, signatureParameters: parameters, signature, tbs, spki } = root;
  expect(
    (await verifySignature({ algorithm: { algorithm, parameters }, spki, signature, data: tbs })).ok,
  ).toBe(true);
});

test("another root is believed only where the deployment was given it", async () => {
  const { spki } = await newKey("P-256");
  const chain = (await attest({ spki, freshness: undefined, device: {}, now })) as Bytes[];

  expect(await verifyAttestation(chain, attestationRoots(), now)).toMatchObject({
    refusal: { reason: "untrusted" },
  });
  expect((await verifyAttestation(chain, roots, now)).ok).toBe(true);
});

describe("what is attested is read", () => {
  const text = (tag: number, value: string) => new Uint8Array([tag, value.length, ...utf8(value)]);

  test.each<[string, Properties, Attestation["facts"]]>([
    [
      "bare texts",
      { "9.1": utf8("C02XK0AAJG5J"), "10.1": utf8("15.2") },
      { serial: "C02XK0AAJG5J", osVersion: "15.2" },
    ],
    ["a text in ASN.1", { "9.1": text(0x0c, "C02XK0AAJG5J") }, { serial: "C02XK0AAJG5J" }],
    ["a text in an octet string", { "9.1": text(0x04, "C02XK0AAJG5J") }, { serial: "C02XK0AAJG5J" }],
    ["blank texts, which say nothing", { "9.1": utf8(" "), "9.2": new Uint8Array() }, {}],
    ["what is no text", { "9.1": new Uint8Array([0xff, 0xfe]) }, {}],
    ["SIP on", { "13.1": new Uint8Array([2, 1, 0]) }, { sipEnabled: true }],
    ["SIP off", { "13.1": new Uint8Array([2, 1, 1]) }, { sipEnabled: false }],
    ["SIP as a bare number", { "13.1": new Uint8Array([1]) }, { sipEnabled: false }],
    ["SIP as something else", { "13.1": new Uint8Array([1, 1, 0xff]) }, {}],
    ["secure boot", { "13.2": utf8("Reduced Security") }, { secureBoot: "reduced" }],
    ["a level that is not known", { "13.2": utf8("Other Security") }, {}],
    ["kernel extensions", { "13.3": new Uint8Array([2, 1, 1]) }, { thirdPartyKernelExtensions: true }],
  ])("%s", async (_, properties, facts) => {
    const { sepOsVersion: _sep, firmwareVersion: _firmware, ...read } = (await attested(properties)).facts;

    expect(read).toEqual(facts);
  });
});

describe("freshness", () => {
  const token = "Xi3BjFJjVR88SoO_b04rVON7dj6z3dKQfmWzBgiv7Dk";
  const hash = fromHex("9ef030b4f0634f8af383f75f9959fda4f6850a5ff3b9540662bfaba213c44783") as Bytes;

  test("is the hash of the token, bare or in an octet string", async () => {
    expect(await isForToken(await attested({}, hash), token)).toBe(true);
    expect(await isForToken(await attested({}, new Uint8Array([4, 32, ...hash])), token)).toBe(true);
  });

  test("is not there, or another's", async () => {
    expect(await isForToken(await attested({}, new Uint8Array(32)), token)).toBe(false);
    expect(await isForToken(await attested({}, hash), `${token}x`)).toBe(false);
    expect(toHex((await attested({}, hash)).freshness ?? new Uint8Array())).toBe(toHex(hash));
  });
});

test("an attestation object of too many certificates, or of other things, is refused", () => {
  const many = attestationObject(Array.from({ length: 6 }, () => new Uint8Array(1)));

  expect(readAttestationObject(many as Bytes).ok).toBe(false);
  expect(
    readAttestationObject(fromHex("a263666d74656170706c656761747453746d74a163783563816161") as Bytes).ok,
  ).toBe(false);
  expect(readAttestationObject(fromHex("a163666d74656170706c65") as Bytes).ok).toBe(false);
});
