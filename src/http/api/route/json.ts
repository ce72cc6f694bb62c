import { fromUtf8 } from "../../../base/bytes.ts";
import { jsonDepth } from "../../../base/json.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import { forbiddenPlace } from "../../../plist/characters.ts";
import type { RequestError } from "./request-error.ts";
import { reservedNames } from "./reserved-names.ts";

export type JsonRefusal =
  | { reason: "malformed-json"; detail: string }
  | { reason: "reserved-names"; pointers: string[] };

/** Deeper than any schema here. It also limits how deep the readers of the value recurse. */
const deepest = 100;

/** Parses JSON; an error has the place of the first mistake, with lines and columns counted from 1. */
export function parseJson(bytes: Uint8Array): Result<unknown, JsonRefusal> {
  const text = decode(bytes);
  if (text === undefined) return refuse({ reason: "malformed-json", detail: "the body is not UTF-8 text" });
  if (text.trim() === "") return refuse({ reason: "malformed-json", detail: "the body is empty" });
  if (jsonDepth(text) > deepest)
    return refuse({
      reason: "malformed-json",
      detail: `objects and arrays are nested more than ${deepest} deep`,
    });
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  const pointers = reservedNames(text, parsed.value);
  return pointers.length === 0 ? parsed : refuse({ reason: "reserved-names", pointers });
}

function parse(text: string): Result<unknown, JsonRefusal & { reason: "malformed-json" }> {
  try {
    return ok(JSON.parse(text));
  } catch (fault) {
    const message = (fault as SyntaxError).message;
    const what = message.replace(/( in JSON)? at position .*$|, (\.\.\.)?".*$| is not valid JSON$/s, "");
    const before = text.slice(0, positionOf(message, text));
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");
    return refuse({
      reason: "malformed-json",
      detail: `line ${line}, column ${column}: ${lowerFirst(what)}`,
    });
  }
}

/** Nearly every text may end in a property list, so a text with characters that no property list can hold is refused. */
export function unwritableText(json: unknown): RequestError | undefined {
  const found = forbiddenPlace(json);
  return found && { ...found, code: "forbidden-character" };
}

function positionOf(message: string, text: string): number {
  const told = / at position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  return message.startsWith("Unexpected token") ? firstUnexpected(text) : text.length;
}

// The engine names an unexpected character without its place: the place is where a prefix turns from unfinished to wrong.
function firstUnexpected(text: string): number {
  let unfinished = 0;
  let wrong = text.length;
  while (wrong - unfinished > 1) {
    const middle = Math.floor((unfinished + wrong) / 2);
    if (hasUnexpectedToken(text.slice(0, middle))) wrong = middle;
    else unfinished = middle;
  }
  return unfinished;
}

function hasUnexpectedToken(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return false;
  } catch (fault) {
    return (fault as SyntaxError).message.startsWith("Unexpected token");
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
