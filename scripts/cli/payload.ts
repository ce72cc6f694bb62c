// `key=value` words into a command's payload, by what Apple's schema says of its keys.
import { nearMiss } from "../../src/catalog/near-miss.ts";
import { Trouble } from "../trouble.ts";

type Json = Record<string, unknown>;

export type CatalogKey = {
  name: string;
  type: string;
  required?: boolean;
  keys?: readonly CatalogKey[];
  items?: readonly CatalogKey[] | CatalogKey;
};

/**
 * `PIN=123456`, `Settings.0.Item=DeviceName` for what is nested, `Queries:=["UDID"]` for JSON as it is. Values are read as
 * the key's type; several values of a list are separated by commas.
 */
export function payloadOf(words: readonly string[], requestType: string, keys: readonly CatalogKey[]): Json {
  const payload: Json = {};
  for (const word of words) {
    const match = /^([^=:]+)(:?=)([\s\S]*)$/.exec(word);
    if (match === null) throw new Trouble(`${word} is not key=value`);
    const [, path = "", sign, text = ""] = match;
    const steps = path.split(".");
    const [first = ""] = steps;
    const key = keys.find(({ name }) => name === first);
    if (key === undefined) throw new Trouble(unknownKey(first, requestType, keys));
    const value =
      sign === ":=" ? readJson(word, text) : typedValue(steps.length === 1 ? key.type : "", text, word);
    put(payload, steps, value);
  }
  return payload;
}

function unknownKey(name: string, requestType: string, keys: readonly CatalogKey[]): string {
  const names = keys.map((key) => key.name);
  const meant = nearMiss(name, names);
  if (meant !== undefined) return `${requestType} has no key ${name}; did you mean ${meant}?`;
  return names.length === 0
    ? `${requestType} takes no keys`
    : `${requestType} has no key ${name}; it has ${names.join(", ")}`;
}

function readJson(word: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Trouble(`${word}: what follows := must be JSON`);
  }
}

function typedValue(type: string, text: string, word: string): unknown {
  if (type === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new Trouble(`${word} must be true or false`);
  }
  if (type === "integer" || type === "real") {
    const number = Number(text);
    if (text.trim() !== "" && Number.isFinite(number) && (type === "real" || Number.isInteger(number)))
      return number;
    throw new Trouble(`${word} must be ${type === "integer" ? "a whole number" : "a number"}`);
  }
  if (type === "array") return text.split(",").map((item) => item.trim());
  if (type === "dictionary")
    throw new Trouble(`${word} has keys of its own: give ${word.split("=")[0]}.KEY=VALUE, or :=JSON`);
  return text;
}

function put(target: Json, [step = "", ...rest]: readonly string[], value: unknown): void {
  if (["__proto__", "constructor", "prototype"].includes(step)) throw new Trouble(`${step} is no key`);
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  const isList = /^\d+$/.test(rest[0] ?? "");
  target[step] ??= isList ? [] : {};
  put(target[step] as Json, rest, value);
}
