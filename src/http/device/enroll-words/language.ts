import { type Language as Code, languageAsked } from "../../../base/languages.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import type { Words } from "./words.ts";

export const wordsOfEnrollment: Readonly<Record<Code, Words>> = { en, de, fr, es, ja };

export type Language = { code: Code; words: Words };

export function languageOf(acceptLanguage: string | undefined): Language {
  const code = languageAsked(acceptLanguage);
  return { code, words: wordsOfEnrollment[code] };
}
