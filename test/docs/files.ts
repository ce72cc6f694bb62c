// The files that pages name: what a reader has from other tools, from Apple, or from the network's administrator.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writePlist } from "../../src/plist/write.ts";
import { mobileSignature, signedData } from "../support/apple-device/cms.ts";
import { factoryIdentity } from "../support/apple-device.ts";
import { testClient, testIdentity } from "../support/test-pki.ts";

/** Writes them, and answers the push certificate with its key. */
export async function writeFiles(folder: string): Promise<string> {
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  const root = await testIdentity({ commonName: "Example Root", key: "RSA-2048", isCa: true });
  const push = await testClient(root, "RSA-2048");
  const signing = await testIdentity({ commonName: "Example Signing", key: "RSA-2048", issuer: root });

  write("MDM_push.pem", push.certificatePem);
  write("push.key", push.keyPem);
  write("chain.pem", signing.certificatePem + root.certificatePem);
  write("key.pem", signing.keyPem);
  write("ca.pem", root.certificatePem);
  write("scripts.zip", Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64"));
  write("vpn.mobileconfig", profile("com.example.vpn", vpn));
  write("wifi.mobileconfig", profile("com.example.guests", wifi));
  write("wifi.json", JSON.stringify({ PayloadIdentifier: "com.example.wifi", PayloadContent: [wifi] }));
  write("command.plist", writePlist({ Command: { RequestType: "SecurityInfo" } }));
  write("app.mobileprovision", await provisioningProfile());
  return push.certificatePem + push.keyPem;
}

const wifi = { PayloadType: "com.apple.wifi.managed", SSID_STR: "Guests", EncryptionType: "None" };
const vpn = {
  PayloadType: "com.apple.vpn.managed",
  UserDefinedName: "Office",
  VPNType: "IKEv2",
  IKEv2: {
    RemoteAddress: "vpn.example.com",
    RemoteIdentifier: "vpn.example.com",
    LocalIdentifier: "device",
    AuthenticationMethod: "SharedSecret",
    SharedSecret: "correct horse",
  },
};

const profile = (identifier: string, payload: typeof wifi | typeof vpn): Uint8Array =>
  writePlist({
    PayloadType: "Configuration",
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: crypto.randomUUID(),
    PayloadDisplayName: identifier,
    PayloadContent: [
      {
        ...payload,
        PayloadVersion: 1,
        PayloadIdentifier: `${identifier}.payload`,
        PayloadUUID: crypto.randomUUID(),
      },
    ],
  });

async function provisioningProfile(): Promise<Uint8Array> {
  const now = Date.now();
  const content = writePlist({
    UUID: "4B8C5F1E-0D5A-4C9B-8F0E-2A7C1D3E5F60",
    Name: "In-house apps",
    AppIDName: "Example",
    TeamIdentifier: ["ABCDE12345"],
    TeamName: "Example Inc.",
    Platform: ["iOS"],
    ProvisionsAllDevices: true,
    Entitlements: { "application-identifier": "ABCDE12345.com.example.app" },
    CreationDate: new Date("2026-01-01T00:00:00Z"),
    ExpirationDate: new Date("2040-01-01T00:00:00Z"),
    TimeToLive: 365,
    Version: 1,
  });
  const signer = await factoryIdentity("Example");
  return signedData({ content, detached: false, signer, style: mobileSignature, now });
}
