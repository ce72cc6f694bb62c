import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { attribute } from "../../src/pki/attributes.ts";
import type { Credential } from "../../src/pki/certificate.ts";
import { buildDegenerate } from "../../src/pki/cms/degenerate.ts";
import { buildEnvelope, openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { buildSignedData } from "../../src/pki/cms/sign.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { printableString } from "../../src/pki/der/write.ts";
import { keyUsageExtension } from "../../src/pki/extensions.ts";
import { issueLeaf, serialFrom } from "../../src/pki/issue.ts";
import { issueAuthority } from "../../src/pki/libraries/issue.ts";
import { buildCrl } from "../../src/pki/libraries/revocation-list.ts";
import { signContent } from "../../src/pki/libraries/sign.ts";
import { commonName } from "../../src/pki/names.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { readPem, toPem } from "../../src/pki/pem.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import { encryptProfile } from "../../src/profiles/encrypt-profile.ts";
import { buildCsr } from "../support/build-request.ts";

// The openssl that is installed talks with us both ways.

const version = spawnSync("openssl", ["version"], { encoding: "utf8" });
const present = version.status === 0 && version.stdout.startsWith("OpenSSL 3");
if (!present) console.warn("openssl 3 is not installed: its interoperability tests are skipped");

const folder = mkdtempSync(join(tmpdir(), "edgemdm-pki-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const openssl = (...args: string[]): Buffer =>
  execFileSync("openssl", args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });

const day = 86_400_000;
const now = Date.now();
const body = utf8("<plist><dict><key>Status</key><string>Idle</string></dict></plist>\n");
let serial = 0;
const newSerial = () => serialFrom(new Uint8Array(16).fill(++serial));

/** Key made by openssl, certificate by us: what openssl accepts of it is what we test. */
async function make(name: string, keyArguments: string[], issuer?: Credential): Promise<Credential> {
  openssl("genpkey", ...keyArguments, "-out", at(`${name}.key`));
  const pkcs8 = readPem(readFileSync(at(`${name}.key`), "utf8"))[0]?.der ?? new Uint8Array();
  const spki = new Uint8Array(openssl("pkey", "-in", at(`${name}.key`), "-pubout", "-outform", "DER"));
  const order = { now, lifetimeMs: 365 * day };
  const der = await (issuer
    ? issueLeaf({ ...order, serial: newSerial(), subject: commonName(name), spki }, issuer)
    : issueAuthority({ ...order, name: { CN: name } }, { pkcs8, spki }));
  writeFileSync(at(`${name}.pem`), toPem("CERTIFICATE", der));
  const certificate = parseCertificate(der);
  if (!certificate.ok) throw new Error(certificate.refusal.detail);
  return { certificate: certificate.value, pkcs8 };
}

const rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const ec = (curve: string) => ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`];

describe.skipIf(!present)("openssl", () => {
  const who: Record<string, Credential> = {};
  const credential = (name: string): Credential => who[name] as Credential;

  beforeAll(async () => {
    const authority = await make("authority", rsa);
    Object.assign(who, {
      authority,
      device: await make("device", rsa, authority),
      p256: await make("p256", ec("P-256"), authority),
      p384: await make("p384", ec("P-384"), authority),
      p521: await make("p521", ec("P-521"), authority),
    });
    writeFileSync(at("body"), body);
  });

  test.each<[string, string, string[]]>([
    ["as it does by itself", "device", []],
    ["without attributes", "device", ["-noattr"]],
    ["with SHA-1", "device", ["-md", "sha1"]],
    ["with SHA-1 and without attributes, as macOS does", "device", ["-md", "sha1", "-noattr"]],
    ["with SHA-384", "device", ["-md", "sha384"]],
    ["with SHA-512", "device", ["-md", "sha512"]],
    ["naming its key", "device", ["-keyid"]],
    ["with PSS", "device", ["-keyopt", "rsa_padding_mode:pss"]],
    ["on P-256", "p256", []],
    ["on P-384 with SHA-384", "p384", ["-md", "sha384"]],
    ["on P-521 with SHA-512", "p521", ["-md", "sha512"]],
    ["on P-256 without attributes", "p256", ["-noattr"]],
  ])("signs %s, and it verifies here: detached, attached and streamed", async (_, name, options) => {
    const sign = (...more: string[]) =>
      new Uint8Array(
        openssl(
          ...["cms", "-sign", "-binary", "-in", "body", "-signer", `${name}.pem`, "-inkey", `${name}.key`],
          ...["-outform", "DER", ...options, ...more],
        ),
      );
    const signer = { subjectText: `CN=${name}` };

    expect(await verifySignedData(sign(), { detached: body, allowSha1: true })).toMatchObject({
      ok: true,
      value: { signer, content: undefined },
    });
    // openssl cannot stream PSS: it writes the algorithm before it knows the parameters.
    const streamed = options.includes("-keyopt") ? [] : [sign("-nodetach", "-stream")];
    for (const attached of [sign("-nodetach"), ...streamed])
      expect(await verifySignedData(attached, { allowSha1: true })).toMatchObject({
        ok: true,
        value: { signer, content: body },
      });
  });

  test.each(["device", "p256", "p384", "p521"])(
    "verifies what %s signs here, attached and detached",
    async (name) => {
      const signer = credential(name);
      const attributes = [attribute("2.16.840.1.113733.1.9.2", printableString("3"))];
      const chain = [credential("authority").certificate];
      writeFileSync(
        at("attached"),
        await buildSignedData({ signer, content: body, attributes, chain, signingTime: now }),
      );
      writeFileSync(
        at("detached"),
        await buildSignedData({ signer, content: body, attributes, detached: true }),
      );
      const verify = (...more: string[]) =>
        openssl(
          "cms",
          "-verify",
          "-binary",
          "-inform",
          "DER",
          "-CAfile",
          "authority.pem",
          "-purpose",
          "any",
          ...more,
        );

      expect(new Uint8Array(verify("-in", "attached"))).toEqual(body);
      expect(new Uint8Array(verify("-in", "detached", "-content", "body"))).toEqual(body);
    },
  );

  test.each(["device", "p256", "p384", "p521"])(
    "verifies what an administrator downloads, signed by %s",
    async (name) => {
      const content = new Uint8Array(100_000).fill(7);
      const order = { signer: credential(name), chain: [credential("authority").certificate], content };
      writeFileSync(at("download"), await signContent({ ...order, signingTime: now }));
      const verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "download"];

      expect(new Uint8Array(openssl(...verify, "-CAfile", "authority.pem", "-purpose", "any"))).toEqual(
        content,
      );
      // DER throughout: one piece, and no length is left open.
      const parsed = openssl("asn1parse", "-inform", "DER", "-in", "download").toString();
      expect(parsed).not.toMatch(/l= ?inf|cons: OCTET STRING/);
      const printed = openssl("pkcs7", "-inform", "DER", "-in", "download", "-print_certs").toString();
      expect([...printed.matchAll(/^subject=CN ?= ?(\w+)/gm)].map(([, who]) => who)).toEqual([
        name,
        "authority",
      ]);
    },
  );

  test("reads a message that says nothing but its attributes", async () => {
    const empty = await buildSignedData({ signer: credential("device"), content: undefined });
    writeFileSync(at("empty"), empty);

    const printed = openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", "empty").toString();
    expect(printed).toMatch(/eContent: <ABSENT>/);
  });

  test.each<[string, string[]]>([
    ["AES-128", ["-aes128"]],
    ["AES-192", ["-aes192"]],
    ["AES-256", ["-aes256"]],
    ["triple DES", ["-des3"]],
    ["AES-128, streamed", ["-aes128", "-stream"]],
    ["triple DES, streamed", ["-des3", "-stream"]],
    ["AES-128-GCM", ["-aes-128-gcm"]],
    ["a recipient named by key", ["-aes128", "-keyid"]],
    ["OAEP", ["-aes256", "-keyopt", "rsa_padding_mode:oaep"]],
    ["OAEP with SHA-256", ["-aes128", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"]],
  ])("encrypts with %s, and it is decrypted here", async (_, options) => {
    const [cipher = "", ...rest] = options;
    const cms = openssl(
      ...["cms", "-encrypt", "-binary", "-in", "body", "-outform", "DER", cipher],
      ...["-recip", "device.pem", ...rest],
    );
    const envelope = parseEnvelope(new Uint8Array(cms), { allowLegacyCiphers: true });
    if (!envelope.ok) throw new Error(JSON.stringify(envelope.refusal));

    expect(await openEnvelope(envelope.value, credential("device"))).toEqual({ ok: true, value: body });
  });

  test.each(["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "3DES-CBC"] as const)(
    "decrypts what is encrypted here with %s",
    async (cipher) => {
      const envelope = await buildEnvelope(body, credential("device").certificate, cipher);
      if (!envelope.ok) throw new Error(envelope.refusal.reason);
      writeFileSync(at("envelope"), envelope.value);

      const plain = openssl(
        ...["cms", "-decrypt", "-binary", "-inform", "DER", "-in", "envelope"],
        ...["-recip", "device.pem", "-inkey", "device.key"],
      );
      expect(new Uint8Array(plain)).toEqual(body);
    },
  );

  test.each<[string, string[]]>([
    ["device", []],
    ["device", ["-sha1"]],
    ["device", ["-sigopt", "rsa_padding_mode:pss"]],
    ["p256", []],
    ["p384", ["-sha384"]],
    ["p521", ["-sha512"]],
  ])("makes a request for %s (%j) that is read and verified here", async (name, options) => {
    writeFileSync(
      at("request.cnf"),
      "[req]\nprompt=no\ndistinguished_name=n\nattributes=a\nreq_extensions=e\n[n]\nCN=Anna\n[a]\nchallengePassword=geheim-1\n[e]\nsubjectAltName=DNS:a.example\n",
    );
    const der = openssl(
      ...["req", "-new", "-key", `${name}.key`, "-config", "request.cnf", "-outform", "DER", ...options],
    );
    const csr = parseCsr(new Uint8Array(der));
    if (!csr.ok) throw new Error(csr.refusal.detail);

    expect(csr.value).toMatchObject({ subjectText: "CN=Anna", challengePassword: "geheim-1" });
    expect([...csr.value.extensions.keys()]).toEqual(["2.5.29.17"]);
    expect(await verifyCsr(csr.value)).toEqual({ ok: true, value: undefined });
  });

  test("verifies a request made here", async () => {
    const { certificate, pkcs8 } = credential("device");
    const csr = await buildCsr({
      subject: commonName("Anna"),
      spki: certificate.spki,
      pkcs8,
      challengePassword: "geheim",
      extensions: [keyUsageExtension(["digitalSignature"])],
    });
    writeFileSync(at("request"), toPem("CERTIFICATE REQUEST", csr));

    const printed = openssl("req", "-in", "request", "-noout", "-verify", "-text").toString();
    expect(printed).toMatch(/challengePassword\s*:geheim/);
    expect(printed).toMatch(/X509v3 Key Usage/);
  });

  test("accepts our certificates while the revocation list does not name them, strictly by the RFC", async () => {
    const { certificate } = credential("p256");
    const crl = await buildCrl(
      {
        number: 1,
        thisUpdate: now - day,
        nextUpdate: now + day,
        revoked: [{ serial: certificate.serial, revokedAt: now - day, reason: "superseded" }],
      },
      credential("authority"),
    );
    writeFileSync(at("crl.pem"), toPem("X509 CRL", crl));
    const verify = (name: string) =>
      spawnSync(
        "openssl",
        [
          "verify",
          "-x509_strict",
          "-crl_check",
          "-CRLfile",
          "crl.pem",
          "-CAfile",
          "authority.pem",
          "-purpose",
          "sslclient",
          `${name}.pem`,
        ],
        { cwd: folder, encoding: "utf8" },
      );

    expect(verify("device").stdout).toContain("device.pem: OK");
    expect(verify("p521").stdout).toContain("p521.pem: OK");
    expect(verify("p256").stderr).toContain("certificate revoked");
  });

  test("reads a revocation list of as many as a large fleet may lose", async () => {
    const revoked = Array.from({ length: 150_000 }, (_, index) => ({
      serial: (index + 0x1000000).toString(16).toUpperCase().padStart(8, "0"),
      revokedAt: now,
    }));
    const order = { number: 1, thisUpdate: now, nextUpdate: now + day, revoked };
    writeFileSync(at("large.crl"), await buildCrl(order, credential("authority")));

    const printed = openssl("crl", "-inform", "DER", "-in", "large.crl", "-noout", "-text").toString();
    expect(printed.match(/Serial Number: /g)).toHaveLength(150_000);
  });

  test("reads a bag of certificates in its order", () => {
    const order = ["device", "authority"];
    writeFileSync(at("bag"), buildDegenerate(order.map((name) => credential(name).certificate.der)));

    const printed = openssl("pkcs7", "-inform", "DER", "-in", "bag", "-print_certs").toString();
    expect([...printed.matchAll(/^subject=CN ?= ?(\w+)/gm)].map(([, name]) => name)).toEqual(order);
  });

  test("finds no indefinite length in what is written here", async () => {
    const signer = credential("device");
    const large = new Uint8Array(100_000).fill(7);
    const envelope = await buildEnvelope(large, signer.certificate);
    if (!envelope.ok) throw new Error(envelope.refusal.reason);

    for (const written of [await buildSignedData({ signer, content: large }), envelope.value]) {
      writeFileSync(at("written"), written);
      expect(openssl("asn1parse", "-inform", "DER", "-i", "-in", "written").toString()).not.toMatch(
        /l= ?inf/,
      );
    }
  });

  test("verifies a profile that was encrypted and signed here, and opens it with the device's key", async () => {
    const payloads = [
      new Map([
        ["PayloadType", "com.apple.wifi.managed"],
        ["SSID_STR", "Office"],
      ]),
    ];
    const profile = new Map<string, PlistValue>([
      ["PayloadIdentifier", "com.example.wifi"],
      ["PayloadContent", payloads],
    ]);
    const encrypted = await encryptProfile(profile, credential("device").certificate);
    if (!encrypted.ok) throw new Error(encrypted.refusal.detail);
    const signer = credential("p256");
    const signed = await buildSignedData({ signer, content: encrypted.value, signingTime: now });
    writeFileSync(at("profile.mobileconfig"), signed);

    const verify = ["cms", "-verify", "-inform", "DER", "-in", "profile.mobileconfig"];
    const read = readPlist(openssl(...verify, "-CAfile", "authority.pem", "-purpose", "any"));
    const outer = read.ok ? (read.value as PlistDict) : new Map<string, PlistValue>();
    writeFileSync(at("payloads.cms"), outer.get("EncryptedPayloadContent") as Uint8Array);
    const opened = openssl(
      ...["cms", "-decrypt", "-inform", "DER", "-in", "payloads.cms"],
      ...["-recip", "device.pem", "-inkey", "device.key"],
    );

    expect([...outer.keys()]).toEqual(["PayloadIdentifier", "EncryptedPayloadContent", "IsEncrypted"]);
    expect(readPlist(opened)).toEqual({ ok: true, value: payloads });
    // DER throughout: some readers know no indefinite lengths.
    expect(openssl("asn1parse", "-inform", "DER", "-in", "payloads.cms").toString()).not.toContain("inf");
    expect(await encryptProfile(profile, signer.certificate)).toMatchObject({
      ok: false,
      refusal: { reason: "cannot-encrypt" },
    });
  });
});
