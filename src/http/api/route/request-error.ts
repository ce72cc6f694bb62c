/** One thing wrong with a request; `pointer` is a JSON pointer into the body, or names a parameter where `in` says so. */

export type RequestError = {
  pointer: string;
  code: string;
  detail: string;
  in?: "query" | "path" | "header";
};
