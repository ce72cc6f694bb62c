import { expect, test } from "vitest";
import { keyShape } from "../../src/pki/keys.ts";
import { viewCertificate } from "../../src/pki/libraries/view-certificate.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { certificateOf, credential, fixture, fixtureNames } from "../support/pki.ts";
import { testIdentity } from "../support/test-pki.ts";

const view = async (der: Uint8Array) => {
  const seen = await viewCertificate(new Uint8Array(der));
  if (!seen.ok) throw new Error(seen.refusal.detail);
  return seen.value;
};

test("every certificate of the fixtures looks as our own reader reads it", async () => {
  for (const name of fixtureNames.filter((one) => one.endsWith(".cert"))) {
    const certificate = certificateOf(fixture(name));
    const shape = keyShape(certificate.spki);

    expect(shape, name).toMatchObject({ ok: true, value: (await view(certificate.der)).key });
    expect(await view(certificate.der), name).toMatchObject({
      fingerprint: await fingerprint(certificate.der),
      isAuthority: certificate.isCa,
      usages: certificate.keyUsage,
    });
  }
});

test("who issued a certificate is told by name and signature, and by both", async () => {
  const above = await testIdentity({ commonName: "Above", isCa: true });
  const namesake = await testIdentity({ commonName: "Above", isCa: true });
  const renamed = await testIdentity({ commonName: "Else", isCa: true, keys: above.keys });
  const leaf = await view((await testIdentity({ commonName: "Leaf", issuer: above })).certificate.der);
  const isIssuedBy = async ({ certificate }: typeof above) => leaf.isIssuedBy(await view(certificate.der));

  expect(await isIssuedBy(above)).toBe(true);
  expect(await isIssuedBy(namesake)).toBe(false);
  expect(await isIssuedBy(renamed)).toBe(false);
  expect(await leaf.isIssuedBy(await view(credential("authority").certificate.der))).toBe(false);
});

test.each([new Uint8Array(), Uint8Array.of(0x30, 0), fixture("request.csr")])(
  "what is no certificate is refused",
  async (der) => {
    expect(await viewCertificate(der)).toMatchObject({ refusal: { reason: "malformed" } });
  },
);
