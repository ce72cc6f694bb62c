import type { Json } from "../../declarations/canonical-json.ts";

/** Status items as KMFDDM lists them: one line for each value, named by its path in the report. */
export type StatusLine = {
  path: string;
  value: string;
};

/** The elements of an array share its path. An item without a value has no line. */
export function linesOf(item: string, value: Json): StatusLine[] {
  return walk(`.StatusItems.${item}`, value);
}

function walk(path: string, value: Json): StatusLine[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap((element) => walk(path, element));
  if (typeof value === "object")
    return Object.entries(value).flatMap(([key, inner]) => walk(`${path}.${key}`, inner));
  return [{ path, value: String(value) }];
}

/** SQL's LIKE, as MySQL compares by default: `%` for any characters, `_` for one, in any letter case. */
export function isLike(text: string, pattern: string): boolean {
  const [given, wanted] = [text.toLowerCase(), pattern.toLowerCase()];
  let [at, place, retryAt, retryPlace] = [0, 0, 0, -1];
  while (at < given.length) {
    if (wanted[place] === "%") {
      // `%` matches nothing first; each time the rest does not match, it takes one character more.
      [retryAt, retryPlace] = [at, place];
      place += 1;
    } else if (wanted[place] === "_" || wanted[place] === given[at]) {
      at += 1;
      place += 1;
    } else if (retryPlace >= 0) {
      retryAt += 1;
      [at, place] = [retryAt, retryPlace + 1];
    } else return false;
  }
  return /^%*$/.test(wanted.slice(place));
}
