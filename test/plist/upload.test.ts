import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import type { PlistLimits } from "../../src/plist/limits.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistRefusal } from "../../src/plist/refusal.ts";
import { readUpload } from "../../src/plist/upload.ts";
import { tooDeepAt } from "../../src/plist/xml-depth.ts";
import { readOnlySamples, samples } from "../support/plist-fixtures.ts";
import { damage, damageBytes, randomDocument, seeded } from "../support/plist-mutations.ts";

const deep = (levels: number) => `<plist>${"<array>".repeat(levels)}${"</array>".repeat(levels)}</plist>`;

const refusal = (text: string) => {
  const result = readUpload(utf8(text));
  return result.ok ? undefined : result.refusal;
};

describe("an error says where, what stands there and what should", () => {
  test.each([
    ["<plist>\n<dict>\n\t<key>a</key>\n</dict>\n</plist>", 4, 1, 'the key "a" has no value'],
    ["<plist>\n<dict>\n\t<key>a</key>\n\t<string>ü</sting>", 4, 11, "expected </string>, but found </sting>"],
    ["<plist>\r\n<array>\r\n  <strng/>\r\n</array></plist>", 3, 3, "expected a value, but found <strng>"],
    [
      "<plist><integer>1.5</integer></plist>",
      1,
      17,
      "not an integer, expected decimal digits, or hexadecimal",
    ],
    ["<plist><string>AT&T</string></plist>", 1, 18, "write &amp; for an ampersand"],
    ["<plist><array>\n😀 x", 2, 1, "stray text, expected a value or </array>"],
    ["<plist><array>\n<string>😀</string>x", 2, 19, "stray text"],
    ["<plist><dict>\n", 2, 1, "the file ends too early, expected"],
    ["<!DOCTYPE plist [\n]><plist/>", 1, 17, "declarations of its own"],
  ])("%j", (text, line, column, detail) => {
    expect(refusal(text)).toMatchObject({ line, column, detail: expect.stringContaining(detail) });
  });

  test("a file that is no property list has no place to show", () => {
    expect(refusal("hello")).toEqual({
      reason: "not-a-property-list",
      detail: "this is neither an XML nor a binary property list",
    });
  });
});

describe("encodings", () => {
  const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
    const view = new DataView(new ArrayBuffer(text.length * 2));
    for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian);
    return new Uint8Array(view.buffer);
  };
  const document = '\ufeff<?xml version="1.0" encoding="UTF-16"?><plist><string>ü😀</string></plist>';

  test.each([true, false])("UTF-16 with a byte order mark is read (little endian: %s)", (littleEndian) => {
    const bytes = utf16(document, littleEndian);

    expect(readUpload(bytes)).toEqual({ ok: true, value: "ü😀" });
    expect(readPlist(bytes)).toEqual({ ok: true, value: "ü😀" });
  });

  test("half a surrogate pair is refused at its byte", () => {
    const text = document.replace("😀", "\ud83dx");

    const result = readUpload(utf16(text, true));

    expect(result).toMatchObject({
      refusal: { reason: "bad-encoding", encoding: "utf-16le", offset: 2 * text.indexOf("\ud83d") },
    });
  });

  test("a file in Latin-1 is refused at its first letter that is none in UTF-8", () => {
    const bytes = Uint8Array.from("<plist>\n<string>J\xf6rg</string></plist>", (letter) =>
      letter.charCodeAt(0),
    );

    expect(readUpload(bytes)).toMatchObject({
      refusal: { reason: "bad-encoding", line: 2, column: 10, detail: "this byte is not UTF-8" },
    });
  });

  test.each([
    ["continuation alone", [0x80]],
    ["too long", [0xc0, 0x80]],
    ["too long, three bytes", [0xe0, 0x80, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
    ["cut short", [0xe2, 0x82]],
  ])("bytes that are not UTF-8 are placed exactly: %s", (_, bytes) => {
    const head = utf8("<plist><string>é€😀");

    const result = readPlist(Uint8Array.of(...head, ...bytes));

    expect(result).toMatchObject({ refusal: { reason: "bad-encoding", offset: head.length } });
  });
});

