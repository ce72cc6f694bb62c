import { type Language as Code, languageAsked } from "../../../base/languages.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import type { Words } from "./words.ts";

const languages: Readonly<Record<Code, Words>> = { en, de, fr, es, ja };

export type Language = { code: Code; words: Words };

export const english: Language = { code: "en", words: en };

export function languageOf(acceptLanguage: string | undefined): Language {
  const code = languageAsked(acceptLanguage);
  return { code, words: languages[code] };
}
