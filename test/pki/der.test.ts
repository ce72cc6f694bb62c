import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bytes, fromHex, toHex, utf8 } from "../../src/base/bytes.ts";
import { ok } from "../../src/base/result.ts";
import { rawOf } from "../../src/pki/der/fields.ts";
import { reading } from "../../src/pki/der/malformed.ts";
import { type Element, parseBer, parseDer } from "../../src/pki/der/parse.ts";
import {
  bitsOf,
  booleanOf,
  numberOf,
  octetsOf,
  oidOf,
  textOf,
  timeOf,
  unsignedOf,
} from "../../src/pki/der/values.ts";
import {
  bitString,
  boolean,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  time,
  tlv,
} from "../../src/pki/der/write.ts";

const hex = (text: string): Bytes => {
  const bytes = fromHex(text.replaceAll(" ", ""));
  if (!bytes) throw new Error(`not hex: ${text}`);
  return bytes;
};

const detailOf = (read: () => unknown): string => {
  const result = reading(() => ok(read()));
  return result.ok ? "read" : result.refusal.detail;
};

test.each<[string, (element: Element) => unknown, string, unknown]>([
  ["a small integer", (e) => numberOf(e, "n"), "02 01 05", 5],
  ["an integer with a leading zero", (e) => numberOf(e, "n"), "02 02 00 80", 128],
  ["a long integer", (e) => toHex(unsignedOf(e, "n")), "02 03 00 ff 01", "ff01"],
  ["zero", (e) => toHex(unsignedOf(e, "n")), "02 01 00", "00"],
  ["true as DER has it", (e) => booleanOf(e, "b"), "01 01 ff", true],
  ["true as BER may have it", (e) => booleanOf(e, "b"), "01 01 01", true],
  ["an object identifier", (e) => oidOf(e, "o"), "06 06 2a 86 48 86 f7 0d", "1.2.840.113549"],
  ["an arc above 2.39", (e) => oidOf(e, "o"), "06 03 88 37 03", "2.999.3"],
  [
    "the first arc zero",
    (e) => oidOf(e, "o"),
    "06 0a 09 92 26 89 93 f2 2c 64 01 01",
    "0.9.2342.19200300.100.1.1",
  ],
  [
    "an arc that is a UUID",
    (e) => oidOf(e, "o"),
    `06 14 69 83 ${"ff".repeat(17)} 7f`,
    "2.25.340282366920938463463374607431768211455",
  ],
  ["UTF-8 text", (e) => textOf(e, "t"), "0c 02 c3 a4", "ä"],
  ["Teletex text", (e) => textOf(e, "t"), "14 01 e4", "ä"],
  ["BMP text", (e) => textOf(e, "t"), "1e 02 00 e4", "ä"],
  ["universal text", (e) => textOf(e, "t"), "1c 04 00 00 00 e4", "ä"],
  ["text in pieces", (e) => textOf(e, "t"), "2c 80 0c 01 61 04 01 62 00 00", "ab"],
  ["octets in pieces", (e) => toHex(octetsOf(e)), "24 80 04 01 01 24 04 04 02 02 03 00 00", "010203"],
  ["whole bits", (e) => toHex(bitsOf(e, "b")), "03 02 00 ff", "ff"],
  [
    "a UTC time of this century",
    (e) => timeOf(e, "t"),
    toHex(tlv(0x17, utf8("491231235959Z"))),
    Date.UTC(2049, 11, 31, 23, 59, 59),
  ],
  [
    "a UTC time of the last",
    (e) => timeOf(e, "t"),
    toHex(tlv(0x17, utf8("500101000000Z"))),
    Date.UTC(1950, 0, 1),
  ],
  [
    "a generalized time",
    (e) => timeOf(e, "t"),
    toHex(tlv(0x18, utf8("20500101000000Z"))),
    Date.UTC(2050, 0, 1),
  ],
])("%s is read", (_, read, bytes, expected) => {
  expect(read(parseBer(hex(bytes)))).toEqual(expected);
});

