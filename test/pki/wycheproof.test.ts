/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, test } from "vitest";
import { isWrong, judgeFile, type VectorFile } from "../support/wycheproof.ts";

// Values at the edges of cryptography, in the runtime that will meet them; `npm run wycheproof` judges all of them.

const files = import.meta.glob<VectorFile>("../fixtures/wycheproof/*.json", {
  import: "default",
  eager: true,
});

describe("Wycheproof's vectors are judged as Wycheproof says", () => {
  test.each(Object.entries(files))("%s", async (_, file) => {
    const verdicts = await judgeFile(file);

    expect(verdicts.length).toBeGreaterThanOrEqual(20);
    expect(verdicts.filter(isWrong)).toEqual([]);
  });

  test("there are files of each kind", () => {
    expect(Object.keys(files)).toHaveLength(11);
  });
});
