import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { GenericSchema } from "valibot";
import type { Right, Role } from "../../../admin/roles.ts";
import type { ApiEnv, AuditRule } from "./api-env.ts";
import type { ProblemSlug } from "./problem.ts";

/**
 * What the middlewares on a route line say about the route. Each records its part here when it is created; the OpenAPI
 * description, the audit log and the tests read the parts together, so there is no second list to keep.
 */
export type RoutePart = {
  summary?: string;
  detail?: string;
  tag?: string;
  role?: Role;
  /** Is enough with any role. */
  right?: Right;
  query?: GenericSchema;
  path?: GenericSchema;
  body?: GenericSchema;
  /** None counts as an empty one. */
  bodyIsOptional?: boolean;
  /** Content types whose bytes are taken unchanged, besides or instead of JSON. */
  rawTypes?: readonly string[];
  headers?: readonly { name: string; description: string }[];
  answers?: Answers;
  /** Headers of the answer 200, as the description has them. */
  answerHeaders?: Readonly<Record<string, object>>;
  /** Content types of answers that are no JSON, or not only: type -> what it is. */
  answerTypes?: Readonly<Record<string, string>>;
  problems?: readonly ProblemSlug[];
  /** The fields of this answer that its entity tag is made of, where the body of its PUT does not name them. */
  tagged?: readonly string[];
  audit?: AuditRule;
};

/** Status -> the body: a schema, or a sentence if there is no JSON body. */
export type Answers = Readonly<Record<number, GenericSchema | string>>;

const parts = new WeakMap<object, RoutePart>();

/** A middleware that also says what it does to a route. */
export function telling<Handler extends object>(part: RoutePart, handler: Handler): Handler {
  parts.set(handler, part);
  return handler;
}

/** Everything that the handlers of one route line say. */
export function routeOf(handlers: readonly object[]): RoutePart {
  const told = handlers.map((handler) => parts.get(handler) ?? {});
  const problems = told.flatMap((part) => part.problems ?? []);
  const headers = told.flatMap((part) => part.headers ?? []);
  return { ...Object.assign({}, ...told), problems, headers };
}

/** The route that answers this request, without what only its description needs. */
export const routeOfRequest = (c: Context): Omit<RoutePart, "problems" | "headers"> =>
  Object.assign({}, ...matchedRoutes(c).map(({ handler }) => parts.get(handler)));

/** Says what a route is for and how it answers. Every route of the API has one. */
export const describeRoute = (
  summary: string,
  answers: Answers,
  more: Pick<RoutePart, "detail" | "tag" | "problems" | "audit" | "answerTypes" | "tagged"> = {},
): MiddlewareHandler<ApiEnv> =>
  telling(
    { summary, answers, ...more },
    createMiddleware<ApiEnv>((_c, next) => next()),
  );
