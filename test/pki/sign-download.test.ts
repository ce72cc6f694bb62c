import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { signContent } from "../../src/pki/libraries/sign.ts";
import { credential } from "../support/pki.ts";

const content = utf8("<plist/>");
const signingTime = Date.UTC(2026, 9, 1);

test.each(["device", "p256", "p384", "p521"])("what pkijs signs with %s is verified here", async (name) => {
  const signer = credential(name);
  const signed = await signContent({ signer, chain: [], content, signingTime });

  expect(await verifySignedData(signed)).toMatchObject({
    ok: true,
    value: { content, signer: { serial: signer.certificate.serial } },
  });
});

test("another content under the same signature is refused", async () => {
  const signed = await signContent({ signer: credential("device"), chain: [], content, signingTime });
  const at = Buffer.from(signed).indexOf(Buffer.from(content));

  expect(await verifySignedData(signed.with(at + 1, 0x41))).toMatchObject({
    refusal: { reason: "digest-mismatch" },
  });
});
