import type { Json } from "./canonical-json.ts";

/**
 * A status item's value, which results from its reports. Lists come in parts: `identifier` identifies their elements, and
 * one with `_removed` is deleted. Everything else is replaced as a whole.
 */
export type StatusValue = {
  value: Json;
  /** Earlier values with their times, newest first; only for short values. */
  history: readonly (readonly [since: number, value: Json])[];
};

const mostHistory = 10;
const longestLine = 200;
/** The limit of a stored list: the first elements. */
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

/** The value with its history, if it has changed. */
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
