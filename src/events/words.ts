/**
 * The words that a device is found by, and the words that somebody looks for, made alike: in lower case, without
 * accents, parted at white space, commas and quotation marks.
 */
export function wordsOf(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => fold(text).split(/[\s,;"“”„()]+/u));
  return [...new Set(words.map((word) => word.slice(0, longestWord)))]
    .filter((word) => word !== "")
    .slice(0, mostWords);
}

const longestWord = 64;
const mostWords = 100;

const fold = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
