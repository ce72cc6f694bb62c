import { describe, expect, test } from "vitest";
import { concat, utf8 } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import { PlistReal } from "../../src/plist/value.ts";
import { assemble, marker, number, reference, writeBinary } from "../support/binary-plist.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const float = (value: number): Uint8Array => {
  const buffer = new Uint8Array(8);
  new DataView(buffer.buffer).setFloat64(0, value);
  return buffer;
};
const array = (...items: number[]): Uint8Array =>
  concat([marker(0xa, items.length), ...items.map(reference)]);
const reason = (file: Uint8Array): unknown => {
  const result = readPlist(file);
  return result.ok ? result.value : result.refusal.reason;
};

test.each([
  ["false", bytes(0x08), false],
  ["true", bytes(0x09), true],
  ["one byte", bytes(0x10, 255), 255],
  ["two bytes", bytes(0x11, 255, 255), 65535],
  ["four bytes", bytes(0x12, 255, 255, 255, 255), 4294967295],
  ["eight bytes are signed", concat([bytes(0x13), new Uint8Array(8).fill(255)]), -1],
  ["beyond 2^53", concat([bytes(0x13), number(2 ** 60, 8)]), 2n ** 60n],
  ["sixteen bytes", concat([bytes(0x14), new Uint8Array(8), new Uint8Array(8).fill(255)]), 2n ** 64n - 1n],
  ["sixteen bytes, negative", concat([bytes(0x14), new Uint8Array(16).fill(255)]), -1],
  ["a float", bytes(0x22, 0x3f, 0x80, 0, 0), new PlistReal(1)],
  ["a double", concat([bytes(0x23), float(0.1)]), new PlistReal(0.1)],
  ["a date", concat([bytes(0x33), float(86400.5)]), new Date("2001-01-02T00:00:00.500Z")],
  ["data", bytes(0x42, 1, 2), bytes(1, 2)],
  ["text", bytes(0x52, 0x68, 0x69), "hi"],
  ["UTF-16", bytes(0x62, 0xd8, 0x3d, 0xde, 0x00), "😀"],
  ["a byte order mark is a character", bytes(0x61, 0xfe, 0xff), "\ufeff"],
  ["an empty array", bytes(0xa0), []],
  ["an empty dictionary", bytes(0xd0), new Map()],
])("%s is understood", (_, object, expected) => {
  expect(readPlist(assemble([object]))).toEqual({ ok: true, value: expected });
});

test("objects may be shared", () => {
  const file = assemble([array(1, 1, 2, 2), bytes(0x51, 0x61), array(1)]);

  expect(readPlist(file)).toEqual({ ok: true, value: ["a", "a", ["a"], ["a"]] });
});

describe("what is wrong is named", () => {
  test.each([
    ["no more than the magic", utf8("bplist00"), "truncated"],
    [
      "another version",
      utf8("bplist15 and so on, long enough to have a trailer at the end"),
      "unsupported-version",
    ],
    ["null", assemble([bytes(0x00)]), "unsupported-type"],
    ["a fill byte", assemble([bytes(0x0f)]), "unsupported-type"],
    ["an integer of 32 bytes", assemble([bytes(0x15)]), "unsupported-type"],
    ["a set", assemble([bytes(0xc0)]), "unsupported-type"],
    ["a UID", assemble([bytes(0x80, 1)]), "uid"],
    ["a string of version 1", assemble([bytes(0x71, 0x61)]), "unsupported-type"],
    ["a length that is no integer", assemble([bytes(0x4f, 0x23, 1)]), "unsupported-type"],
    ["beyond 64 bits", assemble([concat([bytes(0x14), number(1, 8), number(0, 8)])]), "integer-out-of-range"],
    ["not ASCII", assemble([bytes(0x51, 0x80)]), "bad-string"],
    ["NUL", assemble([bytes(0x51, 0)]), "nul-character"],
    ["NUL in UTF-16", assemble([bytes(0x61, 0, 0)]), "nul-character"],
    ["half a character", assemble([bytes(0x61, 0xd8, 0x3d)]), "bad-string"],
    ["a date that is no number", assemble([concat([bytes(0x33), float(Number.NaN)])]), "bad-date"],
    ["a date beyond all years", assemble([concat([bytes(0x33), float(1e15)])]), "bad-date"],
    [
      "data longer than the file",
      assemble([concat([bytes(0x4f, 0x13), number(2 ** 62, 8)])]),
      "offset-out-of-bounds",
    ],
    [
      "an array longer than the file",
      assemble([concat([bytes(0xaf, 0x12), number(2 ** 31, 4)])]),
      "offset-out-of-bounds",
    ],
    ["an integer cut short", assemble([bytes(0x13, 1)]), "offset-out-of-bounds"],
    ["an object that does not exist", assemble([array(7)]), "unknown-object"],
    ["an array in itself", assemble([array(0)]), "circular-reference"],
    ["a circle of two", assemble([array(1), array(0)]), "circular-reference"],
    [
      "a key that is no string",
      assemble([concat([marker(0xd, 1), reference(1), reference(1)]), bytes(9)]),
      "key-not-a-string",
    ],
    [
      "a key twice",
      assemble([
        concat([marker(0xd, 2), ...[1, 2, 3, 3].map(reference)]),
        bytes(0x51, 97),
        bytes(0x51, 97),
        bytes(9),
      ]),
      "duplicate-key",
    ],
    ["no objects", assemble([bytes(9)], { count: 0 }), "bad-trailer"],
    ["too many objects", assemble([bytes(9)], { count: 2 ** 40 }), "bad-trailer"],
    ["a top that does not exist", assemble([bytes(9)], { top: 1 }), "bad-trailer"],
    ["offsets without size", assemble([bytes(9)], { offsetSize: 0 }), "bad-trailer"],
    ["references too large", assemble([bytes(9)], { referenceSize: 9 }), "bad-trailer"],
    ["a table in the header", assemble([bytes(9)], { table: 4 }), "bad-trailer"],
    ["a table beyond the end", assemble([bytes(9)], { table: 2 ** 50 }), "bad-trailer"],
  ])("%s", (_, file, expected) => {
    expect(reason(file)).toBe(expected);
  });

  test("an object that lies in the offset table is out of bounds", () => {
    const file = assemble([bytes(9)]);
    file.set(number(9, 4), 9);

    expect(readPlist(file)).toEqual({
      ok: false,
      refusal: { reason: "offset-out-of-bounds", object: 0, offset: 9 },
    });
  });
});

describe("a small file cannot unfold into a large one", () => {
  test("arrays that share arrays end at the node limit", () => {
    const levels = Array.from({ length: 40 }, (_, level) => array(...Array<number>(10).fill(level + 1)));

    expect(reason(assemble([...levels, bytes(9)]))).toBe("too-many-nodes");
  });

  test("a long string used often ends at the size limit", () => {
    const long = concat([marker(4, 100_000), new Uint8Array(100_000)]);

    expect(reason(assemble([array(...Array<number>(1000).fill(1)), long]))).toBe("expands-beyond-limit");
  });

  test("nesting ends at the depth limit", () => {
    const levels = Array.from({ length: 101 }, (_, level) => array(level + 1));

    expect(reason(assemble([...levels, bytes(9)]))).toBe("too-deep");
    expect(readPlist(assemble([...levels.slice(1).map((_, at) => array(at + 1)), bytes(9)])).ok).toBe(true);
  });
});

test("a file of our test writer reads back", () => {
  const value = new Map<string, never>([["a", [1, "ü", new Date(0), bytes(1)] as never]]);

  expect(readPlist(writeBinary(value))).toEqual({ ok: true, value });
});
