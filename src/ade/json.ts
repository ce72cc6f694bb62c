import { ok, type Result, refuse } from "../base/result.ts";
import type { AppleAnswer } from "./answer.ts";
import { type AdeRefusal, unreadable } from "./refusals.ts";

// Apple's answers are read key by key: what is missing, null or of another type is undefined, what is unknown is not
// looked at.

export type JsonObject = Readonly<Record<string, unknown>>;

/** What Apple sends is nested four deep. */
const deepest = 20;

/** The object that an answer is; an empty answer counts as an empty object. */
export function readJson(answer: AppleAnswer): Result<JsonObject, AdeRefusal> {
  if (answer.isTooLarge)
    return refuse(unreadable(answer, "its answer is longer than any that it should give"));
  if (answer.text.trim() === "") return ok({});
  if (isNestedDeeper(answer.text, deepest))
    return refuse(unreadable(answer, `its answer is nested deeper than ${deepest}`));
  try {
    const value: unknown = JSON.parse(answer.text);
    if (isObject(value)) return ok(value);
  } catch {
    // Said below.
  }
  const what = /^\s*</.test(answer.text) ? "an HTML page" : "something that is no JSON object";
  return refuse(unreadable(answer, `it answered with ${what}`));
}

/** Counted before parsing, so that no answer can exhaust the stack of what reads it. */
export function isNestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) isInString = !isInString;
    else if (isInString) at += code === 0x5c ? 1 : 0;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of any text that Apple sends. */
const longestText = 4000;

export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" && value.length <= longestText ? value : undefined;
}

export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function flagAt(object: JsonObject, key: string): boolean | undefined {
  const value = object[key];
  return typeof value === "boolean" ? value : undefined;
}

export function listAt(object: JsonObject, key: string): readonly unknown[] | undefined {
  const value = object[key];
  return Array.isArray(value) ? value : undefined;
}

export const textsAt = (object: JsonObject, key: string): string[] | undefined =>
  listAt(object, key)?.filter((value) => typeof value === "string" && value.length <= longestText) as
    | string[]
    | undefined;

/** Without the keys that have no value. */
export const compact = <Shape extends object>(
  shape: Shape,
): { [Key in keyof Shape]: Exclude<Shape[Key], undefined> } =>
  Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as never;
