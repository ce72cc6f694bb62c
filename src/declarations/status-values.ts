import type { Json } from "./canonical-json.ts";

/**
 * A status item's value, as reports add up to it. Lists come in parts: elements are known by their `identifier`, and one
 * that is `_removed` is gone. All else is replaced as a whole.
 */
export type StatusValue = {
  value: Json;
  /** What it was before and since when, newest first: of values that fit into a line. */
  history: readonly (readonly [since: number, value: Json])[];
};

const mostHistory = 10;
const longestLine = 200;
/** A list is kept up to here: the elements that came first. */
const mostElements = 5_000;
const mostCharacters = 500_000;

export function mergeStatus(before: Json | undefined, reported: Json, isFull: boolean): Json {
  if (!Array.isArray(reported) || !reported.every(isElement)) return bounded(reported);
  const stay = Array.isArray(before) && !isFull && before.every(isElement) ? before : [];
  const elements = new Map(stay.map((element) => [element.identifier, element]));
  for (const element of reported) {
    if (element._removed === true) elements.delete(element.identifier);
    else elements.set(element.identifier, element);
  }
  return bounded([...elements.values()]);
}

/** The value with its history, once it is another one than before. */
export function withHistory(before: (StatusValue & { since: number }) | undefined, value: Json): StatusValue {
  if (before === undefined) return { value, history: [] };
  const { history, since } = before;
  const last = isLine(before.value) ? [[since, before.value] as const] : [];
  return { value, history: [...last, ...history].slice(0, mostHistory) };
}

/** Whether it is one value that a list of devices can show. */
export const isLine = (value: Json): value is string | number | boolean =>
  typeof value === "number" ||
  typeof value === "boolean" ||
  (typeof value === "string" && value.length <= longestLine);

function bounded(value: Json): Json {
  const text = JSON.stringify(value);
  if (text.length <= mostCharacters && !(Array.isArray(value) && value.length > mostElements)) return value;
  if (!Array.isArray(value)) return text.slice(0, mostCharacters);
  let characters = 0;
  return value.slice(0, mostElements).filter((element) => {
    characters += JSON.stringify(element).length + 1;
    return characters <= mostCharacters;
  });
}

type Element = { [key: string]: Json } & { identifier: string };

const isElement = (value: Json): value is Element =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  typeof value.identifier === "string";
