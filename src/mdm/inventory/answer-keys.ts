import { type PlistDict, PlistReal, type PlistValue } from "../../plist/value.ts";
import type { Item } from "./inventory-facts.ts";

/**
 * The keys of an answer, read leniently: a value of the wrong type counts as absent. Devices sometimes differ from the
 * schema, and one unexpected value must not hide all others.
 */
const longestText = 500;

export function textAt(dict: PlistDict, key: string): string | undefined {
  const value = dict.get(key);
  return typeof value === "string" && value !== "" ? value.slice(0, longestText) : undefined;
}

export function flagAt(dict: PlistDict, key: string): boolean | undefined {
  const value = dict.get(key);
  return typeof value === "boolean" ? value : undefined;
}

export function numberAt(dict: PlistDict, key: string): number | undefined {
  const value = dict.get(key);
  const number = value instanceof PlistReal ? value.value : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function dateAt(dict: PlistDict, key: string): string | undefined {
  const value = dict.get(key);
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
}

export function dictAt(dict: PlistDict, key: string): PlistDict | undefined {
  const value = dict.get(key);
  return value instanceof Map ? value : undefined;
}

/** The dictionaries of a list; undefined if there is no list. */
export function dictsAt(dict: PlistDict, key: string): PlistDict[] | undefined {
  const value = dict.get(key);
  return Array.isArray(value) ? value.filter(isDict) : undefined;
}

export function textsAt(dict: PlistDict, key: string): string[] | undefined {
  const value = dict.get(key);
  return Array.isArray(value)
    ? value.filter((one) => typeof one === "string").map((one) => one.slice(0, longestText))
    : undefined;
}

/** Without unknown values. */
export const known = <Entries extends { [key: string]: unknown }>(
  entries: Entries,
): { [Key in keyof Entries]?: Exclude<Entries[Key], undefined> } =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Entries]?: Exclude<Entries[Key], undefined>;
  };

export const item = (entries: { [key: string]: Item[string] | undefined }): Item => known(entries) as Item;

const isDict = (value: PlistValue): value is PlistDict => value instanceof Map;
