import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import { PlistReal } from "../../src/plist/value.ts";

const document = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">${body}</plist>`;

const read = (body: string) => readPlist(utf8(document(body)));
const value = (body: string) => {
  const result = read(body);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};
const reason = (text: string): string => {
  const result = readPlist(utf8(text));
  return result.ok ? "accepted" : result.refusal.reason;
};

test("a check-in becomes a map in the order it was sent", () => {
  const checkin = value(`
<dict>
	<key>UDID</key>
	<string>00008110-000A</string>
	<key>MessageType</key>
	<string>TokenUpdate</string>
	<key>NotOnConsole</key>
	<false/>
	<key>Token</key>
	<data>
	AQID
	BA==
	</data>
</dict>
`);

  expect(checkin).toEqual(
    new Map<string, unknown>([
      ["UDID", "00008110-000A"],
      ["MessageType", "TokenUpdate"],
      ["NotOnConsole", false],
      ["Token", Uint8Array.of(1, 2, 3, 4)],
    ]),
  );
  expect([...(checkin as Map<string, unknown>).keys()]).toEqual([
    "UDID",
    "MessageType",
    "NotOnConsole",
    "Token",
  ]);
});

test.each([
  ["<integer>0</integer>", 0],
  ["<integer>-0</integer>", 0],
  ["<integer>-42</integer>", -42],
  ["<integer>+7</integer>", 7],
  ["<integer>007</integer>", 7],
  ["<integer> 12\n</integer>", 12],
  ["<integer>0x1F</integer>", 31],
  ["<integer>-0x10</integer>", -16],
  ["<integer>9007199254740991</integer>", 9007199254740991],
  ["<integer>9007199254740992</integer>", 9007199254740992n],
  ["<integer>18446744073709551615</integer>", 18446744073709551615n],
  ["<integer>-9223372036854775808</integer>", -9223372036854775808n],
  ["<integer>0xFFFFFFFFFFFFFFFF</integer>", 18446744073709551615n],
  ["<real>1</real>", new PlistReal(1)],
  ["<real>-1.5e3</real>", new PlistReal(-1500)],
  ["<real>.5</real>", new PlistReal(0.5)],
  ["<real>nan</real>", new PlistReal(Number.NaN)],
  ["<real>+infinity</real>", new PlistReal(Infinity)],
  ["<real>-INF</real>", new PlistReal(-Infinity)],
  ["<true/>", true],
  ["<false></false>", false],
  ["<true />", true],
  ["<string/>", ""],
  ["<string></string>", ""],
  ["<string> a\tb\r\n</string>", " a\tb\r\n"],
  ["<string>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</string>", "<&>\"'A😀"],
  ["<string>a<![CDATA[<b>&amp;]]>c</string>", "a<b>&amp;c"],
  ["<string>a]]>b</string>", "a]]>b"],
  ["<string>\u0003</string>", "\u0003"],
  ["<string>ü</string >", "ü"],
  ["<date>2026-08-01T12:00:00Z</date>", new Date("2026-08-01T12:00:00Z")],
  ["<date>0026-02-28T23:59:59Z</date>", new Date("0026-02-28T23:59:59Z")],
  ["<data/>", new Uint8Array()],
  ["<data>A Q\tI\nD</data>", Uint8Array.of(1, 2, 3)],
  ["<data>AQ</data>", Uint8Array.of(1)],
  ["<array/>", []],
  ["<array></array>", []],
  ["<dict/>", new Map()],
  ["<array><!-- a --><true/><?pi x?><array><dict/></array></array>", [true, [new Map()]]],
  ["<dict><key/><string>the empty key</string></dict>", new Map([["", "the empty key"]])],
  ["<dict><key>__proto__</key><integer>1</integer></dict>", new Map([["__proto__", 1]])],
])("%s is understood", (body, expected) => {
  expect(value(body)).toEqual(expected);
});

