// `edgemdm/client`: the API for programs (docs/client.md).

export type { Bytes, Operations, Schemas } from "../api.d.ts";
export {
  type AnyOrder,
  Client,
  type ClientOptions,
  type Listed,
  type ListPath,
  type Method,
} from "./client.ts";
export { type ProblemDetails, ProblemError, StrangeAnswerError, UnreachableError } from "./errors.ts";
