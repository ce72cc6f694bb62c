import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { toHex } from "../../src/base/bytes.ts";
import { claimCertificate, verifyIssued } from "../../src/enrollment/verify-issued.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { issuerAndSerial } from "../../src/pki/cms/certificate-id.ts";
import { sequence } from "../../src/pki/der/write.ts";
import { commonName } from "../../src/pki/names.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { ask } from "../support/admin.ts";
import { invite, newDevice } from "../support/fleet.ts";
import { readRevocationList } from "../support/read-revocation-list.ts";
import { credentialOf } from "../support/renewal-request.ts";
import { type Client, enrol, exchange, getAuthority, newClient, pooledKey } from "../support/scep-client.ts";

let authority: Certificate;

beforeAll(async () => {
  await ask("POST", "/api/v1/authorities");
  authority = await getAuthority();
});

const badRequest = { pkiStatus: "2", failInfo: "2", hasContent: false };
const badCertId = { pkiStatus: "2", failInfo: "4", hasContent: false };
const hexOf = (certificate: Certificate | undefined) => toHex(certificate?.der ?? new Uint8Array());

/** A device that was enrolled, and has a new key for its next identity. */
async function enrolled(known: Record<string, unknown> = {}) {
  const device = newDevice("iphone");
  await device.enroll(await invite(known));
  const signer = credentialOf(device.identity);
  const next: Client = { key: pooledKey(), signer };
  const renewal = { type: "RenewalReq", subject: signer.certificate.subject } as const;
  return { device, identity: signer, next, renewal, name: await fingerprint(signer.certificate.der) };
}

describe("RenewalReq", () => {
  test("signed by the current identity gets a new one, for the same device and from the same record", async () => {
    const { device, identity, next, renewal, name } = await enrolled({ account: "anna@example.com" });

    const reply = await exchange(authority, next, renewal);

    const [renewed] = reply.certificates;
    expect(toHex(renewed?.subject ?? new Uint8Array())).toBe(toHex(identity.certificate.subject));
    expect(toHex(renewed?.spki ?? new Uint8Array())).toBe(toHex(next.key.spki));
    expect(await verifyIssued(env, renewed ?? authority, Date.now())).toMatchObject({
      ok: true,
      value: {
        purpose: "renewal",
        issuedFor: { account: "anna@example.com" },
        renewalOf: { deviceId: device.id, fingerprint: name },
        claimedBy: undefined,
      },
    });
  });

  test("is signed by certmonger as a PKCSReq without a challenge, and is served the same", async () => {
    const { next, renewal } = await enrolled();

    const reply = await exchange(authority, next, { ...renewal, type: "PKCSReq" });

    expect(reply.pkiStatus).toBe("0");
  });

  test("repeated with the same key gets the same certificate", async () => {
    const { next, renewal } = await enrolled();

    const [first, second] = [
      await exchange(authority, next, renewal),
      await exchange(authority, next, renewal),
    ];

    expect(hexOf(second.certificates[0])).toBe(hexOf(first.certificates[0]));
  });

  test("with another subject is refused", async () => {
    const { next, renewal } = await enrolled();

    expect(await exchange(authority, next, { ...renewal, subject: commonName("other") })).toMatchObject(
      badRequest,
    );
  });

  test("signed by a throw-away certificate is refused, even with the subject of an identity", async () => {
    const { renewal } = await enrolled();
    const stranger = await newClient("device");

    expect(await exchange(authority, stranger, renewal)).toMatchObject(badRequest);
  });

  test("signed by a revoked identity is refused", async () => {
    const { next, renewal, name } = await enrolled();
    const revoked = await ask("POST", `/api/v1/certificates/${name}/revoke`);
    expect(revoked.json.revoked_at).not.toBeNull();

    expect(await exchange(authority, next, renewal)).toMatchObject(badRequest);
  });

  test("signed by an expired identity is refused: its device gets a profile with a challenge instead", async () => {
    const { next, renewal, identity } = await enrolled();
    const { notAfter } = identity.certificate;

    const late = await verifyIssued(env, identity.certificate, notAfter + 1000);
    vi.useFakeTimers({ toFake: ["Date"], now: notAfter + 1000 });
    const reply = await exchange(authority, next, renewal);
    vi.useRealTimers();

    expect(late).toMatchObject({ refusal: { reason: "expired", issued: { purpose: "enrollment" } } });
    expect(reply).toMatchObject(badRequest);
  });

  test("a challenge minted for a device makes a renewal of what it presents", async () => {
    const { identity } = await enrol({ device_id: "DEVICE-2" });

    expect(await verifyIssued(env, identity.certificate, Date.now())).toMatchObject({
      value: { purpose: "renewal", renewalOf: { deviceId: "DEVICE-2" } },
    });
  });
});

describe("questions that ask for nothing new", () => {
  test("CertPoll finds the certificate of its transaction, for the key it was made for", async () => {
    const { identity, client } = await enrol();
    const content = sequence(authority.subject, identity.certificate.subject);

    const reply = await exchange(authority, client, { type: "CertPoll", content });
    const stranger = await exchange(authority, await newClient(), {
      type: "CertPoll",
      content,
      transactionID: "X",
    });

    expect(hexOf(reply.certificates[0])).toBe(hexOf(identity.certificate));
    expect(stranger).toMatchObject(badCertId);
  });

  test("GetCert finds a certificate by issuer and serial number", async () => {
    const { identity } = await enrol();
    const content = issuerAndSerial(identity.certificate);
    const asking = await newClient();

    const reply = await exchange(authority, asking, { type: "GetCert", content });
    const missing = await exchange(authority, asking, {
      type: "GetCert",
      content: issuerAndSerial(authority),
    });

    expect(hexOf(reply.certificates[0])).toBe(hexOf(identity.certificate));
    expect(missing).toMatchObject(badCertId);
  });

  test("GetCRL answers the list that names a revoked certificate", async () => {
    const { identity, name } = await enrolled();
    await ask("POST", `/api/v1/certificates/${name}/revoke`, { json: { reason: "keyCompromise" } });
    const content = issuerAndSerial(identity.certificate);

    const reply = await exchange(authority, await newClient(), { type: "GetCRL", content });

    const crl = readRevocationList(reply.crl ?? new Uint8Array());
    expect([...crl.revoked.keys()]).toContain(identity.certificate.serial);
  });

  test("a question that is no question is a badMessageCheck, like anything that does not open", async () => {
    const asking = await newClient();

    for (const type of ["CertPoll", "GetCert", "GetCRL"] as const) {
      const reply = await exchange(authority, asking, { type, content: Uint8Array.of(0x30, 0) });

      expect(reply).toMatchObject({ pkiStatus: "2", failInfo: "1" });
    }
  });
});

describe("one identity, one device", () => {
  test("of many devices that claim a certificate at once one gets it, and may claim it again", async () => {
    const { identity } = await enrol();
    const name = await fingerprint(identity.certificate.der);
    const devices = Array.from({ length: 20 }, (_, index) => `D${index}`);

    const claims = await Promise.all(devices.map((id) => claimCertificate(env, name, id)));

    expect(claims.filter(Boolean)).toHaveLength(1);
    const owner = devices[claims.indexOf(true)] ?? "";
    expect(await claimCertificate(env, name, owner)).toBe(true);
    const row = await ask("GET", `/api/v1/certificates/${name}`);
    expect(row.json.device_id).toBe(owner);
  });

  test("a certificate that nobody recorded cannot be claimed", async () => {
    expect(await claimCertificate(env, "00".repeat(32), "D")).toBe(false);
  });
});
