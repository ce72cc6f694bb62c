export type { Bytes, Operations, Schemas } from "../api.d.ts";
export { type AnyOrder, Client, type ClientOptions, type Listed, type ListPath, type Method, } from "./client.js";
export { type ProblemDetails, ProblemError, StrangeAnswerError, UnreachableError } from "./errors.js";
