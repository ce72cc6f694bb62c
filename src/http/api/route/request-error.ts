/** One error in a request; `pointer` is a JSON pointer into the body, or names a parameter if `in` says so. */

export type RequestError = {
  pointer: string;
  code: string;
  detail: string;
  in?: "query" | "path" | "header";
};
