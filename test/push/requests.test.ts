import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { readPortalFile } from "../../src/apns/certificate-request.ts";
import { fromBase64 } from "../../src/base/bytes.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { oids } from "../../src/pki/oids.ts";
import { readPem } from "../../src/pki/pem.ts";
import { verifySignature } from "../../src/pki/signature.ts";
import { ask } from "../support/admin.ts";
import { mdmcertDownload } from "../support/mdmcert-download.ts";
import { credential, pemText } from "../support/pki.ts";
import { type TestIdentity, testIdentity } from "../support/test-pki.ts";

// The life of a push certificate from its request on; Apple's portal is the test itself.

const path = "/api/v1/push-certificate-requests";
const vendorPath = "/api/v1/push-vendor";
const day = 86_400_000;
let root: TestIdentity;
let intermediate: TestIdentity;
let vendor: TestIdentity;

/** The shared RSA key: making one is what costs time. */
const rsaKeys = () => {
  const { certificate, pkcs8 } = credential("device");
  return { spki: certificate.spki, pkcs8 };
};

beforeAll(async () => {
  root = await testIdentity({ commonName: "Apple Root CA", isCa: true });
  intermediate = await testIdentity({ commonName: "Apple WWDR", isCa: true, issuer: root });
  vendor = await testIdentity({
    commonName: "MDM Vendor: Example",
    keys: rsaKeys(),
    issuer: intermediate,
    // Apple's own, which nobody else knows.
    criticalExtension: "1.2.840.113635.100.6.1.12",
  });
});

const chain = () => [vendor, intermediate, root].map(({ certificatePem }) => certificatePem).join("");
const putVendor = () =>
  ask("PUT", vendorPath, { json: { certificate: chain(), private_key: vendor.keyPem } });

async function newRequest(account = "mdm@example.com") {
  const made = await ask("POST", path, { json: { account } });
  expect(made.status, made.text).toBe(201);
  return made.json as { id: string; csr: string };
}

const csrOf = ({ csr }: { csr: string }) => {
  const parsed = parseCsr(readPem(csr)[0]?.der ?? new Uint8Array());
  if (!parsed.ok) throw new Error(parsed.refusal.detail);
  return parsed.value;
};

/** What Apple's portal does: it believes the vendor whose chain comes along, and issues for the key in the request. */
async function portal(file: string, topic: string): Promise<string> {
  const read = readPortalFile(file);
  if (!read.ok) throw new Error(read.refusal.detail);
  const { csr, chainPem, signature } = read.value;
  const pems = readPem(chainPem);
  expect(pems.map(({ label }) => label)).toEqual(Array(3).fill("CERTIFICATE"));
  expect(pems[0]?.der).toEqual(vendor.certificate.der);
  expect(pems[2]?.der).toEqual(root.certificate.der);
  const signed = await verifySignature({
    algorithm: { algorithm: oids.sha256WithRSAEncryption, parameters: undefined },
    spki: vendor.certificate.spki,
    signature,
    data: csr,
  });
  expect(signed.ok).toBe(true);
  const parsed = parseCsr(csr);
  if (!parsed.ok) throw new Error(parsed.refusal.detail);
  const { certificatePem } = await testIdentity({
    commonName: "APSP:issued",
    topic,
    keys: { spki: parsed.value.spki, pkcs8: new Uint8Array() },
    purposes: [oids.clientAuth],
    issuer: intermediate,
  });
  return certificatePem;
}

const upload = (pem: string) =>
  ask("POST", "/api/v1/push-certificates", {
    body: pem,
    headers: { "Content-Type": "application/x-pem-file" },
  });

