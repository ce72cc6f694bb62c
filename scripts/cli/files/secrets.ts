// Secrets in a folder: `${NAME}` stands for a value of the environment, or of the folder's sealed file. Values are never shown.
import type { Json } from "../../../src/declarations/canonical-json.ts";
import type { PlistValue } from "../../../src/plist/value.ts";

const placeholder = /\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The program's own secrets: a file that names them could send them away. */
const own = /^EDGEMDM_/i;

export class Secrets {
  readonly #values: ReadonlyMap<string, string>;
  readonly #used = new Set<string>();
  readonly missing = new Set<string>();

  constructor(
    sealed: ReadonlyMap<string, string>,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    const known = Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !own.test(entry[0]),
    );
    this.#values = new Map([...sealed, ...known]);
  }

  /** `$${NAME}` is the text `${NAME}`. */
  fill(text: string): string {
    return text.replace(placeholder, (whole: string, escaped: string | undefined, name: string) => {
      if (escaped !== undefined) return whole.slice(1);
      const value = this.#values.get(name);
      if (value === undefined) this.missing.add(name);
      else if (value !== "") this.#used.add(value);
      return value ?? "";
    });
  }

  /** A text that may repeat a value, such as a refusal of the server. */
  hide(text: string): string {
    const longestFirst = [...this.#used].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((told, value) => told.replaceAll(value, "(secret)"), text);
  }
}

export const holdsPlaceholder = (text: string): boolean =>
  [...text.matchAll(placeholder)].some(([, escaped]) => escaped === undefined);

/** What is exported as it is must not become a placeholder when it is read. */
export const escaped = (text: string): string => text.replace(placeholder, (whole) => `$${whole}`);

export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

export function mapPlistTexts(value: PlistValue, change: (text: string) => string): PlistValue {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapPlistTexts(item, change));
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([key, item]) => [key, mapPlistTexts(item, change)]));
}
