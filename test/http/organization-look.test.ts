import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, luminance, readableOn } from "../../src/http/organization-look.ts";

test("the text on a button can be read, whatever color an organization has", () => {
  const colors = fc.integer({ min: 0, max: 0xffffff }).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);

  fc.assert(
    fc.property(colors, (color) => {
      const on = readableOn(color) === "#fff" ? 1 : 0;
      expect(contrast(luminance(color), on)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test("black and white are as far apart as the guidelines say", () => {
  expect(contrast(luminance("#000000"), luminance("#ffffff"))).toBeCloseTo(21);
  expect([readableOn("#ffcc00"), readableOn("#0a58ca"), readableOn("#FFFFFF")]).toEqual([
    "#000",
    "#fff",
    "#000",
  ]);
});
