import { readRetryAfter, readText } from "../ade/answer.ts";
import { isNestedDeeper, isObject, type JsonObject, listAt, numberAt, textAt, textsAt } from "../ade/json.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/** What Apple's service for Apps and Books answered, read once and within bounds. */
export type ContentAnswer = {
  status: number;
  retryAfterSeconds: number | undefined;
  isPage: boolean;
  /** The object that it is, or why it is none. */
  body: Result<JsonObject, string>;
};

/** What Apple says is wrong: of a call, or of a part of what was ordered. Only the number counts; words change. */
export type ContentError = {
  number: number;
  message: string;
  assets: readonly string[];
  clientUserIds: readonly string[];
  serialNumbers: readonly string[];
};

/** A page has at most some thousands of assignments. */
const longestAnswer = 8 * 1024 * 1024;
const longestError = 256 * 1024;
const deepest = 20;
const longestMessage = 500;

export async function readContentAnswer(response: Response, now: number): Promise<ContentAnswer> {
  const { text, isTooLarge } = await readText(response, response.ok ? longestAnswer : longestError);
  const isPage = /^\s*</.test(text) || /\btext\/html\b/i.test(response.headers.get("Content-Type") ?? "");
  return {
    status: response.status,
    retryAfterSeconds: readRetryAfter(response.headers.get("Retry-After"), now),
    isPage,
    body: isTooLarge ? refuse("its answer is longer than any that it should give") : readBody(text, isPage),
  };
}

function readBody(text: string, isPage: boolean): Result<JsonObject, string> {
  if (text.trim() === "") return ok({});
  if (isNestedDeeper(text, deepest)) return refuse(`its answer is nested deeper than ${deepest}`);
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return ok(value);
  } catch {
    // Said below.
  }
  return refuse(`it answered with ${isPage ? "an HTML page" : "something that is no JSON object"}`);
}

/** Also with the status 200 an answer may be an error. */
export const errorIn = ({ body }: ContentAnswer): ContentError | undefined =>
  body.ok ? readError(body.value) : undefined;

export function readError(value: JsonObject): ContentError | undefined {
  const number = numberAt(value, "errorNumber");
  if (number === undefined) return undefined;
  const info = isObject(value.errorInfo) ? value.errorInfo : {};
  const assets = (listAt(info, "assets") ?? []).flatMap((asset) =>
    isObject(asset) ? (adamIdAt(asset) ?? []) : typeof asset === "string" ? asset : [],
  );
  return {
    number,
    message: (textAt(value, "errorMessage") ?? "").replace(/\p{Cc}+/gu, " ").slice(0, longestMessage),
    assets,
    clientUserIds: textsAt(info, "clientUserIds") ?? [],
    serialNumbers: textsAt(info, "serialNumbers") ?? [],
  };
}

/** A number in newer objects, a text in older ones. */
export function adamIdAt(value: JsonObject): string | undefined {
  const id = value.adamId;
  const text = typeof id === "number" ? String(id) : id;
  return typeof text === "string" && /^\d{1,20}$/.test(text) ? text : undefined;
}
