import { readRetryAfter, readText } from "../ade/answer.ts";
import { isNestedDeeper, isObject, type JsonObject, listAt, textAt } from "../ade/json.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/**
 * What the Apple Business API answered, read once and within bounds. Errors are those of JSON:API, and those of OAuth 2
 * where the token is asked for.
 */
export type BusinessAnswer = {
  status: number;
  retryAfterSeconds: number | undefined;
  text: string;
  isTooLarge: boolean;
  isPage: boolean;
  /** Apple's own word for what is wrong, such as `FORBIDDEN_ERROR` or `invalid_client`; the first, where there are several. */
  code: string | undefined;
  /** What Apple says to it, in its words. */
  said: string;
};

/** A thousand devices are some 800 KB. */
const longestAnswer = 8 * 1024 * 1024;
const longestError = 32 * 1024;

export async function readBusinessAnswer(response: Response, now: number): Promise<BusinessAnswer> {
  const { text, isTooLarge } = await readText(response, response.ok ? longestAnswer : longestError);
  const isPage = /^\s*</.test(text) || /\btext\/html\b/i.test(response.headers.get("Content-Type") ?? "");
  const { code, said } = response.ok ? { code: undefined, said: "" } : readErrors(text, isPage);
  return {
    status: response.status,
    retryAfterSeconds: readRetryAfter(response.headers.get("Retry-After"), now),
    text,
    isTooLarge,
    isPage,
    code,
    said,
  };
}

const deepest = 20;

/** The object that an answer is. */
export function readBody({ text, isTooLarge, isPage }: BusinessAnswer): Result<JsonObject, string> {
  if (isTooLarge) return refuse("its answer is longer than any that it should give");
  if (isNestedDeeper(text, deepest)) return refuse(`its answer is nested deeper than ${deepest}`);
  const value = parsed(text);
  if (isObject(value)) return ok(value);
  return refuse(`it answered with ${isPage ? "an HTML page" : "something that is no JSON object"}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const mostErrors = 3;
const longestSaid = 500;

function readErrors(text: string, isPage: boolean): { code: string | undefined; said: string } {
  if (isPage) return { code: undefined, said: "an HTML page" };
  const body = isNestedDeeper(text, deepest) ? undefined : parsed(text);
  if (!isObject(body)) return { code: undefined, said: oneLine(text) };
  const errors = (listAt(body, "errors") ?? []).filter(isObject).slice(0, mostErrors);
  if (errors.length > 0)
    return {
      code: wordOf(errors[0], "code"),
      said: oneLine(
        errors.map((error) => textAt(error, "detail") ?? textAt(error, "title") ?? "").join("; "),
      ),
    };
  return { code: wordOf(body, "error"), said: oneLine(textAt(body, "error_description") ?? "") };
}

function wordOf(object: JsonObject | undefined, key: string): string | undefined {
  const word = object && textAt(object, key);
  return word !== undefined && /^[\w.-]{1,120}$/.test(word) ? word : undefined;
}

const oneLine = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, longestSaid);
