import { type Language, languageAsked } from "../../../base/languages.ts";
import type { ShelfWords } from "./shelf-words.ts";

const tables: Readonly<Record<Language, () => Promise<{ words: ShelfWords }>>> = {
  en: () => import("./en.ts"),
  de: () => import("./de.ts"),
  fr: () => import("./fr.ts"),
  es: () => import("./es.ts"),
  ja: () => import("./ja.ts"),
};

export type Spoken = { language: Language; words: ShelfWords };

/** In the language that the browser asks for. */
export async function spokenTo(acceptLanguage: string | undefined): Promise<Spoken> {
  const language = languageAsked(acceptLanguage);
  return { language, words: (await tables[language]()).words };
}
