/** The languages that people are addressed in. The first is the one for all others. */
export const languages = ["en", "de", "fr", "es", "ja"] as const;

export type Language = (typeof languages)[number];

export const isLanguage = (code: string): code is Language => languages.some((known) => known === code);

/** The one that the reader likes best of ours; English if none of them (RFC 9110 section 12.5.4). */
export function languageAsked(acceptLanguage: string | undefined): Language {
  const [best] = (acceptLanguage ?? "")
    .slice(0, longestHeader)
    .split(",")
    .map(readWish)
    .flatMap(({ code, weight }) => (weight > 0 && isLanguage(code) ? [{ code, weight }] : []))
    .sort((a, b) => b.weight - a.weight);
  return best?.code ?? "en";
}

const longestHeader = 500;

/** `de-AT;q=0.8` */
function readWish(part: string): { code: string; weight: number } {
  const [range = "", ...parameters] = part.trim().toLowerCase().split(";");
  const [weight] = parameters.flatMap((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1] ?? []);
  return { code: range.trim().split("-")[0] ?? "", weight: weight === undefined ? 1 : Number(weight) };
}