test.each<[string, (bytes: Bytes) => unknown, string, string]>([
  ["an indefinite length in DER", parseDer, "30 80 00 00", "indefinite length at byte 0"],
  ["a long length in DER that could be short", parseDer, "04 81 01 00", "a length longer than it need be"],
  [
    "a length with a leading zero in DER",
    parseDer,
    `30 82 00 80 ${"04 00".repeat(64)}`,
    "a length longer than it need be",
  ],
  ["a constructed string in DER", parseDer, "24 03 04 01 00", "constructed string at byte 0"],
  ["a child longer than its parent", parseBer, "30 03 04 02 00 00", "length 2 at byte 2 runs past the end"],
  ["a huge length", parseBer, "04 84 ff ff ff ff", "runs past the end"],
  ["a tag number without end", parseBer, "1f ff ff ff ff ff", "a tag number cut off, or over four octets"],
  ["a negative number", (b) => numberOf(parseBer(b), "n"), "02 01 ff", "n is out of range"],
  ["an empty integer", (b) => unsignedOf(parseBer(b), "n"), "02 00", "n is empty"],
  [
    "an identifier cut in an arc",
    (b) => oidOf(parseBer(b), "o"),
    "06 02 2a 86",
    "o is not an object identifier",
  ],
  ["bits that are no octets", (b) => bitsOf(parseBer(b), "b"), "03 02 01 fe", "b is not whole octets"],
  [
    "a time without its Z",
    (b) => timeOf(parseBer(b), "t"),
    toHex(tlv(0x17, utf8("260101000000"))),
    "t is not a time: 260101000000",
  ],
  [
    "the 30th of February",
    (b) => timeOf(parseBer(b), "t"),
    toHex(tlv(0x17, utf8("260230000000Z"))),
    "t is not a time: 260230000000Z",
  ],
  [
    "octets made of integers",
    (b) => octetsOf(parseBer(b)),
    "24 03 02 01 00",
    "a string made of other things",
  ],
  ["a number where text should be", (b) => textOf(parseBer(b), "t"), "02 01 00", "t is not a string"],
])("%s is malformed", (_, read, bytes, detail) => {
  expect(detailOf(() => read(hex(bytes)))).toContain(detail);
});

test.each<[string, Bytes, string]>([
  ["zero", integer(0), "020100"],
  ["a number whose first bit is set", integer(128), "02020080"],
  ["octets with needless zeros", integer(Uint8Array.of(0, 0, 1)), "020101"],
  ["an identifier", oid("1.3.14.3.2.26"), "06052b0e03021a"],
  ["a UUID arc", oid("2.25.340282366920938463463374607431768211455"), `06146983${"ff".repeat(17)}7f`],
  ["true", boolean(true), "0101ff"],
  [
    "a set, in the order of its encodings",
    setOf(integer(2), integer(1), boolean(true)),
    "31090101ff020101020102",
  ],
  ["a time until 2049", time(Date.UTC(2049, 11, 31)), toHex(tlv(0x17, utf8("491231000000Z")))],
  ["a time from 2050", time(Date.UTC(2050, 0, 1)), toHex(tlv(0x18, utf8("20500101000000Z")))],
  ["bits", bitString(Uint8Array.of(0xa0), 5), "030205a0"],
])("%s is written as DER", (_, written, expected) => {
  expect(toHex(written)).toBe(expected.replaceAll(" ", ""));
});

const tree: fc.Arbitrary<Bytes> = fc.letrec<{ node: Bytes }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.uint8Array({ maxLength: 300 }).map(octetString),
    fc.nat().map(integer),
    fc.array(tie("node"), { maxLength: 5 }).map((parts) => sequence(...parts)),
    fc.array(tie("node"), { maxLength: 5 }).map((parts) => setOf(...parts)),
  ),
})).node;

const rewrite = (element: Element): Bytes =>
  element.children.length === 0 ? rawOf(element) : tlv(element.tag, ...element.children.map(rewrite));

test("whatever is written is read again, piece for piece", () => {
  fc.assert(
    fc.property(tree, (der) => {
      expect(rewrite(parseDer(der, { maxDepth: 100 }))).toEqual(der);
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("any bytes at all are read or malformed, never worse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, strict) => {
      const result = reading(() => ok(strict ? parseDer(bytes) : parseBer(bytes)));
      expect(result.ok || result.refusal.reason === "malformed").toBe(true);
    }),
    { seed: 3, numRuns: 3000 },
  );
});
