// Every entry of the catalogue, by payloads made from it: what is right passes, and each thing that is broken in one
// place is refused for that place and for that reason alone.
import { describe, expect, test } from "vitest";
import { fromJson } from "../../src/catalog/from-json.ts";
import { entriesOf, specsOf } from "../../src/catalog/library.ts";
import { specOf } from "../../src/catalog/lookup.ts";
import { kinds, type Spec } from "../../src/catalog/spec.ts";
import { toJson } from "../../src/catalog/to-json.ts";
import { validate } from "../../src/catalog/validate.ts";
import { breakages, maximalPayload, minimalPayload, shapeOf } from "../support/catalog-payloads.ts";

type Subject = { spec: Spec; part: "request" | "response" };

const subjects: Subject[] = [];
for (const kind of kinds)
  for (const id of new Set((await entriesOf(kind)).map((entry) => entry.id))) {
    const files = await specsOf(kind, id);
    const joined = files.length > 1 ? await specOf(kind, id) : undefined;
    for (const spec of [...files, ...(joined ? [joined] : [])]) {
      subjects.push({ spec, part: "request" });
      if (spec.response) subjects.push({ spec, part: "response" });
    }
  }
const named = ({ spec, part }: Subject, pointer = "") => `${spec.id} ${part} ${pointer}`;

describe.each([
  ["minimal", minimalPayload],
  ["maximal", maximalPayload],
])("the %s payload of every entry", (_, make) => {
  test("passes without a finding, as plist and as JSON", () => {
    const findings = subjects.flatMap(({ spec, part }) => {
      const payload = make(spec, part);
      const json = toJson(payload, shapeOf(spec, part));
      return [
        ...validate(payload, spec, {}, { part }),
        ...validate(JSON.parse(JSON.stringify(json)), spec, {}, { part, form: "json" }),
      ].map((finding) => ({ of: named({ spec, part }), ...finding }));
    });

    expect(findings).toEqual([]);
    expect(subjects.length).toBe(380);
  });

  test("survives the way to JSON and back", () => {
    for (const { spec, part } of subjects) {
      const payload = make(spec, part);
      const json = JSON.parse(JSON.stringify(toJson(payload, shapeOf(spec, part))));

      expect(fromJson(json, shapeOf(spec, part)), named({ spec, part })).toEqual({
        ok: true,
        value: payload,
      });
    }
  });
});

test("every key of every entry is refused with its pointer when its value is wrong, outside or missing", () => {
  const counts: Record<string, number> = {};
  const missed: string[] = [];
  for (const { spec, part } of subjects) {
    const payload = maximalPayload(spec, part);
    for (const { pointer, code, context } of breakages(spec, payload, part)) {
      counts[code] = (counts[code] ?? 0) + 1;
      const errors = validate(payload, spec, context, { part }).filter(({ level }) => level === "error");
      const [error] = errors.filter((finding) => finding.pointer === pointer && finding.code === code);
      if (!error || errors.length > 1)
        missed.push(`${named({ spec, part }, pointer)} ${code} ${errors.length}`);
    }
  }

  expect(missed).toEqual([]);
  expect(counts).toMatchInlineSnapshot(`
    {
      "bad-format": 18,
      "missing-key": 985,
      "not-in-list": 589,
      "out-of-range": 141,
      "wrong-count": 6,
      "wrong-type": 4853,
    }
  `);
});
