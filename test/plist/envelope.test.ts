import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { readEnvelope } from "../../src/plist/envelope.ts";
import { writePlist } from "../../src/plist/write.ts";

const reason = (text: string): string => {
  const result = readEnvelope(utf8(text));
  return result.ok ? "accepted" : result.refusal.reason;
};

test("an envelope holds the top-level scalars and none of what is nested", () => {
  const body = writePlist({
    CommandUUID: "0001",
    QueryResponses: { Name: "Ärzte <1>", List: [{}, [], { a: "b" }] },
    Apps: [{ Name: "</array>" }, "<dict>"],
    Status: "Acknowledged",
    DeviceName: "Jörgs iPhone & 📱",
    Count: 12,
    Token: Uint8Array.of(1, 2),
    Empty: [],
    Marked: "\ufeffa",
    Last: true,
  });

  const envelope = readEnvelope(body);

  expect(envelope).toEqual({
    ok: true,
    value: new Map<string, unknown>([
      ["CommandUUID", "0001"],
      ["Status", "Acknowledged"],
      ["DeviceName", "Jörgs iPhone & 📱"],
      ["Count", 12],
      ["Token", Uint8Array.of(1, 2)],
      ["Marked", "\ufeffa"],
      ["Last", true],
    ]),
  });
});

test("brackets within comments and CDATA do not count", () => {
  const text =
    "<plist><dict><key>a</key><array><!-- <array> --><string><![CDATA[</array>]]></string><?x </array>?></array>" +
    "<key>b</key><true/></dict></plist>";

  expect(readEnvelope(utf8(text))).toEqual({ ok: true, value: new Map([["b", true]]) });
});

test.each([
  ["", "empty"],
  ["bplist00", "not-a-property-list"],
  ["<plist><dict/>\0</plist>", "nul-character"],
  ["<plist><array/></plist>", "unexpected-element"],
  ["<plist><dict><key>a</key><array></dict></dict></plist>", "wrong-nesting"],
  ["<plist><dict><key>a</key><array>", "truncated"],
  ["<plist><dict><key>a</key><array/><key>a</key><true/></dict></plist>", "duplicate-key"],
  ["<plist><dict><key>a</key><integer>x</integer></dict></plist>", "bad-integer"],
  [`<plist><dict><key>a</key>${"<array>".repeat(200)}`, "too-deep"],
])("%s is refused", (text, expected) => {
  expect(reason(text)).toBe(expected);
});

test("bytes that are not UTF-8 are refused where they are read, and offsets are bytes", () => {
  const head = "\ufeff<plist><dict><key>ä</key><string>";
  const body = Uint8Array.of(...utf8(head), 0xff, ...utf8("</string></dict></plist>"));

  expect(readEnvelope(body)).toEqual({
    ok: false,
    refusal: { reason: "bad-encoding", encoding: "utf-8", offset: utf8(head).length },
  });
});

test("a reference that is none is refused at its byte, also after characters of several bytes", () => {
  const head = "<plist><dict><key>a</key><string>äöü";

  expect(readEnvelope(utf8(`${head}&x;</string></dict></plist>`))).toMatchObject({
    refusal: { reason: "unknown-entity", found: "&x;", offset: utf8(head).length },
  });
});

test("a body of more than 25 MB is refused unread", () => {
  expect(readEnvelope(new Uint8Array(25 * 1024 * 1024 + 1))).toMatchObject({
    refusal: { reason: "too-large" },
  });
});
