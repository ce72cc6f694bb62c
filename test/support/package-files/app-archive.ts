import { type Bytes, utf8 } from "../../../src/base/bytes.ts";
import { buildSignedData } from "../../../src/pki/cms/sign.ts";
import type { PlistInput } from "../../../src/plist/value.ts";
import { writePlist } from "../../../src/plist/write.ts";
import { testIdentity } from "../test-pki.ts";
import { writeZip, type ZipItem, type ZipOrder } from "./zip-writer.ts";

// Archives of apps for tests.

export type AppOrder = {
  info?: Record<string, PlistInput>;
  /** Instead of an XML property list. */
  infoBytes?: Bytes;
  provisioning?: { allDevices?: boolean; expiresAt?: Date } | "none";
  more?: ZipItem[];
} & Partial<Omit<ZipOrder, "items">>;

const plainInfo = {
  CFBundleIdentifier: "com.example.field",
  CFBundleVersion: "410",
  CFBundleShortVersionString: "4.1",
  CFBundleDisplayName: "Field",
  MinimumOSVersion: "17.0",
  CFBundleSupportedPlatforms: ["iPhoneOS"],
};

/** An app that a company signed for its own devices, unless the order says otherwise. */
export async function testApp(order: AppOrder = {}): Promise<Bytes> {
  const { info = {}, infoBytes, provisioning = {}, more = [], ...zip } = order;
  const content = infoBytes ?? writePlist({ ...plainInfo, ...info });
  const items: ZipItem[] = [
    { path: "Payload/", content: new Uint8Array(), stored: true },
    { path: "Payload/Field.app/Info.plist", content },
    { path: "Payload/Field.app/Field", content: utf8("a program"), stored: true },
    { path: "Payload/Field.app/PlugIns/Share.appex/Info.plist", content: utf8("another bundle's") },
  ];
  if (provisioning !== "none")
    items.push({
      path: "Payload/Field.app/embedded.mobileprovision",
      content: await testProvisioning(provisioning),
    });
  return writeZip({ items: [...items, ...more], ...zip });
}

export async function testProvisioning({
  allDevices = true,
  expiresAt = new Date("2027-06-01T00:00:00Z"),
} = {}): Promise<Bytes> {
  const signer = await testIdentity({ commonName: "Apple iPhone OS Provisioning Profile Signing" });
  const content = writePlist({
    UUID: "0f1e2d3c-4b5a-4968-8776-a5b4c3d2e1f0",
    Name: "Example In House",
    ExpirationDate: expiresAt,
    TeamIdentifier: ["ABCDE12345"],
    Platform: ["iOS"],
    ...(allDevices ? { ProvisionsAllDevices: true } : { ProvisionedDevices: ["00008110-000A1B2C3D4E5F60"] }),
  });
  return buildSignedData({
    content,
    signer: { certificate: signer.certificate, pkcs8: signer.keys.pkcs8 },
  });
}
