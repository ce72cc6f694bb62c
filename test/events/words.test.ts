import { expect, test } from "vitest";
import { wordsOf } from "../../src/events/words.ts";

test.each([
  [
    ["Zoë’s  MacBook Pro", "Chris' iPad", "o'brien"],
    ["zoe", "macbook", "pro", "chris", "ipad", "o'brien"],
  ],
  [
    ["MacBookPro18,3", "macbookpro18"],
    ["macbookpro18", "3"],
  ],
  [["“Ada”, (lent) ÅSE"], ["ada", "lent", "ase"]],
  [["00008110-000A1B2C3D4E5F60"], ["00008110-000a1b2c3d4e5f60"]],
  [["ünicøde.name@example.org"], ["unicøde.name@example.org"]],
  [["東京 オフィス"], ["東京", "オフィス"]],
  [["", " ,; "], []],
])("%j is found by %j", (texts, words) => {
  expect(wordsOf(texts)).toEqual(words);
});

test("a long word is cut, alike where it is kept and where it is looked for", () => {
  const long = "x".repeat(70);

  expect(wordsOf([long])).toEqual(["x".repeat(64)]);
  expect(wordsOf([wordsOf([long])[0] ?? ""])).toEqual(wordsOf([long]));
});

test("a text of thousands of words costs no more than fifty", () => {
  expect(wordsOf([Array.from({ length: 5_000 }, (_, number) => `w${number}`).join(" ")])).toHaveLength(50);
});
