import { expect, test } from "vitest";
import type { Bytes } from "../../src/base/bytes.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { type ChainOptions, checkValidity, findChain } from "../../src/pki/chain.ts";
import { asn1Null } from "../../src/pki/der/write.ts";
import {
  extendedKeyUsageExtension,
  extension,
  keyUsageExtension,
  subjectKeyIdExtension,
} from "../../src/pki/extensions.ts";
import { commonName } from "../../src/pki/names.ts";
import {
  authorityConstraints,
  certificateOf,
  credential,
  type Forgery,
  fixture,
  forgeCertificate,
} from "../support/pki.ts";

const keys = {
  root: credential("authority"),
  middle: credential("p256"),
  leaf: credential("p384"),
  stranger: credential("device"),
};
type KeyName = keyof typeof keys;

const forge = (
  subject: KeyName,
  issuer: KeyName,
  extensions: readonly Bytes[],
  fields: Partial<Forgery> = {},
): Promise<Certificate> =>
  forgeCertificate({
    subject: commonName(subject),
    issuer: { name: commonName(issuer), pkcs8: keys[issuer].pkcs8 },
    spki: keys[subject].certificate.spki,
    extensions,
    ...fields,
  });

const ca = (pathLength?: number) => [authorityConstraints(pathLength), keyUsageExtension(["keyCertSign"])];
const client = [keyUsageExtension(["digitalSignature"]), extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.2"])];

const root = await forge("root", "root", ca());
const middle = await forge("middle", "root", ca(0));
const leaf = await forge("leaf", "middle", client);
const direct = await forge("leaf", "root", client);

const reasonOf = async (certificate: Certificate, options: Partial<ChainOptions> = {}) => {
  const chain = await findChain(certificate, { anchors: [root], ...options });
  return chain.ok ? chain.value.path.map(({ subjectText }) => subjectText) : chain.refusal;
};

test("a leaf is vouched for by an authority, directly or through an intermediate that came along", async () => {
  expect(await reasonOf(direct)).toEqual(["CN=leaf", "CN=root"]);
  expect(await reasonOf(leaf, { intermediates: [leaf, middle] })).toEqual([
    "CN=leaf",
    "CN=middle",
    "CN=root",
  ]);
});

test("an authority's new key, signed with its old one, is no step of the path", async () => {
  const narrow = await forge("root", "root", ca(0));
  const renewed = await forge("root", "root", ca(), { spki: keys.middle.certificate.spki });
  const issuer = { name: commonName("root"), pkcs8: keys.middle.pkcs8 };
  const below = await forge("leaf", "root", client, { issuer });

  expect(await reasonOf(below, { anchors: [narrow], intermediates: [renewed] })).toEqual([
    "CN=leaf",
    "CN=root",
    "CN=root",
  ]);
});

test("a server's path goes through the authority that is for servers, and through no other", async () => {
  const forMail = await forge("middle", "root", [...ca(), extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.4"])]);
  const server = await forge("leaf", "middle", [extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"])]);
  const through = (...intermediates: Certificate[]) =>
    reasonOf(server, { intermediates, purpose: "serverAuth" });

  expect(await through(forMail, middle)).toEqual(["CN=leaf", "CN=middle", "CN=root"]);
  expect(await through(forMail)).toEqual({ reason: "extended-key-usage", subject: "CN=middle" });
  expect(await reasonOf(leaf, { intermediates: [middle], purpose: "serverAuth" })).toEqual({
    reason: "extended-key-usage",
    subject: "CN=leaf",
  });
});

test("what openssl issued is vouched for by openssl's authority", async () => {
  for (const name of ["device", "p256", "p384", "p521", "weak"])
    expect(
      await findChain(certificateOf(fixture(`${name}.cert`)), { anchors: [keys.root.certificate] }),
    ).toMatchObject({ ok: true });
});

test.each<[string, object, () => Promise<Certificate>, (() => Promise<Partial<ChainOptions>>)?]>([
  ["an unknown issuer", { reason: "unknown-issuer", depth: 0 }, async () => leaf],
  [
    "a known name over a strange key",
    { reason: "bad-chain-signature", cause: "bad-signature" },
    () => forge("leaf", "root", client, { issuer: { name: commonName("root"), pkcs8: keys.stranger.pkcs8 } }),
  ],
  [
    "an issuer that is no authority",
    { reason: "not-an-authority", subject: "CN=middle" },
    async () => leaf,
    async () => ({ intermediates: [await forge("middle", "root", client)] }),
  ],
  [
    "an issuer of version 1, which cannot say that it is an authority",
    { reason: "not-an-authority", subject: "CN=middle" },
    async () => leaf,
    async () => ({
      intermediates: [
        await forgeCertificate({
          subject: commonName("middle"),
          issuer: { name: commonName("root"), pkcs8: keys.root.pkcs8 },
          spki: keys.middle.certificate.spki,
        }),
      ],
    }),
  ],
  [
    "an authority that may not sign certificates",
    { reason: "key-usage", missing: "keyCertSign" },
    async () => leaf,
    async () => ({
      intermediates: [
        await forge("middle", "root", [authorityConstraints(0), keyUsageExtension(["digitalSignature"])]),
      ],
    }),
  ],
  [
    "a path longer than the root allows",
    { reason: "path-too-long", allowed: 0 },
    async () => leaf,
    async () => ({ intermediates: [middle], anchors: [await forge("root", "root", ca(0))] }),
  ],
  [
    "a leaf that may not sign",
    { reason: "key-usage", missing: "digitalSignature" },
    () => forge("leaf", "root", [keyUsageExtension(["keyEncipherment"])]),
  ],
  [
    "a leaf made for servers",
    { reason: "extended-key-usage" },
    () => forge("leaf", "root", [extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"])]),
  ],
  [
    "a leaf with a critical extension that nobody understands",
    { reason: "unknown-critical-extension", extension: "1.2.3.4" },
    () => forge("leaf", "root", [...client, extension("1.2.3.4", asn1Null, true)]),
  ],
  [
    "an authority with name constraints",
    { reason: "unknown-critical-extension", extension: "2.5.29.30" },
    async () => direct,
    async () => ({
      anchors: [await forge("root", "root", [...ca(), extension("2.5.29.30", asn1Null, true)])],
    }),
  ],
])("%s is refused by name", async (_, refusal, certificate, options) => {
  expect(await reasonOf(await certificate(), await options?.())).toMatchObject(refusal);
});

test("evidence is not asked what it is for", async () => {
  const server = await forge("leaf", "root", [extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"])]);

  expect(await reasonOf(server, { purpose: "any" })).toEqual(["CN=leaf", "CN=root"]);
});

test("of several authorities with one name, the one whose key signed is found", async () => {
  const twin = await forge("root", "root", ca(), { spki: keys.stranger.certificate.spki });

  expect(await reasonOf(direct, { anchors: [twin, root] })).toEqual(["CN=leaf", "CN=root"]);
});

test("two authorities that vouch for each other lead nowhere", async () => {
  const one = await forge("middle", "stranger", ca());
  const two = await forge("stranger", "middle", ca());

  expect(await reasonOf(leaf, { intermediates: [one, two, one, two] })).toMatchObject({
    reason: "unknown-issuer",
  });
});

test("an authority with another key identifier is not taken for the issuer", async () => {
  const other = await forge("root", "root", [...ca(), subjectKeyIdExtension(Uint8Array.of(1, 2, 3))]);
  const device = certificateOf(fixture("device.cert"));

  expect(await reasonOf({ ...device, issuer: other.subject }, { anchors: [other] })).toMatchObject({
    reason: "unknown-issuer",
  });
});

test("a chain is valid while all below its authority are, give or take the skew", async () => {
  const found = await findChain(
    await forge("leaf", "root", client, { notBefore: Date.UTC(2026, 0, 2), notAfter: Date.UTC(2026, 0, 5) }),
    { anchors: [await forge("root", "root", ca(), { notAfter: Date.UTC(2021, 0, 1) })] },
  );
  if (!found.ok) throw new Error(found.refusal.reason);
  const at = (day: number, skewMs?: number) => checkValidity(found.value, Date.UTC(2026, 0, day), skewMs);

  expect(at(1)).toEqual({ ok: false, refusal: { reason: "not-yet-valid", notBefore: Date.UTC(2026, 0, 2) } });
  expect(at(1, 86_400_000)).toMatchObject({ ok: true });
  expect(at(3)).toMatchObject({ ok: true });
  expect(at(6)).toEqual({ ok: false, refusal: { reason: "expired", notAfter: Date.UTC(2026, 0, 5) } });
  expect(at(6, 86_400_000)).toMatchObject({ ok: true });
});
