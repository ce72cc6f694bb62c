import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import { PlistReal, type PlistValue } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { writeBinary } from "../support/binary-plist.ts";
import { isSamePlist } from "../support/is-same-plist.ts";
import { readOnlySamples, reals, samples } from "../support/plist-fixtures.ts";

const seed = 20260801;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** All that XML can say and binary too: whole seconds, no control characters, no lone surrogates, no negative zero. */
const text = fc.string({ unit: "binary" }).map((any) => any.replaceAll(unwritable, ""));
const integer = fc
  .oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }))
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value)));
const date = fc
  .integer({ min: Date.parse("0000-01-01T00:00:00Z") / 1000, max: Date.parse("9999-12-31T23:59:59Z") / 1000 })
  .map((seconds) => new Date(seconds * 1000));
const real = fc.double().map((value) => new PlistReal(Object.is(value, -0) ? 0 : value));
const scalar = fc.oneof(text, integer, fc.boolean(), date, real, fc.uint8Array({ maxLength: 200 }));
const value = fc.letrec<{ value: PlistValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "medium" },
    scalar,
    fc.array(tie("value"), { maxLength: 6 }),
    fc
      .uniqueArray(fc.tuple(text, tie("value")), { maxLength: 6, selector: ([key]) => key })
      .map((entries) => new Map(entries)),
  ),
})).value;

/** The matcher shows what differs; that nothing does is found much sooner without it. */
function expectRead(bytes: Uint8Array, written: PlistValue): void {
  const read = readPlist(bytes);
  if (!read.ok || !isSamePlist(read.value, written)) expect(read).toEqual({ ok: true, value: written });
}

test("what is written is read back, whatever it is", () => {
  fc.assert(
    fc.property(value, (written) => expectRead(writePlist(written), written)),
    { seed, numRuns: 1500 },
  );
});

test("a binary property list means the same as its XML", () => {
  fc.assert(
    fc.property(value, (written) => expectRead(writeBinary(written), written)),
    { seed, numRuns: 1000 },
  );
});

test("equal values give equal bytes, and reading and writing again changes nothing", () => {
  fc.assert(
    fc.property(value, (written) => {
      const first = writePlist(written);
      const read = readPlist(first);
      const again = read.ok ? writePlist(read.value) : new Uint8Array();

      if (!equalBytes(again, first)) expect(again).toEqual(first);
    }),
    { seed, numRuns: 500 },
  );
});

describe("what Python's plistlib writes", () => {
  test.each(samples)("$name: XML and binary say the same, and we write the same bytes", ({ xml, binary }) => {
    const read = readPlist(xml);

    expect(read.ok).toBe(true);
    expect(readPlist(binary)).toEqual(read);
    const again = read.ok ? writePlist(read.value) : undefined;
    expect(new TextDecoder().decode(again)).toBe(new TextDecoder().decode(xml));
  });

  test.each(readOnlySamples)("$name are read alike", ({ xml, binary }) => {
    const expected = { ok: true, value: reals.map((value) => new PlistReal(value)) };

    expect(readPlist(xml)).toEqual(expected);
    expect(readPlist(binary)).toEqual(expected);
  });
});
