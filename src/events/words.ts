/**
 * The search words of a device and the words of a search, made in the same way: in lower case, without accents, split at
 * white space, commas and quotation marks. "Ada’s" is "ada": Apple names a device after its owner, and a word that every
 * device has twice makes every search walk twice as far.
 */
export function wordsOf(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => fold(text).split(/[\s,;"“”„()]+/u));
  return [...new Set(words.map((word) => word.replace(/'s?$/, "").slice(0, longestWord)))]
    .filter((word) => word !== "")
    .slice(0, mostWords);
}

const longestWord = 64;
const mostWords = 50;

const fold = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
