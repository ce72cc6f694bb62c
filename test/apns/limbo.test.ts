/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, test } from "vitest";
import cases from "../fixtures/limbo/cases.json";
import { explainedBy, judge, type LimboCase, notForUs } from "../support/limbo.ts";

// Paths that others made to be refused, or to be accepted; `npm run limbo` judges all of theirs.

const limbo = cases as LimboCase[];
const documents = import.meta.glob<string>("../../docs/security.md", {
  query: "?raw",
  import: "default",
  eager: true,
});
const isExplained = explainedBy(documents["../../docs/security.md"] ?? "");

describe("certification paths of x509-limbo", () => {
  test("all of the fixture are for us", () => {
    expect(limbo.flatMap((one) => notForUs(one) ?? [])).toEqual([]);
    expect(limbo.length).toBeGreaterThan(100);
  });

  test.each(limbo)("$id: $expected_result, or as docs/security.md explains", async (one) => {
    const verdict = await judge(one);

    expect(isExplained(one, verdict), verdict.ok ? "accepted" : verdict.refusal.why).toBe(true);
  });
});
