import { expect, test } from "vitest";
import { mapInFlight } from "../../src/base/in-flight.ts";

test("no more are worked on at a time than allowed, and the answers keep their order", async () => {
  let now = 0;
  let most = 0;
  const answers = await mapInFlight([5, 1, 4, 2, 3, 0], 2, async (item) => {
    now += 1;
    most = Math.max(most, now);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    now -= 1;
    return item * 10;
  });

  expect(answers).toEqual([50, 10, 40, 20, 30, 0]);
  expect(most).toBe(2);
});

test("nothing to work on is no work, and what throws is heard", async () => {
  expect(await mapInFlight([], 3, async () => 1)).toEqual([]);
  await expect(mapInFlight([1, 2], 1, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
