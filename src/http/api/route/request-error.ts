import type { BaseIssue } from "valibot";
import { pointerPart } from "./pointer.ts";

/** One error in a request; `pointer` is a JSON pointer into the body, or names a parameter if `in` says so. */

export type RequestError = {
  pointer: string;
  code: string;
  detail: string;
  in?: "query" | "path" | "header";
};

/** What a schema found, with the place of it. */
export function requestError(issue: BaseIssue<unknown>, source?: "query" | "path"): RequestError {
  const pointer = (issue.path ?? []).map(({ key }) => `/${pointerPart(String(key))}`).join("");
  const more = source === undefined ? {} : { in: source };
  if (issue.kind === "schema" && issue.received === "undefined") {
    return { pointer, code: "required", detail: "is missing", ...more };
  }
  if (issue.kind === "schema" && issue.expected === "never") {
    return { pointer, code: "unknown", detail: "is not a known name", ...more };
  }
  return { pointer, code: issue.type, detail: explain(issue), ...more };
}

// Messages of our schemas are used; valibot's own begin with "Invalid".
function explain(issue: BaseIssue<unknown>): string {
  if (!issue.message.startsWith("Invalid ")) return issue.message;
  return `must be ${issue.expected ?? `a ${issue.type}`}, not ${shorten(issue.received)}`;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
