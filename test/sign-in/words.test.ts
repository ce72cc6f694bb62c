import { describe, expect, test } from "vitest";
import { type Language, languages } from "../../src/base/languages.ts";
import { english, type Leaf, leavesOf, wordsIn } from "../support/sign-in-words.ts";

// The pages of sign-in say the same in each language.
const others = languages.filter((language): language is Exclude<Language, "en"> => language !== "en");

/** Words that are the same in some of the languages. */
const alike = new Set(["Name", "Code", "Token"]);

const spoken = (leaf: Leaf): string => (typeof leaf === "function" ? leaf("<one>", "<two>") : leaf);
const given = (leaf: Leaf): string[] =>
  spoken(leaf)
    .match(/<one>|<two>/g)
    ?.toSorted() ?? [];

describe.each(others)("%s", (language) => {
  const own = leavesOf(wordsIn[language]);

  test("has every text, and no other", () => {
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test.each([...english.keys()])("says %s in its own words, with what it is given", (place) => {
    const [original, translated] = [english.get(place) ?? "", own.get(place) ?? ""];

    expect(new Set(given(translated))).toEqual(new Set(given(original)));
    expect(spoken(translated).trim()).not.toBe("");
    if (!alike.has(spoken(original))) expect(spoken(translated)).not.toBe(spoken(original));
    expect(spoken(translated)).not.toMatch(/undefined|\[object/);
  });
});
