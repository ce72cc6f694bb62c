import { expect, test } from "vitest";
import { equalBytes } from "../../src/base/bytes.ts";
import { openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { mutate, repeatableRandom } from "../support/mutate.ts";
import { body, credential, fixture, toIndefinite } from "../support/pki.ts";

// Damaged input is refused in words, never thrown at the caller, and never believed about other content.

const keysWeKnow = ["device", "p256"].map((name) => credential(name).certificate.spki);

test("20,000 damaged signed messages: none throws, none verifies over other content or for another key", async () => {
  const random = repeatableRandom(20_26);
  const detached = [
    "detached",
    "detached-sha1-noattr",
    "detached-p256",
    "detached-keyid",
    "detached-pss",
  ].map((name) => fixture(`${name}.cms`));
  const attached = ["attached", "attached-noattr", "stream-attached", "stream-attached-noattr"].map((name) =>
    fixture(`${name}.cms`),
  );
  const messages = [
    ...[...detached, toIndefinite(fixture("detached.cms"), 4)].map((cms) => ({
      cms,
      options: { detached: body },
    })),
    ...attached.map((cms) => ({ cms, options: {} })),
  ];
  const reasons = new Map<string, number>();
  let verified = 0;

  for (let round = 0; round < 20_000; round++) {
    const { cms, options } = messages[round % messages.length] ?? { cms: body, options: {} };
    const result = await verifySignedData(mutate(cms, random), { ...options, allowSha1: true });
    if (result.ok) {
      verified++;
      const { content, signer } = result.value;
      expect(content === undefined || equalBytes(content, body), `content of round ${round}`).toBe(true);
      expect(
        keysWeKnow.some((spki) => equalBytes(spki, signer.spki)),
        `key of round ${round}`,
      ).toBe(true);
    } else reasons.set(result.refusal.reason, (reasons.get(result.refusal.reason) ?? 0) + 1);
  }

  // Damage to what nobody signs (versions, the rest of the certificate) may pass; that must stay the exception.
  expect(verified).toBeLessThan(4000);
  expect([...reasons.keys()]).toEqual(
    expect.arrayContaining([
      "malformed",
      "bad-signature",
      "digest-mismatch",
      "no-signer-certificate",
      "bad-attributes",
    ]),
  );
});

test("2,000 damaged envelopes: none throws, and what opens is the content or garbage that no padding betrays", async () => {
  const random = repeatableRandom(7);
  const authority = credential("authority");
  const envelopes = ["aes128", "stream-aes128", "3des", "oaep-sha256", "gcm128"].map((name) =>
    fixture(`encrypted-${name}.cms`),
  );
  const allowed = [
    "malformed",
    "wrong-content-type",
    "unsupported-cipher",
    "no-recipient",
    "unsupported-key-transport",
    "undecryptable",
  ];

  for (let round = 0; round < 2000; round++) {
    const cms = mutate(envelopes[round % envelopes.length] ?? body, random);
    const parsed = parseEnvelope(cms, { allowLegacyCiphers: true });
    const opened = parsed.ok ? await openEnvelope(parsed.value, authority) : parsed;
    if (!opened.ok) expect(allowed).toContain(opened.refusal.reason);
  }
});

test("10,000 damaged certificates and requests: read or malformed", async () => {
  const random = repeatableRandom(11);
  const readers: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
    [fixture("device.cert"), parseCertificate],
    [
      fixture("request.csr"),
      async (der) => {
        const csr = parseCsr(der);
        return csr.ok ? verifyCsr(csr.value) : csr;
      },
    ],
  ];

  for (let round = 0; round < 10_000; round++) {
    const [original, read] = readers[round % readers.length] ?? [body, parseCertificate];
    expect(await read(mutate(original, random))).toHaveProperty("ok");
  }
});
