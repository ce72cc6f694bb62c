import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../apple-device/certificate.ts";
import { readCertificate } from "../apple-device/certificate.ts";
import {
  envelop,
  macSignature,
  mobileSignature,
  openEnvelope,
  readSignedData,
  signedData,
} from "../apple-device/cms.ts";
import { type Bytes, base64, text } from "../apple-device/der.ts";
import { FakeServer, newAuthority, newIdentity } from "../apple-device/fake-server.ts";
import { newKey, pooledKey } from "../apple-device/keys.ts";
import { realRandom } from "../apple-device/random.ts";
import { appleDevice, type FlavourName } from "../apple-device.ts";

// The device's CMS, read by somebody who shares no code with it.

const now = Date.now();
const folder = mkdtempSync(join(tmpdir(), "apple-device-"));
const body = text("<plist><dict><key>Status</key><string>Idle</string></dict></plist>");
let authority: Identity;
let counter = 0;

beforeAll(async () => {
  authority = await newAuthority("Test CA", now);
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: Uint8Array | string): string {
  const path = join(folder, String(counter++));
  writeFileSync(path, content);
  return path;
}

const pem = (certificate: Bytes): string => new X509Certificate(certificate).toString();
const openssl = (...args: string[]): Buffer =>
  execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
const verify = (cms: Bytes, content: Bytes): Buffer =>
  openssl(
    ...["cms", "-verify", "-binary", "-inform", "DER", "-in", file(cms), "-content", file(content)],
    ...["-CAfile", file(pem(authority.certificate)), "-purpose", "any"],
  );

test.each([
  ["a Mac's", macSignature, "RSA-2048"],
  ["an iPhone's", mobileSignature, "RSA-2048"],
  ["an iPhone's, P-256,", mobileSignature, "P-256"],
  ["an iPhone's, P-384,", mobileSignature, "P-384"],
] as const)("openssl verifies %s signature, and no other body's", async (_whose, style, type) => {
  const key = type === "RSA-2048" ? await pooledKey() : await newKey(type);
  const signer = await newIdentity(authority, "device", key, now);

  const cms = signedData({ content: body, detached: true, signer, style, now });

  expect(verify(cms, body).equals(body)).toBe(true);
  expect(() => verify(cms, text("another body"))).toThrow();
});

test("openssl sees indefinite lengths outside, one certificate, and no attributes from a Mac", async () => {
  const signer = await newIdentity(authority, "device", await pooledKey(), now);

  const cms = signedData({ content: body, detached: true, signer, style: macSignature, now });

  const structure = openssl("asn1parse", "-inform", "DER", "-in", file(cms)).toString();
  expect(structure.match(/l=inf/g)).toHaveLength(4);
  expect(structure).toContain("sha1WithRSAEncryption");
  expect(structure).not.toContain("signingTime");
  // A captured header of a Mac has 1632 characters, with a longer certificate.
  expect(base64(cms).length).toBeGreaterThan(1200);
  expect(base64(cms).length).toBeLessThan(2100);
});

test.each(["AES-128", "AES-256", "3DES"] as const)(
  "openssl opens an envelope with %s, in DER and in BER",
  async (cipher) => {
    const recipient = readCertificate(authority.certificate);
    const content = realRandom.bytes(2500);

    for (const encoding of ["der", "ber"] as const) {
      const envelope = envelop({ content, recipient, cipher, encoding, random: realRandom.bytes });

      const opened = openssl(
        ...["cms", "-decrypt", "-binary", "-inform", "DER", "-in", file(envelope)],
        ...["-inkey", file(authority.key.pem), "-recip", file(pem(authority.certificate))],
      );
      expect(opened.equals(content)).toBe(true);
    }
  },
);

test("the device reads what openssl signs and encrypts, streamed or not", async () => {
  const certificate = file(pem(authority.certificate));
  const inkey = file(authority.key.pem);

  for (const streamed of [[], ["-stream"]]) {
    const signed = openssl(
      ...["cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", file(body), ...streamed],
      ...["-signer", certificate, "-inkey", inkey],
    );
    const sealed = openssl(
      ...[
        "cms",
        "-encrypt",
        "-binary",
        "-outform",
        "DER",
        "-aes256",
        "-in",
        file(body),
        ...streamed,
        certificate,
      ],
    );

    expect(readSignedData(signed).content).toEqual(body);
    expect(openEnvelope(sealed, authority.key)).toEqual({ content: body, cipher: "AES-256" });
  }
});

test.each([
  ["mac", /Version: (Unknown \(2\)|3 \(0x2\))/],
  ["iphone", /Version: 1 \(0x0\)/],
] as const)(
  "openssl takes a SCEP request of %s apart, down to the challenge",
  async (flavour: FlavourName, version) => {
    const server = new FakeServer(authority, now);
    const device = appleDevice(flavour, { transport: server.transport });

    await device.enroll({
      serverUrl: "https://mdm.example.com/mdm",
      scepUrl: "https://mdm.example.com/scep",
      topic: "com.apple.mgmt.External.test",
      challenge: "one-time",
    });

    const envelope = openssl(
      ...[
        "cms",
        "-verify",
        "-binary",
        "-noverify",
        "-inform",
        "DER",
        "-in",
        file(server.pkiMessages[0] ?? ""),
      ],
    );
    const request = openssl(
      ...["cms", "-decrypt", "-binary", "-inform", "DER", "-in", file(envelope)],
      ...["-inkey", file(authority.key.pem), "-recip", file(pem(authority.certificate))],
    );
    const told = openssl(
      "req",
      "-inform",
      "DER",
      "-in",
      file(request),
      "-noout",
      "-text",
      "-verify",
    ).toString();
    expect(told).toContain("one-time");
    expect(told).toContain("Digital Signature, Key Encipherment");
    expect(told).toMatch(version);
    expect(
      new X509Certificate(device.identity.certificate).verify(
        new X509Certificate(authority.certificate).publicKey,
      ),
    ).toBe(true);
  },
);

test("the device shares nothing with the server but the property lists", () => {
  const support = resolve(import.meta.dirname, "..");
  const files = globSync(["apple-device.ts", "apple-device/**/*.ts"], { cwd: support });
  const ofServer = files.flatMap((name) =>
    [...readFileSync(join(support, name), "utf8").matchAll(/"[./]+\/src\/([^"]+)"/g)].map(
      ([, target]) => target,
    ),
  );

  expect(files.length).toBeGreaterThan(20);
  expect(ofServer.filter((target) => !target?.startsWith("plist/"))).toEqual([]);
});
