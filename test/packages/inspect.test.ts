import { describe, expect, test } from "vitest";
import { type Bytes, toBase64, utf8 } from "../../src/base/bytes.ts";
import { inspectFile } from "../../src/packages/inspect.ts";
import { writeBinary } from "../support/binary-plist.ts";
import { mutate, repeatableRandom } from "../support/mutate.ts";
import { testApp } from "../support/package-files/app-archive.ts";
import {
  componentEntries,
  distributionXml,
  testInstaller,
  testProduct,
} from "../support/package-files/product.ts";
import { writeXar, type XarOrder } from "../support/package-files/xar-writer.ts";
import { writeZip } from "../support/package-files/zip-writer.ts";
import { testIdentity } from "../support/test-pki.ts";

/** What the check reads of a file, and how much. */
async function inspect(kind: "pkg" | "ipa", file: Bytes) {
  let [ranges, bytes] = [0, 0];
  const read = async (offset: number, length: number): Promise<Bytes> => {
    if (offset < 0 || length < 0 || offset + length > file.length)
      throw new Error(`asked for ${length} bytes at ${offset} of ${file.length}`);
    ranges += 1;
    bytes += length;
    return file.slice(offset, offset + length);
  };
  const result = await inspectFile(kind, read, file.length);
  return { result, ranges, bytes };
}

async function refused(kind: "pkg" | "ipa", file: Bytes): Promise<{ reason: string; detail: string }> {
  const { result } = await inspect(kind, file);
  if (result.ok) throw new Error(`it was taken: ${JSON.stringify(result.value)}`);
  expect(result.refusal.remedy).not.toBe("");
  return { reason: result.refusal.reason, detail: result.refusal.detail };
}

const product = (order: Partial<XarOrder> & Pick<XarOrder, "entries">) => async () =>
  writeXar({ signer: await testInstaller(), ...order });

const script = (xml: string) => ({ name: "Distribution", content: utf8(xml) });
const component = componentEntries({ identifier: "com.example.a", version: "1", payload: utf8("payload") });
const good = script(distributionXml("com.example.a", "1"));

describe("a product is read", () => {
  test("with its signer, whose trust is not claimed", async () => {
    const { result } = await inspect("pkg", await testProduct());

    expect(result).toMatchObject({
      ok: true,
      value: {
        identifier: "com.example.tool.product",
        version: "1.2.3",
        title: "Example & Tool",
        facts: {
          signer: {
            commonName: "Developer ID Installer: Example (ABCDE12345)",
            isDeveloperId: true,
            chain: ["Developer ID Installer: Example (ABCDE12345)", "Developer ID Certification Authority"],
          },
          bundles: [{ identifier: "com.example.tool.app", version: "1.2.3" }],
        },
      },
    });
  });

  test("also where newer tools wrote SHA-256", async () => {
    expect((await inspect("pkg", await testProduct({ digest: "SHA-256" }))).result.ok).toBe(true);
  });

  test("by a few small ranges, however large it is", async () => {
    const file = await testProduct({ payload: new Uint8Array(3 * 1024 * 1024) });

    const { result, ranges, bytes } = await inspect("pkg", file);

    expect(result.ok).toBe(true);
    expect(ranges).toBe(6);
    expect(bytes).toBeLessThan(16 * 1024);
  });

  test("without a product in it, by its first package", async () => {
    const xml =
      '<installer-script><pkg-ref id="com.example.only" version="9.1">#a.pkg</pkg-ref></installer-script>';

    const { result } = await inspect("pkg", await product({ entries: [script(xml)] })());

    expect(result).toMatchObject({
      ok: true,
      value: { identifier: "com.example.only", version: "9.1", title: "com.example.only" },
    });
  });
});

