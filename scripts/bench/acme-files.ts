// What an attested device posts to an ACME server, made once for `npm run bench:pki`.
import { createHash, webcrypto } from "node:crypto";
import { accountId } from "../../src/acme/account-key.ts";
import { testAttestationRoot } from "../../test/support/apple-device/attestation-root.ts";
import { attest, attestationObject } from "../../test/support/apple-device/attester.ts";
import { certificateRequest } from "../../test/support/apple-device/certificate.ts";
import { newKey } from "../../test/support/apple-device/keys.ts";

const url64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");

/** By name, in base64. */
export async function acmeFiles(): Promise<Record<string, string>> {
  const { subtle } = webcrypto;
  const account = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { x = "", y = "" } = await subtle.exportKey("jwk", account.publicKey);
  const kid = accountId({ kty: "EC", crv: "P-256", x, y });
  const signed = async (body: object): Promise<string> => {
    const header = { alg: "ES256", kid, nonce: "nonce", url: "https://mdm.example.com/acme/x" };
    const [head, payload] = [url64(JSON.stringify(header)), url64(JSON.stringify(body))];
    const input = Buffer.from(`${head}.${payload}`);
    const signature = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, account.privateKey, input);
    const jws = { protected: head, payload, signature: url64(new Uint8Array(signature)) };
    return Buffer.from(JSON.stringify(jws)).toString("base64");
  };

  const key = await newKey("P-384");
  const freshness = createHash("sha256").update("token").digest();
  const device = { serialNumber: "C02XK0AAJG5J", udid: "00008103-000A11112222801E", osVersion: "15.2" };
  const x5c = await attest({ spki: key.spki, freshness, device, now: Date.now() });
  const csr = certificateRequest({
    key,
    version: 0,
    digest: "SHA-256",
    subject: [[["CN", "Device identity"]]],
    challenge: undefined,
    keyUsage: 1,
    names: {},
  });
  return {
    "acme.challenge": await signed({ attObj: url64(attestationObject(x5c)) }),
    "acme.finalize": await signed({ csr: url64(csr) }),
    "acme.root": Buffer.from(testAttestationRoot).toString("base64"),
  };
}
