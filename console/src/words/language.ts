import { signal } from "@preact/signals";

export const languages = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  ja: "日本語",
} as const;

export type Language = keyof typeof languages;

const place = "edgemdm-language";

const isLanguage = (given: string | null | undefined): given is Language =>
  given !== null && given !== undefined && given in languages;

/** What was chosen here, or else the first that the browser asks for and that there is. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem(place);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "en";
}

/** Changes only once its words are there: see `words.ts`. */
export const language = signal<Language>("en");

export const rememberLanguage = (chosen: Language): void => localStorage.setItem(place, chosen);