describe("a request", () => {
  test("signed by the vendor kept here becomes a certificate that finds its key by itself", async () => {
    const request = await newRequest();
    const csr = csrOf(request);
    expect((await putVendor()).json.subject).toContain("MDM Vendor: Example");

    const file = await ask("POST", `${path}/${request.id}/sign`);
    const certificate = await portal(file.text, "com.apple.mgmt.External.life-cycle");
    const uploaded = await upload(certificate);
    const again = await upload(certificate);

    expect((await verifyCsr(csr)).ok).toBe(true);
    expect(csr.subjectText).toContain("mdm@example.com");
    expect(file.headers.get("Content-Disposition")).toContain(`push-request-${request.id}.plist.b64`);
    expect(file.text).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect([uploaded.status, uploaded.json.topic]).toEqual([201, "com.apple.mgmt.External.life-cycle"]);
    expect([again.status, again.json.id]).toEqual([200, uploaded.json.id]);
    expect((await ask("GET", `${path}/${request.id}`)).status).toBe(404);
    expect((await ask("DELETE", vendorPath)).status).toBe(204);
  });

  test("can be signed by a vendor who leaves no key here", async () => {
    const request = await newRequest();
    const without = await ask("POST", `${path}/${request.id}/sign`);

    const signed = await ask("POST", `${path}/${request.id}/sign`, {
      json: { certificate: chain(), private_key: vendor.keyPem },
    });

    expect([without.status, signed.status]).toEqual([409, 200]);
    expect(await portal(signed.text, "com.apple.mgmt.External.once")).toContain("BEGIN CERTIFICATE");
    expect((await ask("GET", vendorPath)).status).toBe(404);
  });

  test("is signed by mdmcert.download, whose mail is opened into the file for the portal", async () => {
    const [mine, other] = [await newRequest(), await newRequest()];
    const registered = { email: "it@example.com", apiKey: "key-of-edgemdm" };
    const service = mdmcertDownload({
      ...registered,
      vendor: {
        chain: [vendor, intermediate, root].map(({ certificate }) => certificate),
        pkcs8: vendor.keys.pkcs8,
      },
    });
    const send = (id: string, json: object) => ask("POST", `${path}/${id}/mdmcert`, { json });
    const open = (id: string, body: string) =>
      ask("POST", `${path}/${id}/mdmcert/mail`, { body, headers: { "Content-Type": "text/plain" } });

    const unregistered = await send(mine.id, { email: "no@example.com", api_key: registered.apiKey });
    const sent = await send(mine.id, { email: registered.email, api_key: registered.apiKey });
    await send(other.id, { email: registered.email, api_key: registered.apiKey });
    const [mail, otherMail] = service.mails.map(({ attachment }) => attachment);

    expect([unregistered.status, unregistered.json.detail]).toEqual([
      409,
      "mdmcert.download refused the request: no@example.com is not registered",
    ]);
    expect([sent.status, sent.json.sent_to_mdmcert]).toEqual([202, true]);
    expect(service.requests[0]?.headers.get("user-agent")).toContain("edgemdm");
    const opened = await open(mine.id, mail ?? "");
    const uploaded = await upload(await portal(opened.text, "com.apple.mgmt.External.mailed"));
    expect(uploaded.status, uploaded.text).toBe(201);

    const third = await newRequest();
    const wrong = [
      await open(other.id, mail ?? ""),
      await open(other.id, "zz"),
      await open(other.id, "00ff"),
      await open(third.id, otherMail ?? ""),
    ];
    expect(wrong.map(({ status, json }) => [status, json.errors?.[0]?.code])).toEqual([
      [400, "undecryptable"],
      [400, "malformed"],
      [400, "malformed"],
      [409, undefined],
    ]);
  });

  test("keeps its key sealed, is listed until it is answered, and can be forgotten", async () => {
    const request = await newRequest("sealed@example.com");
    const row = await env.DB.prepare("SELECT * FROM push_certificate_requests WHERE id = ?")
      .bind(request.id)
      .first<{ sealed_key: string }>();
    const listed = (await ask("GET", path)).json.items.map(({ id }: { id: string }) => id);
    const gone = await ask("DELETE", `${path}/${request.id}`);

    const sealed = Buffer.from(fromBase64(row?.sealed_key ?? "") ?? []).toString("latin1");
    expect(sealed).not.toContain("\x2a\x86\x48\x86\xf7\x0d");
    expect(listed).toContain(request.id);
    expect([gone.status, (await ask("GET", `${path}/${request.id}`)).status]).toEqual([204, 404]);
  });

  test.each([
    [{ account: "nobody" }, "/account"],
    [{ account: "a@example.com", country: "Germany" }, "/country"],
    [{}, "/account"],
  ])("of %j is refused", async (json, pointer) => {
    const refused = await ask("POST", path, { json });

    expect([refused.status, refused.json.errors[0].pointer]).toEqual([400, pointer]);
  });
});

describe("a vendor certificate", () => {
  const pems = (...identities: TestIdentity[]) =>
    identities.map(({ certificatePem }) => certificatePem).join("");
  const old = { notBefore: Date.now() - 400 * day, notAfter: Date.now() - day };

  test.each<[string, string, string, () => Promise<{ certificate: string; private_key: string }>]>([
    [
      "without Apple's chain",
      "chain",
      "AppleWWDRCAG3.cer",
      async () => ({ certificate: vendor.certificatePem, private_key: vendor.keyPem }),
    ],
    [
      "without Apple's root",
      "chain",
      "AppleIncRootCertificate.cer",
      async () => ({ certificate: pems(vendor, intermediate), private_key: vendor.keyPem }),
    ],
    [
      "under a root of the same name",
      "chain",
      "did not sign",
      async () => {
        const impostor = await testIdentity({ commonName: "Apple Root CA", isCa: true });
        return { certificate: pems(vendor, intermediate, impostor), private_key: vendor.keyPem };
      },
    ],
    [
      "under an intermediate that has expired",
      "expired",
      "CN=Apple WWDR expired on",
      async () => {
        const expired = await testIdentity({ commonName: "Apple WWDR", isCa: true, issuer: root, ...old });
        const below = await testIdentity({ commonName: "V", keys: rsaKeys(), issuer: expired });
        return { certificate: pems(below, expired, root), private_key: below.keyPem };
      },
    ],
    [
      "with another key",
      "mismatch",
      "not the key",
      async () => ({ certificate: chain(), private_key: pemText("authority.key") }),
    ],
    [
      "of an elliptic key",
      "unfit",
      "only signatures of RSA keys",
      async () => {
        const elliptic = await testIdentity({ commonName: "V", issuer: intermediate });
        return { certificate: pems(elliptic, intermediate, root), private_key: elliptic.keyPem };
      },
    ],
  ])("%s is refused with the reason", async (_title, code, detail, given) => {
    const refused = await ask("PUT", vendorPath, { json: await given() });

    expect([refused.status, refused.json.errors?.[0]?.code]).toEqual([400, code]);
    expect(refused.json.detail).toContain(detail);
  });
});
