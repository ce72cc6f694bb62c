import type { Language } from "../../src/base/languages.ts";
import { words as de } from "../../src/http/sign-in/words/de.ts";
import { words as en } from "../../src/http/sign-in/words/en.ts";
import { words as es } from "../../src/http/sign-in/words/es.ts";
import { words as fr } from "../../src/http/sign-in/words/fr.ts";
import { words as ja } from "../../src/http/sign-in/words/ja.ts";
import type { SignInWords } from "../../src/http/sign-in/words/sign-in-words.ts";

export const wordsIn: Readonly<Record<Language, SignInWords>> = { en, de, fr, es, ja };

export type Leaf = string | ((...given: string[]) => string);

/** Every text of a table, by where it stands. */
export function leavesOf(table: object, at = ""): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(table)) {
    const place = at === "" ? name : `${at}.${name}`;
    if (typeof value === "object") for (const [inner, leaf] of leavesOf(value, place)) found.set(inner, leaf);
    else found.set(place, value);
  }
  return found;
}

export const english = leavesOf(en);
