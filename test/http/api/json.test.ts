import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../src/base/bytes.ts";
import { parseJson } from "../../../src/http/api/json.ts";

const seeded = { seed: 20261121, numRuns: 500 };

test("what the engine writes is read back", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parseJson(utf8(text))).toEqual({ ok: true, value: JSON.parse(text) });
    }),
    seeded,
  );
});

test("a broken document is refused at a place that it has, for every way it breaks", () => {
  const broken = fc.tuple(
    fc.jsonValue({ maxDepth: 3 }),
    fc.nat(),
    fc.constantFrom("x", "}", '"', ",", "\n", "é", ""),
  );
  fc.assert(
    fc.property(broken, ([value, at, put]) => {
      const whole = JSON.stringify(value, null, 2);
      const cut = at % (whole.length + 1);
      const text = whole.slice(0, cut) + put + whole.slice(cut + 1);
      const read = parseJson(utf8(text));
      if (read.ok || text.trim() === "") return;
      const [, line, column] = /^line (\d+), column (\d+): \S/.exec(read.refusal.detail) ?? [];
      const lines = text.split("\n");
      expect(Number(line)).toBeGreaterThanOrEqual(1);
      expect(Number(line)).toBeLessThanOrEqual(lines.length);
      expect(Number(column)).toBeGreaterThanOrEqual(1);
      expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1]?.length ?? 0) + 1);
    }),
    seeded,
  );
});

test("the place of an unexpected character is exact, however far into the document", () => {
  const text = `[\n${"  1,\n".repeat(10_000)}  ?]`;

  expect(parseJson(utf8(text))).toMatchObject({
    refusal: { detail: "line 10002, column 3: unexpected token '?'" },
  });
});
