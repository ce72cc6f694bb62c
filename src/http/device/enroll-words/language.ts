import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import type { Words } from "./words.ts";

const languages: Readonly<Record<string, Words>> = { en, de, fr, es, ja };

export type Language = { code: string; words: Words };

export const english: Language = { code: "en", words: en };

/** The language that the person likes best of those in the table; English for all others (RFC 9110 section 12.5.4). */
export function languageOf(acceptLanguage: string | undefined): Language {
  const [best] = (acceptLanguage ?? "")
    .slice(0, longestHeader)
    .split(",")
    .map(readWish)
    .filter(({ code, weight }) => weight > 0 && Object.hasOwn(languages, code))
    .sort((a, b) => b.weight - a.weight);
  const words = best && languages[best.code];
  return best && words ? { code: best.code, words } : english;
}

const longestHeader = 500;

/** `de-AT;q=0.8` */
function readWish(part: string): { code: string; weight: number } {
  const [range = "", ...parameters] = part.trim().toLowerCase().split(";");
  const [weight] = parameters.flatMap((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1] ?? []);
  return { code: range.trim().split("-")[0] ?? "", weight: weight === undefined ? 1 : Number(weight) };
}
