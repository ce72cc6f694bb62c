import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idsOf, statusItemSpec } from "../../src/catalog/lookup.ts";
import type { Spec } from "../../src/catalog/spec.ts";
import { toJson } from "../../src/catalog/to-json.ts";
import type { Json } from "../../src/declarations/canonical-json.ts";
import { type Intended, type ReportedDeclaration, stateOf } from "../../src/declarations/states.ts";
import { parseStatusReport } from "../../src/declarations/status-report.ts";
import { mergeStatus, withHistory } from "../../src/declarations/status-values.ts";
import { nested } from "../support/apple-device/declarations/status.ts";
import { maximalPayload, minimalPayload, shapeOf } from "../support/catalog-payloads.ts";

const names = await idsOf("status-items");
const known = new Set(names);
const specs = await Promise.all(names.map(async (name) => (await statusItemSpec(name)) as Spec));

const read = (report: unknown) => {
  const parsed = parseStatusReport(typeof report === "string" ? report : JSON.stringify(report), known);
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  return parsed.value;
};
const refusalOf = (text: string) => {
  const parsed = parseStatusReport(text, known);
  return parsed.ok ? undefined : parsed.refusal.reason;
};
const itemsOf = (report: unknown): { [path: string]: unknown } =>
  Object.fromEntries(read(report).items.map(({ path, value }) => [path, value]));

/** The largest element of a list is one that is gone. */
const staying = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === "_removed" ? undefined : inner))) as Json;

describe("every status item of the schema", () => {
  test.each([
    ["smallest", minimalPayload],
    ["largest", maximalPayload],
  ])("comes out of a report as it went in, with its %s value", (_, make) => {
    const values = specs.map((spec) => {
      const json = toJson(make(spec), shapeOf(spec)) as { [name: string]: Json };
      return [spec.id, json[spec.id] ?? null] as const;
    });

    const { items, declarations } = read({ StatusItems: nested(values), Errors: [] });

    expect(names.length).toBeGreaterThanOrEqual(44);
    expect(new Map(items.map(({ path, value }) => [path, value]))).toEqual(
      new Map(values.filter(([name]) => name !== "management.declarations")),
    );
    expect(declarations).toBeDefined();
    for (const value of items.map((item) => staying(item.value))) {
      expect(mergeStatus(value, value, true)).toEqual(value);
    }
  });
});