describe("what is wrong is named, and where", () => {
  test.each([
    ["", "empty"],
    [" \n", "empty"],
    ["hello", "not-a-property-list"],
    ["{}", "not-a-property-list"],
    ["<plist><true/></plist>\0", "nul-character"],
    ['<?xml version="1.0" encoding="ISO-8859-1"?><plist><true/></plist>', "undeclared-encoding"],
    [' <?xml version="1.0"?><plist><true/></plist>', "misplaced-declaration"],
    ["<!DOCTYPE plist [<!ENTITY a 'b'>]><plist><true/></plist>", "internal-subset"],
    ["<!DOCTYPE plist><!DOCTYPE plist><plist><true/></plist>", "misplaced-doctype"],
    ["<plist><!DOCTYPE plist><true/></plist>", "misplaced-doctype"],
    ["<!DOCTYPE plist <true/>", "malformed-doctype"],
    ["<dict/>", "unexpected-element"],
    ["<plist/>", "unexpected-element"],
    ["<plist></plist>", "wrong-nesting"],
    ["<plist><true/><true/></plist>", "unexpected-element"],
    ["<plist><true/></plist>x", "stray-text"],
    ["<plist><true/></plist><plist/>", "stray-text"],
    ["<plist>x<true/></plist>", "stray-text"],
    ["<plist><![CDATA[]]><true/></plist>", "stray-text"],
    ["<plist><plist><true/></plist></plist>", "unexpected-element"],
    ["<plist><html/></plist>", "unknown-element"],
    ["<plist><String/></plist>", "unknown-element"],
    ["<plist><key>a</key></plist>", "unexpected-element"],
    ["<plist><array><key>a</key></array></plist>", "unexpected-element"],
    ["<plist><dict><string>a</string></dict></plist>", "missing-key"],
    ["<plist><dict><key>a</key></dict></plist>", "missing-value"],
    ["<plist><dict><key>a</key><key>b</key></dict></plist>", "missing-value"],
    ["<plist><dict><key>a</key><true/><key>a</key><true/></dict></plist>", "duplicate-key"],
    ["<plist><dict><key>a</key><true/><key>&#97;</key><true/></dict></plist>", "duplicate-key"],
    ["<plist><array></dict></plist>", "wrong-nesting"],
    ["<plist><dict></array></plist>", "wrong-nesting"],
    ["<plist><string>a</key></plist>", "wrong-nesting"],
    ["<plist><string>a<b/></string></plist>", "unexpected-element"],
    ["<plist><string>a<!-- b --></string></plist>", "markup-in-value"],
    ["<plist><string a='b'>a</string></plist>", "unexpected-attribute"],
    ["<plist version=1.0><true/></plist>", "malformed-tag"],
    ["<plist a='1'b='2'><true/></plist>", "malformed-tag"],
    ["<plist>< true/></plist>", "malformed-tag"],
    ["<plist><true/ ></plist>", "malformed-tag"],
    ["<plist><string>&nbsp;</string></plist>", "unknown-entity"],
    ["<plist><string>AT&T</string></plist>", "unknown-entity"],
    ["<plist><string>&#0;</string></plist>", "bad-character-reference"],
    ["<plist><string>&#xD800;</string></plist>", "bad-character-reference"],
    ["<plist><string>&#x110000;</string></plist>", "bad-character-reference"],
    ["<plist><string>&#;</string></plist>", "bad-character-reference"],
    ["<plist><integer/></plist>", "bad-integer"],
    ["<plist><integer>1.0</integer></plist>", "bad-integer"],
    ["<plist><integer>1 2</integer></plist>", "bad-integer"],
    ["<plist><integer>18446744073709551616</integer></plist>", "integer-out-of-range"],
    ["<plist><integer>-9223372036854775809</integer></plist>", "integer-out-of-range"],
    ["<plist><real>1,5</real></plist>", "bad-real"],
    ["<plist><real>0x1</real></plist>", "bad-real"],
    ["<plist><date>2026-02-29T00:00:00Z</date></plist>", "bad-date"],
    ["<plist><date>2026-08-01T12:00:00+02:00</date></plist>", "bad-date"],
    ["<plist><date>2026-08-01T24:00:00Z</date></plist>", "bad-date"],
    ["<plist><date>2026-08-01</date></plist>", "bad-date"],
    ["<plist><data>*</data></plist>", "bad-data"],
    ["<plist><data>AA-_</data></plist>", "bad-data"],
    ["<plist><data>AAAAA</data></plist>", "bad-data"],
    ["<plist><true>x</true></plist>", "bad-boolean"],
  ])("%s", (text, expected) => {
    expect(reason(text)).toBe(expected);
  });

  test("every end that is too early is called truncated", () => {
    const whole =
      '<?xml version="1.0"?><!DOCTYPE plist PUBLIC "a" "b"><plist version="1.0"><dict><key>a</key><!-- c -->' +
      "<string>x<![CDATA[y]]></string><?p i?></dict></plist>";

    const reasons = Array.from({ length: whole.length - 1 }, (_, cut) => reason(whole.slice(0, cut + 1)));

    expect(new Set(reasons)).toEqual(new Set(["truncated"]));
  });

  test("a refusal says at which byte, also after characters of several bytes", () => {
    const text = "\ufeff<plist><array><string>äöü</string>x</array></plist>";

    const result = readPlist(utf8(text));

    const offset = utf8(text.slice(0, text.indexOf("x"))).length;
    expect(result).toEqual({
      ok: false,
      refusal: { reason: "stray-text", expected: "a value or </array>", offset },
    });
  });
});

describe("limits hold while reading", () => {
  const nested = (depth: number) =>
    utf8(`<plist>${"<array>".repeat(depth)}${"</array>".repeat(depth)}</plist>`);

  test("bytes", () => {
    const refused = readPlist(utf8("<plist><true/></plist>"), { bytes: 10 });

    expect(refused).toEqual({ ok: false, refusal: { reason: "too-large", bytes: 22, limit: 10 } });
  });

  test("depth", () => {
    expect(readPlist(nested(100)).ok).toBe(true);
    expect(readPlist(nested(101))).toMatchObject({
      refusal: { reason: "too-deep", limit: 100, offset: 707 },
    });
  });

  test("nodes", () => {
    const many = utf8(`<plist><array>${"<true/>".repeat(10)}</array></plist>`);

    expect(readPlist(many, { nodes: 11 }).ok).toBe(true);
    expect(readPlist(many, { nodes: 10 })).toMatchObject({
      refusal: { reason: "too-many-nodes", limit: 10 },
    });
  });
});
