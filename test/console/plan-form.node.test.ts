import { expect, test } from "vitest";
import { patchOf, valuesOf, withPlan } from "../../console/src/pages/rollouts/plan-form.ts";

// A plan of rings as a person types it.

const plan = {
  name: "it-first",
  rings: [{ sets: ["it-staff", "lab"] }, { percent: 50 }],
  hours: 48,
  silent_hours: null,
  max_failed_percent: 2,
  max_silent_percent: 30,
};

test("a plan that is shown and saved again is the same", () => {
  expect(patchOf(valuesOf(plan))).toEqual(plan);
});

test("a share is taken with its sign or without; everything else names sets", () => {
  const rings = "10\n 30 % \n\nmacs ,  phones\n7b";

  expect(patchOf({ ...valuesOf(plan), rings }).rings).toEqual([
    { percent: 10 },
    { percent: 30 },
    { sets: ["macs", "phones"] },
    { sets: ["7b"] },
  ]);
});

test("a changed plan stays in its place, and a new one comes last", () => {
  const other = { ...plan, name: "other" };

  expect(withPlan([plan, other], "it-first", { ...plan, hours: 1 })).toMatchObject([
    { name: "it-first", hours: 1 },
    { name: "other" },
  ]);
  expect(withPlan([plan], "", other).map(({ name }) => name)).toEqual(["it-first", "other"]);
});
