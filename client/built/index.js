// `edgemdm/client`: the API for programs (docs/client.md).
export { Client, } from "./client.js";
export { ProblemError, StrangeAnswerError, UnreachableError } from "./errors.js";