describe("a .pkg is refused", () => {
  const cases: [string, () => Promise<Bytes>, string, RegExp][] = [
    ["that is a page", async () => utf8("<html>log in first</html>"), "not-an-archive", /flat package/],
    ["that is empty but for its name", async () => utf8("xar!"), "not-an-archive", /flat package/],
    ["that is unsigned", () => testProduct({ signer: "nobody" }), "unsigned", /no signature/],
    ["that is a component", product({ entries: component }), "component-package", /PackageInfo/],
    [
      "that is an archive of something else",
      product({ entries: [{ name: "x", content: utf8("y") }] }),
      "not-an-archive",
      /Distribution/,
    ],
    ["with two scripts", product({ entries: [good, good] }), "damaged", /two files called/],
    [
      "with a name that leaves its folder",
      product({ entries: [good, { name: "..", children: component }] }),
      "unsafe-path",
      /\.\./,
    ],
    [
      "with a slash in a name",
      product({ entries: [good, { name: "a/../../b", content: utf8("c") }] }),
      "unsafe-path",
      /a\/\.\./,
    ],
    [
      "without a version",
      product({ entries: [script('<installer-script><pkg-ref id="a.b"/></installer-script>')] }),
      "no-version",
      /version/,
    ],
    [
      "without an identifier",
      product({ entries: [script("<installer-script/>")] }),
      "no-identifier",
      /neither/,
    ],
    [
      "whose script is no XML",
      product({ entries: [script("not at all")] }),
      "damaged",
      /not-a-property-list|not XML/,
    ],
    ["whose script is another document", product({ entries: [script("<plist/>")] }), "damaged", /<plist>/],
    [
      "whose script declares entities",
      product({ entries: [script('<!DOCTYPE a [<!ENTITY b "c">]><installer-script/>')] }),
      "damaged",
      /entities/,
    ],
    [
      "whose script is nested without end",
      product({ entries: [script("<a>".repeat(5_000))] }),
      "too-complex",
      /deep/,
    ],
    [
      "whose script has elements without end",
      product({ entries: [script(`<installer-script>${"<a/>".repeat(60_000)}</installer-script>`)] }),
      "too-complex",
      /elements/,
    ],
    [
      "whose script inflates to 64 MB",
      product({ entries: [{ name: "Distribution", content: new Uint8Array(64 * 1024 * 1024) }] }),
      "too-complex",
      /Distribution/,
    ],
    [
      "whose contents are larger than the header says",
      () => testProduct({ inflatedBytes: 64 }),
      "too-complex",
      /inflated/,
    ],
    [
      "whose contents are smaller than the header says",
      () => testProduct({ inflatedBytes: 60_000 }),
      "damaged",
      /shorter/,
    ],
    [
      "whose contents would be 9 GB",
      () => testProduct({ inflatedBytes: 9 * 1024 ** 3 }),
      "too-complex",
      /table of contents/,
    ],
    [
      "whose contents are a bomb",
      () => testProduct({ toc: (xml) => xml + " ".repeat(40_000_000) }),
      "too-complex",
      /bytes/,
    ],
    [
      "that names places outside of it",
      () => testProduct({ toc: (xml) => xml.replaceAll(/<length>\d+/g, "<length>99999999") }),
      "damaged",
      /not in the file/,
    ],
    [
      "that is cut off",
      () => testProduct({ after: (file) => file.slice(0, 900) }),
      "damaged",
      /not in the file/,
    ],
    [
      "whose signature is of another key",
      async () => testProduct({ toc: swapped(await otherCertificate()) }),
      "bad-signature",
      /certificate beside it/,
    ],
    [
      "whose contents changed after it was signed",
      () => testProduct({ after: flip(28 + 2) }),
      "damaged",
      /./,
    ],
    [
      "whose certificate is none",
      () => testProduct({ toc: (xml) => xml.replace(/<X509Certificate>.*?<\//, "<X509Certificate>AAAA</") }),
      "bad-signature",
      /cannot be read/,
    ],
    [
      "with a signature that is not read",
      () => testProduct({ toc: (xml) => xml.replace('style="RSA"', 'style="CMS"') }),
      "unsupported-signature",
      /RSA/,
    ],
    [
      "whose script has no checksum",
      () => testProduct({ toc: (xml) => xml.replace(/<archived-checksum.*?\/archived-checksum>/, "") }),
      "damaged",
      /no checksum/,
    ],
    [
      "with entries without end",
      () =>
        testProduct({
          toc: (xml) => xml.replace("</toc>", `${'<file id="9"><name>a</name></file>'.repeat(10_001)}</toc>`),
        }),
      "too-complex",
      /entries/,
    ],
  ];

  test.each(cases)("%s", async (_, make, reason, detail) => {
    expect(await refused("pkg", await make())).toMatchObject({
      reason,
      detail: expect.stringMatching(detail),
    });
  });

  test("whose script was exchanged under its signature", async () => {
    const file = await testProduct();
    // The script is the first thing behind the signature.
    const { result } = await inspect("pkg", flip(heapOf(file) + 20 + 256 + 10)(file));

    expect(result).toMatchObject({ ok: false, refusal: { reason: "damaged" } });
  });
});

describe("an app is read", () => {
  test("with its provisioning profile", async () => {
    const { result } = await inspect("ipa", await testApp());

    expect(result).toMatchObject({
      ok: true,
      value: {
        identifier: "com.example.field",
        version: "410",
        title: "Field",
        facts: {
          shortVersion: "4.1",
          minimumOsVersion: "17.0",
          platforms: ["iPhoneOS"],
          provisioning: { name: "Example In House", distribution: "enterprise" },
        },
      },
    });
  });

  test.each([
    ["for listed devices", { provisioning: { allDevices: false } }, "ad-hoc"],
    ["in an archive with a comment", { comment: "PK\u0005\u0006 is no end" }, "enterprise"],
    ["in an archive of the large kind", { zip64: true }, "enterprise"],
  ])("%s", async (_, order, distribution) => {
    const { result } = await inspect("ipa", await testApp(order));

    expect(result).toMatchObject({ ok: true, value: { facts: { provisioning: { distribution } } } });
  });

  test("as the App Store has it, without a profile", async () => {
    const { result } = await inspect("ipa", await testApp({ provisioning: "none" }));

    expect(result).toMatchObject({ ok: true, value: { facts: { provisioning: null } } });
  });

  test("with a binary Info.plist", async () => {
    const infoBytes = writeBinary(
      new Map([
        ["CFBundleIdentifier", "com.example.binary"],
        ["CFBundleVersion", "7"],
      ]),
    );

    const { result } = await inspect("ipa", await testApp({ infoBytes }));

    expect(result).toMatchObject({
      ok: true,
      value: { identifier: "com.example.binary", version: "7", title: "com.example.binary" },
    });
  });
});

describe("an .ipa is refused", () => {
  const info = (content: Bytes, more = {}) => ({ path: "Payload/A.app/Info.plist", content, ...more });
  const plain = utf8("<plist><dict/></plist>");
  const cases: [string, () => Bytes | Promise<Bytes>, string, RegExp][] = [
    ["that is a page", () => utf8("<html>log in first</html>"), "not-an-archive", /zip/],
    ["that is cut off", async () => (await testApp()).slice(0, -10), "not-an-archive", /cut off/],
    ["without an app", () => writeZip({ items: [{ path: "a", content: plain }] }), "no-app", /Payload/],
    [
      "with two apps",
      () => writeZip({ items: [info(plain), { path: "Payload/B.app/Info.plist", content: plain }] }),
      "several-apps",
      /2 apps/,
    ],
    [
      "with two Info.plist of one app",
      () => writeZip({ items: [info(plain), info(plain)] }),
      "damaged",
      /twice/,
    ],
    [
      "with a name that leaves its folder",
      () => testApp({ more: [{ path: "Payload/../../etc/hosts", content: plain }] }),
      "unsafe-path",
      /etc/,
    ],
    [
      "with a name from the root",
      () => testApp({ more: [{ path: "/etc/hosts", content: plain }] }),
      "unsafe-path",
      /etc/,
    ],
    [
      "with a name of Windows'",
      () => testApp({ more: [{ path: "a\\..\\b", content: plain }] }),
      "unsafe-path",
      /a/,
    ],
    [
      "whose Info.plist is encrypted",
      () => writeZip({ items: [info(plain, { encrypted: true })] }),
      "too-complex",
      /encrypted/,
    ],
    [
      "whose Info.plist is a bomb",
      () => writeZip({ items: [info(new Uint8Array(40_000_000), { claims: { inflatedBytes: 1000 } })] }),
      "too-complex",
      /inflated/,
    ],
    [
      "whose Info.plist says that it is a bomb",
      () => writeZip({ items: [info(new Uint8Array(40_000_000))] }),
      "too-complex",
      /bytes/,
    ],
    [
      "whose Info.plist has another checksum",
      () => writeZip({ items: [info(plain, { claims: { crc32: 1 } })] }),
      "damaged",
      /directory says/,
    ],
    [
      "whose Info.plist is of another size",
      () => writeZip({ items: [info(plain, { claims: { inflatedBytes: 5 } })] }),
      "damaged",
      /directory says/,
    ],
    [
      "whose Info.plist is somewhere else",
      () => writeZip({ items: [{ path: "x", content: plain }, info(plain, { claims: { offset: 3 } })] }),
      "damaged",
      /where the directory/,
    ],
    [
      "whose Info.plist is outside of it",
      () => writeZip({ items: [info(plain, { claims: { offset: 90_000 } })] }),
      "damaged",
      /not in the file/,
    ],
    [
      "whose Info.plist cannot be read",
      () => writeZip({ items: [info(utf8("hello"))] }),
      "damaged",
      /Info\.plist/,
    ],
    [
      "whose Info.plist says nothing",
      () => writeZip({ items: [info(plain)] }),
      "no-identifier",
      /CFBundleIdentifier/,
    ],
    [
      "that promises more than it has",
      () => writeZip({ items: [info(plain)], entries: 60_000 }),
      "damaged",
      /fewer/,
    ],
    [
      "that inflates to more than any disk has",
      () =>
        testApp({
          more: Array.from({ length: 17 }, (_, at) => ({
            path: `a${at}`,
            content: plain,
            claims: { inflatedBytes: 0xfffffffe },
          })),
        }),
      "too-complex",
      /inflates/,
    ],
  ];

  test.each(cases)("%s", async (_, make, reason, detail) => {
    expect(await refused("ipa", await make())).toMatchObject({
      reason,
      detail: expect.stringMatching(detail),
    });
  });
});

describe("damaged files are refused or read, and never more than that", () => {
  test.each([
    ["pkg", () => testProduct()],
    ["ipa", () => testApp()],
  ] as const)("a .%s", async (kind, make) => {
    const file = await make();
    const random = repeatableRandom(kind === "pkg" ? 11 : 12);
    const reasons = new Set<string>();

    for (let round = 0; round < 1_500; round++) {
      const { result } = await inspect(kind, mutate(file, random));
      reasons.add(result.ok ? "taken" : result.refusal.reason);
    }

    expect(reasons).toContain("damaged");
    expect(reasons.size).toBeGreaterThan(3);
  });
});

const flip =
  (at: number) =>
  (file: Bytes): Bytes =>
    file.with(at, (file[at] ?? 0) ^ 1) as Bytes;

const heapOf = (file: Bytes): number => 28 + Number(new DataView(file.buffer).getBigUint64(8));

const swapped = (certificate: string) => (xml: string) =>
  xml.replace(/<X509Certificate>.*?<\/X509Certificate>/, `<X509Certificate>${certificate}</X509Certificate>`);

async function otherCertificate(): Promise<string> {
  const other = await testIdentity({ commonName: "Developer ID Installer: Example", key: "RSA-2048" });
  return toBase64(other.certificate.der);
}