describe("both readers mean the same", () => {
  const outcome = (result: ReturnType<typeof readPlist>) =>
    result.ok ? result : { ok: false, reason: result.refusal.reason, offset: offsetOf(result.refusal) };
  const offsetOf = (refusal: PlistRefusal) => ("offset" in refusal ? refusal.offset : undefined);
  const expectSame = (bytes: Uint8Array, limits: Partial<PlistLimits> = {}) => {
    const [small, library] = [outcome(readPlist(bytes, limits)), outcome(readUpload(bytes, limits))];
    // Comparing the spelled form first is what keeps thousands of comparisons quick.
    if (spell(small) !== spell(library)) {
      expect({ text: new TextDecoder().decode(bytes), ...library }).toEqual({
        text: new TextDecoder().decode(bytes),
        ...small,
      });
    }
  };
  const spell = (value: unknown): string =>
    JSON.stringify(value, (_, part) => {
      if (typeof part === "bigint") return `${part}n`;
      if (part instanceof Map) return { map: [...part] };
      return part instanceof Uint8Array ? { data: part.join() } : part;
    });

  test.each([...samples, ...readOnlySamples])("$name", ({ xml, binary }) => {
    expect(readUpload(xml)).toEqual(readPlist(xml));
    expect(readUpload(binary)).toEqual(readPlist(binary));
  });

  test("in 1,000 generated documents", () => {
    const random = seeded(5);

    for (let count = 0; count < 1_000; count++) expectSame(utf8(randomDocument(random)));
  });

  test("in 8,000 damaged documents: the same values, the same reasons, the same places", () => {
    const random = seeded(6);

    for (let count = 0; count < 8_000; count++) expectSame(utf8(damage(random, randomDocument(random))));
  });

  test("in 2,000 damaged messages of the protocol", () => {
    const random = seeded(7);

    for (let count = 0; count < 2_000; count++) {
      const { xml = new Uint8Array() } = samples[random(samples.length)] ?? {};
      expectSame(damageBytes(random, xml));
    }
  });

  test.each([
    "<plist><?note don't?><true/></plist>",
    '<plist a="1" a="2"><true/></plist>',
    '<plist a="<"><true/></plist>',
    "<plist><string>a</string</plist>",
    "<plist><true/></plist/>",
    "<plist><__proto__/></plist>",
    "<plist><constructor>a</constructor></plist>",
    "<plist><dict><key>__proto__</key><string>constructor</string></dict></plist>",
    "<plist><true/></plist><!-- unfinished",
    "<plist><!-- -- --><true/></plist>",
    "<plist><string>&#x41;&#65;&amp;amp;</string></plist>",
    "<plist><string>a\r\nb\rc</string></plist>",
    "<plist><string><![CDATA[</string>]]></string></plist>",
    "<plist><string><![CDATA[a]]><![CDATA[b]]></string></plist>",
    "<plist><array><![CDATA[]]></array></plist>",
    "<plist><true/></plist><!DOCTYPE plist>",
    "<plist><!DOCTYPE plist [<!ENTITY a 'b'>]><string>&a;</string></plist>",
    "<!DOCTYPE plist SYSTEM 'a>b'><plist><true/></plist>",
    "<!DOCTYPE plist SYSTEM 'a",
    "<plist><:/></plist>",
    "<plist><é/></plist>",
    "<",
    "</",
    "<!",
    "<?",
    "<plist",
    "<plist><",
  ])("%s", (text) => {
    expectSame(utf8(text));
  });

  test("in 4,000 damaged documents that are deeper than may be", () => {
    const random = seeded(8);

    for (let count = 0; count < 4_000; count++)
      expectSame(utf8(damage(random, randomDocument(random))), { depth: count % 3 });
  });

  test.each([
    ["one level within the limit", deep(100)],
    ["one level beyond", deep(101)],
    ["far beyond", deep(11_111)],
    ["far beyond, and cut off", deep(11_111).slice(0, 50_000)],
    ["beyond after what is wrong", `<plist><dict><x/>${deep(500)}`],
    ["beyond after a text", `<plist><array>a${deep(500)}`],
    ["in a comment", `<plist><!-- ${deep(500)} --><true/></plist>`],
    ["in CDATA", `<plist><string><![CDATA[${deep(500)}]]></string></plist>`],
    ["as empty elements", `<plist><array>${"<array/>".repeat(500)}</array></plist>`],
    ["as empty elements with quotes", `<plist><array>${"<array a='>'/>".repeat(500)}</array></plist>`],
    ["side by side", `<plist><array>${"<array><true/></array>".repeat(500)}</array></plist>`],
  ])("too deep, or not: %s", (_, text) => {
    expectSame(utf8(text));
  });
});

test("limits hold for uploads as well", () => {
  const many = utf8(`<plist><array>${"<true/>".repeat(100)}</array></plist>`);
  const deep = utf8(`<plist>${"<array>".repeat(5000)}${"</array>".repeat(5000)}</plist>`);

  expect(readUpload(many, { bytes: 10 })).toMatchObject({ refusal: { reason: "too-large" } });
  expect(readUpload(many, { nodes: 100 })).toMatchObject({ refusal: { reason: "too-many-nodes" } });
  expect(readUpload(utf8("<a>".repeat(100_000)), { nodes: 100 })).toMatchObject({
    refusal: { reason: "too-many-nodes" },
  });
  expect(readUpload(deep)).toMatchObject({ refusal: { reason: "too-deep", limit: 100 } });
});

describe("what lies too deep", () => {
  test("does not reach the library, whose work grows with the square of the depth", () => {
    expect(tooDeepAt(deep(11_111), 0, 100)).toBe("<plist>".length + 102 * "<array>".length);
    expect(tooDeepAt(deep(100), 0, 100)).toBe(deep(100).length);
  });
});
