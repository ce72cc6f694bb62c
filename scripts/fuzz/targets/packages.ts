// What stands in files of packages: XML of installers, tables of contents, zip archives, Info.plist.
import { deflateSync } from "node:zlib";
import { utf8 } from "../../../src/base/bytes.ts";
import { isPartOfApp, partsOfApp, readAppInfo } from "../../../src/package-files/app-info.ts";
import { readComponent, readDistribution } from "../../../src/package-files/distribution.ts";
import { readXarContents, readXarHeader } from "../../../src/package-files/xar.ts";
import { findZipEnd, openZipData, readZipDirectory, zipDataOf } from "../../../src/package-files/zip.ts";
import { componentEntries, distributionXml } from "../../../test/support/package-files/product.ts";
import { writeZip } from "../../../test/support/package-files/zip-writer.ts";
import type { Target } from "../target.ts";

const component = componentEntries({ identifier: "a.b", version: "1", payload: utf8("c") });

const installerXml: Target = {
  name: "installer-xml",
  words: ["<pkg-ref ", 'id="', "<![CDATA[", "]]>", "<!--", "-->", "<?xml", "?>", "&amp;", "&#0;", "</", "/>"],
  seeds: () => [utf8(distributionXml("a.b", "1")), component.at(-1)?.content ?? utf8("<a/>")],
  read: (input) => [readDistribution(input), readComponent(input)],
};

const toc = `<xar><toc><checksum style="sha1"><offset>0</offset><size>20</size></checksum><signature style="RSA"><offset>20</offset><size>256</size><KeyInfo><X509Data><X509Certificate>AAAA</X509Certificate></X509Data></KeyInfo></signature><file id="1"><data><length>9</length><encoding style="application/x-gzip"/><offset>276</offset><size>9</size><archived-checksum style="sha1">00</archived-checksum></data><type>file</type><name>Distribution</name></file></toc></xar>`;

const xarContents: Target = {
  name: "xar-contents",
  words: ["<file>", "<name>", "..", "/", "<offset>", "999999999999999", 'enctype="base64"', "<data>"],
  seeds: () => [utf8(toc)],
  async read(input) {
    readXarHeader(input, 1_000_000);
    const compressed = new Uint8Array(deflateSync(input));
    const header = { headerBytes: 28, tocBytes: compressed.length, digest: "SHA-1" } as const;
    const contents = await readXarContents({ ...header, tocInflatedBytes: input.length }, compressed, 10_000);
    const outside =
      contents.ok && contents.value.files.find(({ data }) => data && data.offset + data.length > 10_000);
    if (outside) throw new Error(`${outside.path} is outside of the file`);
  },
};

const archive: Target = {
  name: "zip-archive",
  words: [
    Uint8Array.of(0x50, 0x4b, 5, 6),
    Uint8Array.of(0x50, 0x4b, 1, 2),
    Uint8Array.of(255, 255, 255, 255),
  ],
  seeds: () => {
    const items = [{ path: "Payload/A.app/Info.plist", content: utf8("<plist><dict/></plist>") }];
    return [writeZip({ items }), writeZip({ items, zip64: true, comment: "a comment" })];
  },
  async read(input) {
    const read = async (offset: number, length: number) => {
      if (offset < 0 || offset + length > input.length) throw new Error(`asked for ${length} at ${offset}`);
      return input.slice(offset, offset + length);
    };
    const end = await findZipEnd(input, input.length, read);
    if (!end.ok) return;
    const { offset, length } = end.value.directory;
    const entries = readZipDirectory(await read(offset, length), end.value, isPartOfApp);
    const parts = entries.ok ? partsOfApp(entries.value) : entries;
    if (!parts.ok) return;
    const { info } = parts.value;
    const data = zipDataOf(info, await read(info.offset, 30));
    if (!data.ok || data.value.offset + data.value.length > input.length) return;
    const opened = await openZipData(info, await read(data.value.offset, data.value.length), 100_000);
    if (opened.ok) readAppInfo(opened.value);
  },
};

export const packageTargets = [installerXml, xarContents, archive];
