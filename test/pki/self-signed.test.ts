import { expect, test } from "vitest";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { issueAuthority, issueSelfSigned } from "../../src/pki/libraries/issue.ts";
import { buildRequest } from "../../src/pki/libraries/request.ts";
import { verifySignature } from "../../src/pki/signature.ts";
import { certificateOf, credential } from "../support/pki.ts";

// What the libraries make, as our own readers read it: on a device's path they are the only ones.

const now = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;
const keysOf = (name: string) => {
  const { certificate, pkcs8 } = credential(name);
  return { spki: certificate.spki, pkcs8 };
};

const isSelfSigned = async (der: Uint8Array): Promise<boolean> => {
  const made = certificateOf(der);
  const algorithm = { algorithm: made.signatureAlgorithm, parameters: made.signatureParameters };
  const { spki, signature, tbs: data } = made;
  return (await verifySignature({ algorithm, spki, signature, data })).ok;
};

test("an authority may do what macOS asks of its partner in SCEP", async () => {
  const name = { O: "Exämple", CN: "CA" };
  const der = await issueAuthority({ name, now, lifetimeMs: 7300 * day }, keysOf("authority"));
  const made = certificateOf(der);

  expect(made).toMatchObject({
    version: 3,
    subjectText: "CN=CA,O=Exämple",
    issuer: made.subject,
    notBefore: now - 600_000,
    notAfter: now + 7300 * day,
    isCa: true,
    pathLength: 0,
    keyUsage: new Set(["digitalSignature", "keyEncipherment", "keyCertSign", "cRLSign"]),
    subjectKeyId: credential("authority").certificate.subjectKeyId,
    authorityKeyId: credential("authority").certificate.subjectKeyId,
  });
  expect(await isSelfSigned(der)).toBe(true);
});

test.each(["device", "p256", "p384", "p521"])("%s signs a certificate for itself", async (who) => {
  const order = { name: { CN: who }, now, lifetimeMs: day, purposes: ["1.3.6.1.5.5.7.3.2"] };
  const der = await issueSelfSigned(order, keysOf(who));

  expect(certificateOf(der)).toMatchObject({
    subjectText: `CN=${who}`,
    isCa: false,
    keyUsage: new Set(["digitalSignature", "keyEncipherment"]),
    extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"],
  });
  expect(await isSelfSigned(der)).toBe(true);
});

test("what others only encrypt to signs nothing, and lasts beyond 2049", async () => {
  const order = { name: { CN: "Escrow" }, now, lifetimeMs: 30 * 365 * day, onlyEncrypts: true };
  const made = certificateOf(await issueSelfSigned(order, keysOf("device")));

  expect(made.keyUsage).toEqual(new Set(["keyEncipherment"]));
  expect(made.extendedKeyUsage).toBeUndefined();
  expect(made.notAfter).toBe(now + 30 * 365 * day);
});

test.each(["#0500", '"quoted"', " CN=x, O=y ", "a+b=c\\d"])(
  "%j in a name is text, and nothing else",
  async (text) => {
    const order = { name: { O: text, CN: text }, now, lifetimeMs: day };
    const { subjectText } = certificateOf(await issueSelfSigned(order, keysOf("p256")));
    const shown = text.replace(/[,+"\\<>;=]|^[ #]| $/g, "\\$&");

    expect(subjectText).toBe(`CN=${shown},O=${shown}`);
  },
);

test.each(["device", "p256", "p384", "p521"])(
  "%s asks for a certificate, and proves its key",
  async (who) => {
    const name = { C: "DE", CN: "Exämple", emailAddress: "mdm@example.com" };
    const csr = parseCsr(await buildRequest(name, keysOf(who)));
    if (!csr.ok) throw new Error(csr.refusal.detail);

    expect(csr.value.subjectText).toBe("emailAddress=mdm@example.com,CN=Exämple,C=DE");
    expect(await verifyCsr(csr.value)).toMatchObject({ ok: true });
  },
);
