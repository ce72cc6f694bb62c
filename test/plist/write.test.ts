import { expect, test } from "vitest";
import { fromUtf8 } from "../../src/base/bytes.ts";
import type { PlistInput } from "../../src/plist/value.ts";
import { spellReal, writeForReading, writePlist } from "../../src/plist/write.ts";

const write = (input: PlistInput): string => fromUtf8(writePlist(input));
const body = (input: PlistInput): string => write(input).split('<plist version="1.0">\n')[1] ?? "";

test("a command is written as Apple's tools would write it", () => {
  const command = {
    CommandUUID: "0001",
    Command: { RequestType: "InstallProfile", Payload: new Uint8Array(60), Missing: undefined, Empty: {} },
    Items: [1, true, "a < b & c > d \"'"],
    None: [],
  };

  expect(write(command)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>CommandUUID</key>
	<string>0001</string>
	<key>Command</key>
	<dict>
		<key>RequestType</key>
		<string>InstallProfile</string>
		<key>Payload</key>
		<data>
		AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
		AAAAAAAAAAAAAAAAAAAA
		</data>
		<key>Empty</key>
		<dict/>
	</dict>
	<key>Items</key>
	<array>
		<integer>1</integer>
		<true/>
		<string>a &lt; b &amp; c &gt; d "'</string>
	</array>
	<key>None</key>
	<array/>
</dict>
</plist>
`);
});

test.each([
  ["", "<string></string>\n</plist>\n"],
  [new Uint8Array(), "<data>\n</data>\n</plist>\n"],
  [18446744073709551615n, "<integer>18446744073709551615</integer>\n</plist>\n"],
  [-0, "<integer>0</integer>\n</plist>\n"],
  [new Date("2026-08-01T12:00:00.999Z"), "<date>2026-08-01T12:00:00Z</date>\n</plist>\n"],
])("%s is written plainly", (input, expected) => {
  expect(body(input)).toBe(expected);
});

test("data is broken at 76 columns, an indent counting as eight", () => {
  const widths = (depth: number): number[] => {
    const nested = Array.from({ length: depth }).reduce<PlistInput>((inner) => [inner], new Uint8Array(200));
    return body(nested)
      .split("\n")
      .filter((line) => /^\t*A{4,}/.test(line))
      .map((line) => line.trim().length);
  };

  expect(widths(0)[0]).toBe(76);
  expect(widths(1)[0]).toBe(68);
  expect(widths(4)[0]).toBe(44);
  expect(widths(12)[0]).toBe(12);
});

test.each([
  [0.1, "0.10000000000000001"],
  [1, "1"],
  [-2.5, "-2.5"],
  [100000, "100000"],
  [0, "0.0"],
  [1e16, "10000000000000000"],
  [1e17, "1e+17"],
  [1.5e300, "1.5000000000000001e+300"],
  [0.0001, "0.0001"],
  [0.00001, "1.0000000000000001e-05"],
  [1 + 2 ** -17, "1.0000076293945312"],
  [123.456, "123.456"],
  [-0.03, "-0.029999999999999999"],
  [5e-324, "4.9406564584124654e-324"],
  [Number.NaN, "nan"],
  [Infinity, "+infinity"],
  [-Infinity, "-infinity"],
])("the real %d is spelled %s", (value, expected) => {
  expect(spellReal(value)).toBe(expected);
});

test("what has no exact spelling is a mistake of ours and throws", () => {
  expect(() => writePlist(1.5)).toThrow("1.5 is no exact integer");
  expect(() => writePlist(2 ** 60)).toThrow("write a PlistReal, or a bigint");
  expect(() => writePlist(2n ** 64n)).toThrow("does not fit 64 bits");
  expect(() => writePlist(new Date(Number.NaN))).toThrow("cannot be written");
});

test.each([
  ["U+0000", "a\0"],
  ["U+0001", "A\u0001"],
  ["U+000B", "\v"],
  ["U+001F", "\u001f"],
  ["U+FFFE", "\ufffe"],
  ["U+FFFF", "\uffff"],
  ["U+D800", "a\ud800b"],
  ["U+DC00", "\udc00"],
])("%s, which XML forbids, is never written, and people read U+FFFD for it", (name, text) => {
  expect(() => writePlist({ Message: text })).toThrow(`${name} cannot be written`);
  expect(() => writePlist({ [text]: 1 })).toThrow(name);
  expect(fromUtf8(writeForReading([text]))).toMatch(/\ufffd/);
});

test("tabs, line ends, DEL, noncharacters of other planes and whole surrogate pairs are written", () => {
  const text = "\t\n\r\u007f\u0085\u{1fffe}\u{1f600}";

  expect(body(text)).toContain(`<string>${text}</string>`);
});
