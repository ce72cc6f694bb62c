import { expect, test } from "vitest";
import { cutoffsOf, placeOf, ringOf } from "../../src/rollouts/rings.ts";

const plan = { rings: [{ percent: 10 }, { percent: 30 }] };
const nobody = new Set<string>();

const ringsOf = (places: readonly number[], cutoffs: readonly (number | null)[]) => {
  const counts = [0, 0, 0];
  for (const place of places) {
    const ring = ringOf(plan, cutoffs, place, nobody);
    counts[ring] = (counts[ring] ?? 0) + 1;
  }
  return counts;
};

const placesOf = (count: number, seed: string) =>
  Promise.all(Array.from({ length: count }, (_, at) => placeOf(seed, `device-${at}`)));

test.each([
  [1, [1, 0, 0]],
  [2, [1, 0, 1]],
  [3, [1, 0, 2]],
  [10, [1, 2, 7]],
  [25, [3, 5, 17]],
  [1_000, [100, 200, 700]],
])("of %i devices, the rings have %j", async (count, expected) => {
  const places = await placesOf(count, "seed");

  expect(ringsOf(places, cutoffsOf(plan.rings, places))).toEqual(expected);
});

test("of a large fleet, each ring has about its share", async () => {
  const cutoffs = cutoffsOf(plan.rings, undefined);

  const [first = 0, second = 0, rest = 0] = ringsOf(await placesOf(5_000, "large"), cutoffs);

  expect([first, second, rest].map((count) => Math.round(count / 500))).toEqual([1, 2, 7]);
  expect(cutoffs[0]).toBe(Math.floor(2 ** 32 / 10));
});

test("a device is in the same ring whenever it is asked, and in another one for another rollout", async () => {
  expect(await placeOf("a", "device")).toBe(await placeOf("a", "device"));
  expect(await placeOf("a", "device")).not.toBe(await placeOf("b", "device"));
});

test("a ring of sets has the devices of these sets, wherever their place is", () => {
  const named = { rings: [{ sets: ["it", "pilots"] }, { percent: 50 }] };
  const cutoffs = cutoffsOf(named.rings, [1, 2, 3, 4]);

  expect(ringOf(named, cutoffs, 4, new Set(["pilots"]))).toBe(0);
  expect(ringOf(named, cutoffs, 2, nobody)).toBe(1);
  expect(ringOf(named, cutoffs, 3, nobody)).toBe(2);
});

test("of no devices, no device is in a ring of a share", () => {
  expect(cutoffsOf(plan.rings, [])).toEqual([0, 0]);
});
