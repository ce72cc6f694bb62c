import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { aDay, freeIncludes, planFor } from "../../console/src/pages/system/prices.ts";

// The page of costs says what docs/cost.md says.

const page = readFileSync(resolve(import.meta.dirname, "../../docs/cost.md"), "utf8");
const jobs = aDay(0);

/** A row of the table "a fleet, against what the plans include": for 10, 100 and 1,000 devices, and what Free includes. */
const rowOf = (name: string): number[] =>
  (new RegExp(`^\\| ${name} \\|(.*)\\|$`, "m").exec(page)?.[1] ?? "")
    .split("|")
    .slice(0, 4)
    .map((cell) => Number(cell.replaceAll(",", "")));

test.each([
  ["requests of the Worker", "requests"],
  ["requests of Durable Objects", "objects"],
  ["rows written in Durable Objects", "objectRows"],
  ["rows written in D1", "rows"],
] as const)("%s on a day", (name, need) => {
  const fleets = [10, 100, 1_000].map((devices) => aDay(devices)[need] - jobs[need]);

  expect([...fleets, freeIncludes[need]]).toEqual(rowOf(name));
});

test("a month", () => {
  expect(planFor(10)).toEqual({ plan: "free", dollars: 0 });
  expect(planFor(80)).toEqual({ plan: "free", dollars: 0 });
  const { plan, dollars } = planFor(1_000);
  expect(plan).toBe("tight");
  // 5.09 in the document, which leaves the jobs of the server out.
  expect(dollars).toBeCloseTo(5.09, 1);
  expect(planFor(5_000).plan).toBe("paid");
});
