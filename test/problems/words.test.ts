import { describe, expect, test } from "vitest";
import { type Language, languages } from "../../src/base/languages.ts";
import { codes, type ProblemCode, type ProblemWords } from "../../src/problems/codes.ts";
import { words as de } from "../../src/problems/words/de.ts";
import { words as es } from "../../src/problems/words/es.ts";
import { words as fr } from "../../src/problems/words/fr.ts";
import { words as ja } from "../../src/problems/words/ja.ts";
import { remedies as deRemedies } from "../../src/problems/words/remedies/de.ts";
import { remedies as esRemedies } from "../../src/problems/words/remedies/es.ts";
import { remedies as frRemedies } from "../../src/problems/words/remedies/fr.ts";
import { remedies as jaRemedies } from "../../src/problems/words/remedies/ja.ts";
import type { Remedies } from "../../src/problems/words/remedies/remedies.ts";
import { speakerOf } from "../../src/problems/words/speak.ts";
import type { Facts } from "../../src/problems/words/wording.ts";

// Every problem can be told in every language, from the same facts.
type Other = Exclude<Language, "en">;
const tables: Record<Other, ProblemWords> = { de, fr, es, ja };
const remedies: Record<Other, Remedies> = { de: deRemedies, fr: frRemedies, es: esRemedies, ja: jaRemedies };
const others = languages.filter((language): language is Other => language !== "en");
const everyCode = Object.keys(codes) as ProblemCode[];

/** Facts that can be found again in a text. Those of `given` are as they are. */
const marked = (given: Facts): Facts =>
  new Proxy(given, {
    get: (target, name) => (Object.hasOwn(target, name) ? target[String(name)] : `<${String(name)}>`),
  });

const kinds: readonly Facts[] = [
  {
    days_left: 5,
    count: 2,
    kind: null,
    lacks: null,
    setting: null,
    outcome: null,
    reason: null,
    checks: null,
  },
  { days_left: -5, count: 1, account: null, admin: null, organization: null, last: null, trouble: null },
];

const factsIn = (text: string): string[] => [...new Set(text.match(/<[a-z_]+>/g) ?? [])].sort();

/** The word that Apple has for a refusal says in other languages what `detail` says in English. */
const asInEnglish = (text: string) => text.replaceAll("<word>", "<detail>");

describe.each(others)("%s", (language) => {
  const words = tables[language];

  test("has every problem, and no other", () => {
    expect(Object.keys(words).sort()).toEqual(everyCode.toSorted());
  });

  test.each(everyCode)("says of %s what English says, with the same facts, in other words", (code) => {
    for (const given of kinds) {
      const facts = marked(given);
      const english = codes[code];
      const own = words[code];
      expect(factsIn(asInEnglish(own.title(facts)))).toEqual(factsIn(english.title(facts)));
      expect(factsIn(asInEnglish(own.todo(facts)))).toEqual(factsIn(english.todo(facts)));
      expect(own.means).not.toBe(english.means);
      expect(`${own.title(facts)}${own.means}${own.todo(facts)}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test("one and many are told apart where the language does", () => {
    const title = (count: number) => words["devices-silent"].title({ count, days: 30 });

    expect(title(1)).toContain("1");
    expect(title(1_234)).toMatch(/1[.,\s\u202f]?234/);
  });

  test("has the same sentences for what was found, by the same codes", () => {
    const shape = (one: Remedies) =>
      Object.entries(one).map(([table, entries]) => [table, Object.keys(entries).sort()]);

    expect(shape(remedies[language])).toEqual(shape(remedies.de));
  });
});

test("a day is written as the language writes it", async () => {
  const found = { code: "backup-old", facts: { last: "2027-12-30" } };
  const titles = await Promise.all(
    languages.map(async (language) => (await speakerOf(language))(found).title),
  );

  expect(titles).toEqual([
    "The last backup was made on 2027-12-30",
    "Die letzte Sicherung ist vom 30. Dezember 2027",
    "La dernière sauvegarde date du 30 décembre 2027",
    "La última copia de seguridad es del 30 de diciembre de 2027",
    "最後のバックアップは2027年12月30日です",
  ]);
});

test("what a newer version found is told by its code, and what it found it by in its own words", async () => {
  const german = await speakerOf("de");

  expect(german({ code: "of-tomorrow", facts: {} })).toEqual({ title: "of-tomorrow", means: "", todo: "" });
  const setting = { setting: "of_tomorrow", what: "a new risk", remedy: "a new remedy" };
  expect(german({ code: "unsafe-setting", facts: setting }).title).toBe("a new risk");
});
