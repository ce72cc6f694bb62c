import { describe, expect, test } from "vitest";
import { keptOf } from "../../scripts/fuzz/corpus.ts";
import { targets } from "../../scripts/fuzz/targets.ts";

// What fuzzing found (`npm run fuzz`) stays harmless: read, or refused by the parser's own kind of refusal.

describe("inputs that fuzzing kept are read or refused by name", () => {
  test.each(targets)("$name", async (target) => {
    const inputs = [...keptOf(target), ...(await target.seeds())];

    expect(inputs.length).toBeGreaterThan(0);
    for (const input of inputs) await target.read(new Uint8Array(input));
  });
});
