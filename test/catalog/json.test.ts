import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromJson } from "../../src/catalog/from-json.ts";
import type { ValueSpec } from "../../src/catalog/spec.ts";
import { toJson } from "../../src/catalog/to-json.ts";
import { PlistReal, type PlistValue } from "../../src/plist/value.ts";

const spec: ValueSpec = {
  type: "dictionary",
  keys: [
    { name: "Data", type: "data" },
    { name: "Date", type: "date" },
    { name: "Real", type: "real" },
    { name: "Integer", type: "integer" },
    { name: "Many", type: "array", items: { type: "data" } },
    { name: "Names", type: "data", oneOrMany: true },
    { name: "ANY", type: "date", wildcard: true },
  ],
};
const read = (json: unknown, of: ValueSpec = spec) => {
  const result = fromJson(json, of);
  return result.ok ? result.value : result.refusal;
};

test("typed places take plain JSON", () => {
  expect(
    read({
      Data: "AQI=",
      Date: "2026-01-31T12:00:00Z",
      Real: 1,
      Integer: 1,
      Many: ["", "_w"],
      Names: ["AQ==", "Ag=="],
      Other: "2026-01-31T13:00:00+01:00",
    }),
  ).toEqual(
    new Map<string, PlistValue>([
      ["Data", new Uint8Array([1, 2])],
      ["Date", new Date("2026-01-31T12:00:00Z")],
      ["Real", new PlistReal(1)],
      ["Integer", 1],
      ["Many", [new Uint8Array(), new Uint8Array([255])]],
      ["Names", [new Uint8Array([1]), new Uint8Array([2])]],
      ["Other", new Date("2026-01-31T12:00:00Z")],
    ]),
  );
});

test("text that is no base64 and no date stays text: judging is the validator's work", () => {
  expect(read({ Data: "A", Date: "tomorrow" })).toEqual(
    new Map([
      ["Data", "A"],
      ["Date", "tomorrow"],
    ]),
  );
});

test.each<[unknown, PlistValue]>([
  ["text", "text"],
  [1, 1],
  [1.5, new PlistReal(1.5)],
  [1e300, new PlistReal(1e300)],
  [{ $data: "AQI=" }, new Uint8Array([1, 2])],
  [{ $date: "2026-01-31T12:00:00Z" }, new Date("2026-01-31T12:00:00Z")],
  [{ $real: 1 }, new PlistReal(1)],
  [{ $real: "-infinity" }, new PlistReal(-Infinity)],
  [{ $integer: "18446744073709551615" }, 18446744073709551615n],
  [{ $integer: "7" }, 7],
  [{ $dict: { $data: "plain" } }, new Map([["$data", "plain"]])],
  [
    { $data: "AQI=", more: 1 },
    new Map<string, PlistValue>([
      ["$data", "AQI="],
      ["more", 1],
    ]),
  ],
])("where no type is known, %j is %o", (json, value) => {
  expect(read(json, { type: "any" })).toEqual(value);
});

describe("what no property list can hold is refused with its place", () => {
  test.each<[string, unknown, string]>([
    ["null-value", { Data: "", Free: [{ a: null }] }, "/Free/0/a"],
    ["bad-tag", { Data: { $data: 5 } }, "/Data"],
    ["bad-tag", { Date: { $date: "soon" } }, "/Date"],
    ["bad-tag", { Integer: { $integer: "ten" } }, "/Integer"],
    ["bad-tag", { Real: { $real: "many" } }, "/Real"],
  ])("%s in %j", (reason, json, pointer) => {
    expect(read(json)).toEqual({ reason, pointer });
  });

  test("too deep and too large", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

    expect(read(deep(70), { type: "any" })).toMatchObject({ reason: "too-deep" });
    expect(
      read(
        Array.from({ length: 100_001 }, () => 1),
        { type: "any" },
      ),
    ).toMatchObject({ reason: "too-large" });
  });
});

test("any property list survives the way to JSON and back, whatever types are known", () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.double({ noNaN: false }).map((value) => new PlistReal(value === 0 ? 0 : value)),
    fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) => {
      date.setUTCMilliseconds(0);
      return date;
    }),
    fc.uint8Array({ maxLength: 20 }),
  );
  const name = fc.oneof(fc.string(), fc.constantFrom("$data", "$dict", "$real", "__proto__", "Any"));
  const { value } = fc.letrec<{ value: PlistValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((members) => new Map(members)),
    ),
  }));

  fc.assert(
    fc.property(value, (plist) => {
      expect(read(JSON.parse(JSON.stringify(toJson(plist))), { type: "any" })).toEqual(plist);
    }),
    { seed: 5, numRuns: 500 },
  );
});
