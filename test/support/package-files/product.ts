import { type Bytes, utf8 } from "../../../src/base/bytes.ts";
import { type TestIdentity, testIdentity } from "../test-pki.ts";
import { writeXar, type XarEntry, type XarOrder } from "./xar-writer.ts";

// Installer packages for tests: a product with one component that installs an app.

export type ProductOrder = {
  identifier?: string;
  version?: string;
  /** Of the payload, so that two products differ, or are large. */
  payload?: Bytes;
  signer?: XarOrder["signer"] | "nobody";
} & Omit<XarOrder, "entries" | "signer">;

let installer: Promise<{ identity: TestIdentity; chain: TestIdentity[] }> | undefined;

/** A certificate that is called as Apple's are: an RSA key takes a while, so it is made once. */
export function testInstaller(): Promise<{ identity: TestIdentity; chain: TestIdentity[] }> {
  installer ??= makeInstaller();
  return installer;
}

async function makeInstaller(): Promise<{ identity: TestIdentity; chain: TestIdentity[] }> {
  const root = await testIdentity({ commonName: "Developer ID Certification Authority", isCa: true });
  const identity = await testIdentity({
    commonName: "Developer ID Installer: Example (ABCDE12345)",
    key: "RSA-2048",
    issuer: root,
  });
  return { identity, chain: [root] };
}

export const componentEntries = ({
  identifier,
  version,
  payload,
}: Required<Pick<ProductOrder, "identifier" | "version" | "payload">>): XarEntry[] => [
  { name: "Bom", content: utf8("a bill of materials") },
  { name: "Payload", content: payload, stored: true },
  {
    name: "PackageInfo",
    content: utf8(
      `<?xml version="1.0"?><pkg-info format-version="2" identifier="${identifier}" version="${version}" install-location="/Applications"><payload numberOfFiles="3" installKBytes="12"/><bundle path="./Tool.app" id="${identifier}.app" CFBundleShortVersionString="${version}" CFBundleVersion="77"/></pkg-info>`,
    ),
  },
];

export const distributionXml = (identifier: string, version: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<installer-gui-script minSpecVersion="2">
  <!-- made by productbuild -->
  <title>Example &amp; Tool</title>
  <product id="${identifier}.product" version="${version}"/>
  <options customize="never" require-scripts="false" hostArchitectures="x86_64,arm64"/>
  <volume-check><allowed-os-versions><os-version min="13.0"/></allowed-os-versions></volume-check>
  <pkg-ref id="${identifier}"><bundle-version><bundle id="${identifier}.app"/></bundle-version></pkg-ref>
  <choices-outline><line choice="default"><line choice="${identifier}"/></line></choices-outline>
  <choice id="${identifier}" visible="false"><pkg-ref id="${identifier}"/></choice>
  <pkg-ref id="${identifier}" version="${version}" onConclusion="none">#tool.pkg</pkg-ref>
</installer-gui-script>`;

/** A product that a Mac would install, unless the order says otherwise. */
export async function testProduct(order: ProductOrder = {}): Promise<Bytes> {
  const {
    identifier = "com.example.tool",
    version = "1.2.3",
    payload = utf8("payload"),
    signer,
    ...rest
  } = order;
  return writeXar({
    ...rest,
    signer: signer === "nobody" ? undefined : (signer ?? (await testInstaller())),
    entries: [
      { name: "Distribution", content: utf8(distributionXml(identifier, version)) },
      { name: "Resources", children: [{ name: "en.lproj", children: [] }] },
      { name: "tool.pkg", children: componentEntries({ identifier, version, payload }) },
    ],
  });
}