describe("a report", () => {
  test("nests: an item that is known ends the walk, and of what nobody knows each leaf counts", () => {
    const StatusItems = {
      device: { "operating-system": { version: "18.2", supplemental: { "build-version": "22C152" } } },
      management: { "push-token": "AAAA" },
      softwareupdate: { "pending-version": { "os-version": "18.3", "build-version": "22D60" } },
      new: { group: { item: { a: 1, b: { c: [true] } } } },
    };

    expect(itemsOf({ StatusItems })).toEqual({
      "device.operating-system.version": "18.2",
      "device.operating-system.supplemental.build-version": "22C152",
      "management.push-token": "AAAA",
      "softwareupdate.pending-version": { "os-version": "18.3", "build-version": "22D60" },
      "new.group.item.a": 1,
      "new.group.item.b.c": [true],
    });
  });

  test("tells of declarations kind by kind, with reasons in lower case, and of errors in capitals", () => {
    const declared = { identifier: "a", "server-token": "1", active: true, valid: "invalid" };
    const reasons = [{ code: "Error.Unknown", description: "d", details: { Error: "e" } }, { code: 7 }, "no"];
    const report = read({
      StatusItems: {
        management: {
          declarations: {
            activations: [],
            configurations: [{ ...declared, reasons }, { identifier: "b" }, null],
          },
        },
      },
      Errors: [
        { StatusItem: "x.y", Reasons: [{ Code: "Error.C", Description: "D", Details: { k: 1 } }] },
        { Reasons: [] },
      ],
    });

    expect(report.declarations).toEqual({
      activation: [],
      configuration: [
        {
          identifier: "a",
          serverToken: "1",
          active: true,
          valid: "invalid",
          reasons: [{ code: "Error.Unknown", description: "d", details: { Error: "e" } }],
        },
      ],
    });
    expect(report.errors).toEqual([
      { item: "x.y", reasons: [{ code: "Error.C", description: "D", details: { k: 1 } }] },
    ]);
  });

  test.each([
    ["", "not-json"],
    ["{", "not-json"],
    ["null", "not-a-report"],
    ["[]", "not-a-report"],
    ["[".repeat(100_000), "too-deep"],
    [`{"StatusItems":${'{"a":'.repeat(64)}1${"}".repeat(64)}}`, "too-deep"],
    [`{"StatusItems":{"a":"${"[".repeat(200)}\\"{"}}`, undefined],
    [`{"StatusItems":"none","Errors":{},"FullReport":"yes"}`, undefined],
  ])("%.30s is %s", (text, refusal) => {
    expect(refusalOf(text)).toBe(refusal);
  });

  test("is bounded, whatever it says", () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`item-${at}`, at]));
    const reasons = Array.from({ length: 100 }, () => ({ code: "C", details: { long: "x".repeat(10_000) } }));
    const configurations = [{ identifier: "a", "server-token": "1", reasons }];

    const report = read({ StatusItems: { novel: many, management: { declarations: { configurations } } } });

    expect(report.items.length).toBeLessThanOrEqual(1_000);
    expect(JSON.stringify(report.declarations ?? null).length).toBeLessThan(25_000);
  });

  test("of any JSON is read or refused, never worse", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        for (const report of [value, { StatusItems: value, Errors: value, FullReport: value }]) {
          expect(() => parseStatusReport(JSON.stringify(report), known)).not.toThrow();
        }
        expect(() => mergeStatus(value as Json, value as Json, false)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe("a status item", () => {
  const one = { identifier: "1", name: "one" };
  const two = { identifier: "2", name: "two" };

  test.each<[string, Json | undefined, Json, boolean, Json]>([
    ["a value takes the place of another", "old", "new", false, "new"],
    ["a dictionary does so as a whole", { a: 1, b: 2 }, { b: 3 }, false, { b: 3 }],
    ["elements are added", [one], [two], false, [one, two]],
    [
      "an element changes where it is",
      [one, two],
      [{ ...one, name: "1" }],
      false,
      [{ ...one, name: "1" }, two],
    ],
    ["a removed element goes", [one, two], [{ identifier: "1", _removed: true }], false, [two]],
    ["one that never was may go too", [two], [{ identifier: "1", _removed: true }], false, [two]],
    ["a full report starts over", [one], [two], true, [two]],
    ["what has no identifiers is replaced", [{ key1: "a" }], [{ key1: "b" }], false, [{ key1: "b" }]],
    ["an empty part changes nothing", [one], [], false, [one]],
    ["null is no value", "old", null, false, null],
    ["a list in place of a value", "old", [one], false, [one]],
  ])("%s", (_, before, reported, isFull, after) => {
    expect(mergeStatus(before, reported, isFull)).toEqual(after);
  });

  test("any way to split a list into parts adds up to the list", () => {
    const element = fc.record({
      identifier: fc.constantFrom("a", "b", "c", "d"),
      n: fc.nat(3),
      _removed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(element, { maxLength: 4 }), { maxLength: 5 }), (parts) => {
        const whole = new Map<string, Json>();
        for (const { _removed, ...rest } of parts.flat()) {
          if (_removed) whole.delete(rest.identifier);
          else whole.set(rest.identifier, { ...rest, _removed });
        }
        const merged = parts.reduce<Json | undefined>(
          (before, part) => mergeStatus(before, part as Json, false),
          undefined,
        );
        expect(
          new Map(((merged ?? []) as { identifier: string }[]).map((e) => [e.identifier, e as Json])),
        ).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  test("remembers what it was, a few times back, where that fits into a line", () => {
    let value = withHistory(undefined, 0);
    for (let at = 1; at <= 20; at += 1) value = withHistory({ ...value, since: at }, at);
    const long = withHistory({ ...value, since: 21 }, "x".repeat(1_000));
    const after = withHistory({ ...long, since: 22 }, "short");

    expect(value.history.slice(0, 2)).toEqual([
      [20, 19],
      [19, 18],
    ]);
    expect(value.history).toHaveLength(10);
    expect(after.history[0]).toEqual([21, 20]);
  });
});

describe("how a channel stands with a declaration", () => {
  const said = (parts: Partial<ReportedDeclaration> = {}): ReportedDeclaration => ({
    kind: "configuration",
    serverToken: "new",
    active: true,
    valid: "valid",
    reasons: [],
    ...parts,
  });

  test.each<[string, Partial<Intended>, ReportedDeclaration | undefined]>([
    ["pending", {}, undefined],
    ["unknown_to_device", { isAnswered: true }, undefined],
    ["pending", {}, said({ serverToken: "old" })],
    ["stale", { isAnswered: true }, said({ serverToken: "old" })],
    ["active", {}, said()],
    ["active", { isAnswered: true }, said({ valid: "unknown" })],
    ["inactive", { isAnswered: true }, said({ active: false })],
    ["inactive", { isAnswered: true }, said({ active: false, valid: "unknown" })],
    ["invalid", {}, said({ valid: "invalid" })],
    ["invalid", {}, said({ valid: "invalid", active: false })],
    ["active", { kind: "management" }, said({ active: false })],
    ["inactive", { kind: "management" }, said({ active: false, valid: "unknown" })],
    ["active", { kind: "asset" }, said()],
    ["inactive", { kind: "activation" }, said({ active: false })],
  ])("%s", (state, intended, reported) => {
    const whole: Intended = { kind: "configuration", serverToken: "new", isAnswered: false, ...intended };

    expect(stateOf(whole, reported)).toBe(state);
  });
});
